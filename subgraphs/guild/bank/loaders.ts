import { type Makers, many, one } from '@fellowship/graphql';
import { paged } from '@fellowship/pagination';
import DataLoader from 'dataloader';
import type { Scope } from '../loaders.ts';
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
export const bankLoaders = {
  bank: ({ reads, viewerId, now }) =>
    new DataLoader<string, BankRow | null>(async (guildIds) =>
      one(
        guildIds,
        await banksOfGuilds(reads, { viewerId, guildIds, day: dayOf(now) }),
        ({ guildId }) => guildId,
      ),
    ),
  /** A bank's tabs, oldest first. */
  bankTabsOf: ({ reads, viewerId }) =>
    new DataLoader<string, BankTabRow[]>(async (guildIds) =>
      many(guildIds, await tabsOfGuilds(reads, { viewerId, guildIds }), ({ guildId }) => guildId),
    ),
  /** What lies in a tab, by key. */
  bankItemsOf: ({ reads, viewerId }) =>
    new DataLoader<Pick<BankTabRow, 'guildId' | 'id'>, BankItemRow[], string>(
      async (tabs) =>
        many(
          tabs.map(({ id }) => id),
          await itemsOfTabs(reads, { viewerId, tabs }),
          ({ tabId }) => tabId,
        ),
      { cacheKeyFn: ({ id }) => id },
    ),
  /** A page of a ledger, newest first. */
  bankLedgerOf: ({ reads, viewerId }) =>
    paged<BankEntryRow>(async (guildIds, page) =>
      many(guildIds, await ledgerOfGuilds(reads, { viewerId, guildIds, page }), ({ guildId }) => guildId),
    ),
  bankEntry: ({ reads, viewerId }) =>
    new DataLoader<EntryKey, BankEntryRow | null, string>(
      async (keys) => one(keys.map(nameOf), await entriesByKeys(reads, { viewerId, keys }), nameOf),
      { cacheKeyFn: nameOf },
    ),
  reconciliation: ({ reads, viewerId }) =>
    new DataLoader<string, Reconciliation | null>(async (guildIds) =>
      one(guildIds, await reconciliationOf(reads, { viewerId, guildIds }), ({ guildId }) => guildId),
    ),
} satisfies Makers<Scope>;

type Reconciliation = Awaited<ReturnType<typeof reconciliationOf>>[number];

const nameOf = ({ guildId, sequence }: EntryKey) => `${guildId} ${sequence}`;
