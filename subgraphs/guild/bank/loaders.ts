import { Loader, many, one } from '@fellowship/graphql';
import { paged } from '@fellowship/pagination';
import type { Reads } from '@fellowship/postgres';
import type { BankEntryRow, BankItemRow, BankRow, BankTabRow } from '../rows.ts';
import { dayOf } from './days.ts';
import {
  banksOfGuilds,
  type EntryKey,
  entriesByKeys,
  itemsOfTabs,
  ledgerOfGuilds,
  reconciliationOf,
  tabsOfGuilds,
} from './queries.ts';

/** What the viewer may see of banks. */
export function bankLoaders(reads: Reads, viewerId: string, now: Date) {
  return {
    bank: new Loader<string, BankRow | null>(async (guildIds) =>
      one(
        guildIds,
        await banksOfGuilds(reads, { viewerId, guildIds, day: dayOf(now) }),
        ({ guildId }) => guildId,
      ),
    ),
    /** A bank's tabs, oldest first. */
    bankTabsOf: new Loader<string, BankTabRow[]>(async (guildIds) =>
      many(guildIds, await tabsOfGuilds(reads, { viewerId, guildIds }), ({ guildId }) => guildId),
    ),
    /** What lies in a tab, by key. */
    bankItemsOf: new Loader<Pick<BankTabRow, 'guildId' | 'id'>, BankItemRow[], string>(
      async (tabs) =>
        many(
          tabs.map(({ id }) => id),
          await itemsOfTabs(reads, { viewerId, tabs }),
          ({ tabId }) => tabId,
        ),
      { cacheKeyFn: ({ id }) => id },
    ),
    /** A page of a ledger, newest first. */
    bankLedgerOf: paged<BankEntryRow>(async (guildIds, page) =>
      many(guildIds, await ledgerOfGuilds(reads, { viewerId, guildIds, page }), ({ guildId }) => guildId),
    ),
    bankEntry: new Loader<EntryKey, BankEntryRow | null, string>(
      async (keys) => one(keys.map(nameOf), await entriesByKeys(reads, { viewerId, keys }), nameOf),
      { cacheKeyFn: nameOf },
    ),
    reconciliation: new Loader<string, Reconciliation | null>(async (guildIds) =>
      one(guildIds, await reconciliationOf(reads, { viewerId, guildIds }), ({ guildId }) => guildId),
    ),
  };
}

type Reconciliation = Awaited<ReturnType<typeof reconciliationOf>>[number];

const nameOf = ({ guildId, sequence }: EntryKey) => `${guildId} ${sequence}`;
