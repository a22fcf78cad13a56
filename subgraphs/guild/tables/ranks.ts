import { tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  doublePrecision,
  foreignKey,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { guilds } from './guilds.ts';
import { guild } from './schema.ts';

export const guildRankKind = guild.enum('guild_rank_kind', [
  'LEADER',
  'OFFICER',
  'VETERAN',
  'MEMBER',
  'RECRUIT',
]);

export const guildPermission = guild.enum('guild_permission', [
  'READ',
  'MEMBERS_READ',
  'PAGE_READ',
  'CHAT',
  'BANK_DEPOSIT',
  'INVITE',
  'BANK_WITHDRAW',
  'KICK',
  'REVIEW_APPLICATIONS',
  'OFFICER_CHAT',
  'MODERATE_CHAT',
  'PAGE_EDIT',
  'NEWS_CREATE',
  'MANAGE_EVENTS',
  'READ_AUDIT',
  'PROMOTE',
  'MANAGE_RANKS',
  'MANAGE_BANK',
  'EDIT_INFO',
  'DISBAND',
]);

export const ranks = guild.table(
  'ranks',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    id: uuid().notNull(),
    /** LEADER 5 to RECRUIT 1. A guild's own ranks have fractions between, so system levels never move. */
    level: doublePrecision().notNull(),
    name: text().notNull(),
    /** Null: one of the guild's own. */
    kind: guildRankKind(),
    permissions: guildPermission().array().notNull(),
    /** How much currency a holder may withdraw in a UTC day. Null: no limit. */
    bankCurrencyLimit: bigint('bank_currency_limit', { mode: 'bigint' }),
    /** The same for items of all kinds together. */
    bankItemLimit: bigint('bank_item_limit', { mode: 'bigint' }),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    uniqueIndex('ranks_one_level').on(table.tenantId, table.guildId, table.level),
    uniqueIndex('ranks_one_kind').on(table.tenantId, table.guildId, table.kind),
    check('ranks_level', sql`${table.level} between 1 and 5`),
  ],
);
