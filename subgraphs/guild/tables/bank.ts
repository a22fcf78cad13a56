import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { bigint, check, date, foreignKey, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytewise } from './columns.ts';
import { guilds } from './guilds.ts';
import { guild } from './schema.ts';

/** Made with the bank's first movement. */
export const banks = guild.table(
  'banks',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    /** In the currency's smallest unit. */
    currency: bigint({ mode: 'bigint' }).notNull(),
    /** How many entries the ledger has, and so the number of the last one. */
    entries: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    check('banks_currency', sql`${table.currency} >= 0`),
  ],
);

export const bankTabs = guild.table(
  'bank_tabs',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    id: uuid().notNull(),
    name: text().notNull(),
    nameKey: text('name_key').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    uniqueIndex('bank_tabs_one_name').on(table.tenantId, table.guildId, table.nameKey),
  ],
);

/** What is in a tab now; a kind of item that is gone has no row. */
export const bankItems = guild.table(
  'bank_items',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    tabId: uuid('tab_id').notNull(),
    key: bytewise().notNull(),
    quantity: bigint({ mode: 'bigint' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId, table.tabId, table.key] }),
    foreignKey({
      name: 'bank_items_tab',
      columns: [table.tenantId, table.guildId, table.tabId],
      foreignColumns: [bankTabs.tenantId, bankTabs.guildId, bankTabs.id],
    }),
    check('bank_items_quantity', sql`${table.quantity} > 0`),
  ],
);

/** Every movement of the bank, numbered without gaps. Append-only: the database refuses anything else. */
export const bankLedger = guild.table(
  'bank_ledger',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    sequence: bigint({ mode: 'number' }).notNull(),
    playerId: uuid('player_id').notNull(),
    /** Null, as is the item's key: a movement of currency. */
    tabId: uuid('tab_id'),
    itemKey: text('item_key'),
    /** Deposits above zero, withdrawals below. */
    amount: bigint({ mode: 'bigint' }).notNull(),
    /** What there was of it afterwards. */
    balance: bigint({ mode: 'bigint' }).notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId, table.sequence] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [banks.tenantId, banks.guildId] }),
    check('bank_ledger_item', sql`(${table.tabId} is null) = (${table.itemKey} is null)`),
    check('bank_ledger_amount', sql`${table.amount} <> 0`),
    check('bank_ledger_balance', sql`${table.balance} >= 0 and ${table.balance} >= ${table.amount}`),
  ],
);

/** What a player withdrew on a UTC day, which the limits are held against whatever rank they had. */
export const bankWithdrawals = guild.table(
  'bank_withdrawals',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    playerId: uuid('player_id').notNull(),
    day: date({ mode: 'string' }).notNull(),
    currency: bigint({ mode: 'bigint' }).notNull(),
    items: bigint({ mode: 'bigint' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId, table.playerId, table.day] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [banks.tenantId, banks.guildId] }),
  ],
);
