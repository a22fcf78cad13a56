import type { Page } from '@fellowship/pagination';
import { query, type Reads } from '@fellowship/postgres';
import { and, asc, desc, eq, lt, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { entitled } from '../guilds/visibility.ts';
import type { BankDiscrepancyRow, BankEntryRow, BankItemRow, BankRow, BankTabRow } from '../rows.ts';
import { bankItems, bankLedger, banks, bankTabs, bankWithdrawals, guilds, members } from '../tables/index.ts';

const mine = alias(members, 'mine');

interface Asked {
  readonly viewerId: string;
  readonly guildIds: readonly string[];
}

const big = (value: SQL) => sql<bigint>`${value}`.mapWith(BigInt);
/** Per guild and viewer: what the bank holds, and what the viewer withdrew on a day. Nothing to who is no member. */
const ofGuilds = query('banks_of_guilds', (db) =>
  db
    .select({
      guildId: mine.guildId,
      currency: big(sql`coalesce(${banks.currency}, 0)`),
      withdrawnCurrency: big(sql`coalesce(${bankWithdrawals.currency}, 0)`),
      withdrawnItems: big(sql`coalesce(${bankWithdrawals.items}, 0)`),
    })
    .from(mine)
    .leftJoin(banks, eq(banks.guildId, mine.guildId))
    .leftJoin(
      bankWithdrawals,
      and(
        eq(bankWithdrawals.guildId, mine.guildId),
        eq(bankWithdrawals.playerId, mine.playerId),
        eq(bankWithdrawals.day, sql.placeholder('day')),
      ),
    )
    .where(
      and(
        sql`${mine.guildId} = any(${sql.placeholder('guildIds')}::uuid[])`,
        eq(mine.playerId, sql.placeholder('viewerId')),
        entitled(db, mine.guildId, 'READ'),
      ),
    ),
);

export const banksOfGuilds = (reads: Reads, by: Asked & { day: string }): Promise<BankRow[]> =>
  reads.run(ofGuilds, { ...by });

const tabs = query('bank_tabs_of_guilds', (db) =>
  db
    .select({
      guildId: bankTabs.guildId,
      id: bankTabs.id,
      name: bankTabs.name,
      createdAt: bankTabs.createdAt,
    })
    .from(bankTabs)
    .where(
      and(
        sql`${bankTabs.guildId} = any(${sql.placeholder('guildIds')}::uuid[])`,
        entitled(db, bankTabs.guildId, 'READ'),
      ),
    )
    .orderBy(asc(bankTabs.id)),
);

/** All tabs of the guilds, where the viewer is a member; oldest first. */
export const tabsOfGuilds = (reads: Reads, by: Asked): Promise<BankTabRow[]> => reads.run(tabs, { ...by });

const items = query('bank_items_of_tabs', (db) =>
  db
    .select({ tabId: bankItems.tabId, key: bankItems.key, quantity: bankItems.quantity })
    .from(bankItems)
    .where(
      and(
        sql`(${bankItems.guildId}, ${bankItems.tabId}) in (select * from unnest(
          ${sql.placeholder('guildIds')}::uuid[], ${sql.placeholder('tabIds')}::uuid[]))`,
        entitled(db, bankItems.guildId, 'READ'),
      ),
    )
    .orderBy(asc(bankItems.key)),
);

/** What lies in the tabs, by key. */
export const itemsOfTabs = (
  reads: Reads,
  by: { viewerId: string; tabs: readonly { readonly guildId: string; readonly id: string }[] },
): Promise<BankItemRow[]> =>
  reads.run(items, {
    viewerId: by.viewerId,
    guildIds: by.tabs.map(({ guildId }) => guildId),
    tabIds: by.tabs.map(({ id }) => id),
  });

const entryColumns = {
  guildId: bankLedger.guildId,
  sequence: bankLedger.sequence,
  playerId: bankLedger.playerId,
  tabId: bankLedger.tabId,
  itemKey: bankLedger.itemKey,
  amount: bankLedger.amount,
  balance: bankLedger.balance,
  createdAt: bankLedger.createdAt,
};

const ledger = query('bank_ledger_of_guilds', (db) => {
  // Drizzle gives a column of a subquery by its bare name, so it has one that no table here has.
  const ofThese = db
    .select({ id: sql<string>`guild`.as('guild') })
    .from(sql`unnest(${sql.placeholder('guildIds')}::uuid[]) as asked(guild)`)
    .as('of_these');
  const page = db
    .select(entryColumns)
    .from(bankLedger)
    .where(
      and(
        eq(bankLedger.guildId, ofThese.id),
        lt(bankLedger.sequence, sql.placeholder('before')),
        entitled(db, bankLedger.guildId, 'READ'),
      ),
    )
    .orderBy(desc(bankLedger.sequence))
    .limit(sql.placeholder('limit'))
    .as('page');
  return db
    .select({
      guildId: page.guildId,
      sequence: page.sequence,
      playerId: page.playerId,
      tabId: page.tabId,
      itemKey: page.itemKey,
      amount: page.amount,
      balance: page.balance,
      createdAt: page.createdAt,
    })
    .from(ofThese)
    .innerJoinLateral(page, sql`true`)
    .orderBy(desc(page.sequence));
});

/** The same page of each guild's ledger, newest first, and one more row where there is a next page. */
export const ledgerOfGuilds = (
  reads: Reads,
  { page, ...by }: Asked & { page: Page },
): Promise<BankEntryRow[]> =>
  reads.run(ledger, { ...by, before: page.after?.[0] ?? Number.MAX_SAFE_INTEGER, limit: page.first + 1 });

const entries = query('bank_entries_by_keys', (db) =>
  db
    .select(entryColumns)
    .from(bankLedger)
    .where(
      and(
        sql`(${bankLedger.guildId}, ${bankLedger.sequence}) in (select * from unnest(
          ${sql.placeholder('guildIds')}::uuid[], ${sql.placeholder('sequences')}::bigint[]))`,
        entitled(db, bankLedger.guildId, 'READ'),
      ),
    ),
);

/** An entry of a guild's ledger, named by both. */
export interface EntryKey {
  readonly guildId: string;
  readonly sequence: number;
}

export const entriesByKeys = (
  reads: Reads,
  { keys, viewerId }: { viewerId: string; keys: readonly EntryKey[] },
): Promise<BankEntryRow[]> =>
  reads.run(entries, {
    viewerId,
    guildIds: keys.map(({ guildId }) => guildId),
    sequences: keys.map(({ sequence }) => sequence),
  });

/** What is moved: currency, or items of one kind in a tab. */
export interface Holding {
  readonly guildId: string;
  readonly tabId: string | null;
  readonly itemKey: string | null;
}

const stock = query('bank_stock', (db) => {
  const [guildId, tabId, key] = [
    sql`${sql.placeholder('guildId')}::uuid`,
    sql`${sql.placeholder('tabId')}::uuid`,
    sql`${sql.placeholder('itemKey')}::text`,
  ];
  const inTab = sql`${bankItems} where ${bankItems.guildId} = ${guildId} and ${bankItems.tabId} = ${tabId}`;
  return db
    .select({
      balance: big(sql`case when ${tabId} is null
        then coalesce((select ${banks.currency} from ${banks} where ${banks.guildId} = ${guildId}), 0)
        else coalesce((select ${bankItems.quantity} from ${inTab} and ${bankItems.key} = ${key}), 0) end`),
      kinds: sql<number>`(select count(*)::int from ${inTab})`,
      hasTab: sql<boolean>`exists (select from ${bankTabs}
        where ${bankTabs.guildId} = ${guildId} and ${bankTabs.id} = ${tabId})`,
    })
    .from(sql`(select 1) as t`);
});

/** What a locked guild's bank holds of something, whoever asks. */
export async function stockOf(
  tx: Reads,
  holding: Holding,
): Promise<{ balance: bigint; kinds: number; hasTab: boolean }> {
  const [row] = await tx.run(stock, { ...holding });
  if (!row) throw new Error('A select without a table gave no row');
  return row;
}

const withdrawn = query('bank_withdrawn', (db) =>
  db
    .select({ currency: bankWithdrawals.currency, items: bankWithdrawals.items })
    .from(bankWithdrawals)
    .where(
      and(
        eq(bankWithdrawals.guildId, sql.placeholder('guildId')),
        eq(bankWithdrawals.playerId, sql.placeholder('playerId')),
        eq(bankWithdrawals.day, sql.placeholder('day')),
      ),
    ),
);

/** What a player withdrew from a guild's bank on a day (`2031-05-04`). */
export async function withdrawnOn(
  tx: Reads,
  by: { guildId: string; playerId: string; day: string },
): Promise<{ currency: bigint; items: bigint }> {
  const [row] = await tx.run(withdrawn, by);
  return row ?? { currency: 0n, items: 0n };
}

/** The most discrepancies that are told. */
const mostTold = 100;

const reconciliation = query('bank_reconciliation', (db) => {
  // By name: Drizzle leaves the table out where a statement selects from one alone.
  const guildId = sql`guilds.id`;
  const amounts = sql`
    select null::uuid as tab_id, null::text as item_key, currency as held, 0 as ledger
      from ${banks} where guild_id = ${guildId}
    union all select tab_id, key, quantity, 0 from ${bankItems} where guild_id = ${guildId}
    union all select tab_id, item_key, 0, amount from ${bankLedger} where guild_id = ${guildId}`;
  return db
    .select({
      guildId: guilds.id,
      entryCount: sql<number>`(select count(*)::int from ${bankLedger} where guild_id = ${guildId})`,
      discrepancies: sql<BankDiscrepancyRow[]>`(select coalesce(jsonb_agg(found.row), '[]') from (
        select jsonb_build_object('guildId', ${guildId}, 'tabId', tab_id, 'itemKey', item_key,
          'held', sum(held)::text, 'ledger', sum(ledger)::text) as row
        from (${amounts}) as amounts group by tab_id, item_key having sum(held) <> sum(ledger)
        limit ${sql.raw(String(mostTold))}) as found)`,
    })
    .from(guilds)
    .where(
      and(
        sql`${guilds.id} = any(${sql.placeholder('guildIds')}::uuid[])`,
        entitled(db, guilds.id, 'MANAGE_BANK'),
      ),
    );
});

/** Adds up the whole ledger of each guild whose bank the viewer manages: as long as the ledger. */
export const reconciliationOf = (reads: Reads, by: Asked) => reads.run(reconciliation, { ...by });
