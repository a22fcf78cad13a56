import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { LootRounds } from '../loot/rules.ts';
import { isRolling } from './conditions.ts';
import { lootSettings, partyLootMode, partyLootQuality } from './loot-settings.ts';
import { parties } from './parties.ts';
import { party } from './schema.ts';

export const partyLootItemStatus = party.enum('party_loot_item_status', [
  'ROLLING',
  'UNASSIGNED',
  'FREE',
  'AWARDED',
]);

export const partyLootVote = party.enum('party_loot_vote', ['NEED', 'GREED', 'PASS']);

export const lootDrops = party.table(
  'loot_drops',
  {
    tenantId: tenantId(),
    /** UUID version 7: the order of ids is the order of time. */
    id: uuid().notNull(),
    partyId: uuid('party_id').notNull(),
    /** The reporting service's. The key is the rule: reported twice, a drop is one drop. */
    reportId: text('report_id').notNull(),
    source: text().notNull(),
    ...lootSettings(),
    /** SHA-256 of the seed, hexadecimal. */
    commitment: text().notNull(),
    /** 32 bytes, hexadecimal. A secret until `revealedAt`: only what resolves rolls reads it before. */
    seed: text().notNull(),
    /** When nothing was left to roll for. */
    revealedAt: moment('revealed_at'),
    droppedAt: moment('dropped_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    uniqueIndex('loot_drops_one_report').on(table.tenantId, table.partyId, table.reportId),
    index('loot_drops_of_party').on(table.tenantId, table.partyId, table.id),
  ],
);

export const lootItems = party.table(
  'loot_items',
  {
    tenantId: tenantId(),
    id: uuid().notNull(),
    dropId: uuid('drop_id').notNull(),
    partyId: uuid('party_id').notNull(),
    /** Its place in the report. */
    place: integer().notNull(),
    itemKey: text('item_key').notNull(),
    name: text().notNull(),
    quality: partyLootQuality().notNull(),
    /** How this item is given out: as the drop's, or FREE_FOR_ALL below its threshold. */
    mode: partyLootMode().notNull(),
    status: partyLootItemStatus().notNull(),
    /** Until when players vote, where they do. */
    rollsUntil: moment('rolls_until'),
    /** Every round of dice: the first, then one a tie. */
    rounds: jsonb().$type<LootRounds>().notNull().default([]),
    winnerId: uuid('winner_id'),
    awardedAt: moment('awarded_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({
      columns: [table.tenantId, table.dropId],
      foreignColumns: [lootDrops.tenantId, lootDrops.id],
    }),
    index('loot_items_of_drop').on(table.tenantId, table.dropId, table.place),
    index('loot_items_rolling').on(table.tenantId, table.partyId).where(isRolling(table)),
    check('loot_items_winner', sql`(${table.status} = 'AWARDED') = (${table.winnerId} is not null)`),
  ],
);

/** Who may have an item: the members at the drop, as far as the report lets them. The key is the rule: one vote. */
export const lootCandidates = party.table(
  'loot_candidates',
  {
    tenantId: tenantId(),
    itemId: uuid('item_id').notNull(),
    playerId: uuid('player_id').notNull(),
    mayNeed: boolean('may_need').notNull(),
    vote: partyLootVote(),
    /** Went from the party while the item was rolled for, and lost the vote. */
    left: boolean().notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.itemId, table.playerId] }),
    foreignKey({
      columns: [table.tenantId, table.itemId],
      foreignColumns: [lootItems.tenantId, lootItems.id],
    }),
  ],
);
