import { integer, uuid } from 'drizzle-orm/pg-core';
import { party } from './schema.ts';

export const partyLootMode = party.enum('party_loot_mode', [
  'NEED_GREED',
  'PERSONAL',
  'MASTER_LOOTER',
  'FREE_FOR_ALL',
]);

/** In order of worth. */
export const partyLootQuality = party.enum('party_loot_quality', [
  'POOR',
  'COMMON',
  'UNCOMMON',
  'RARE',
  'EPIC',
  'LEGENDARY',
]);

/** How loot is given out; copied to each drop, which keeps what it dropped under. */
export const lootSettings = () => ({
  lootMode: partyLootMode('loot_mode').notNull().default('NEED_GREED'),
  /** Items below it are free for all. */
  lootThreshold: partyLootQuality('loot_threshold').notNull().default('UNCOMMON'),
  /** As the leader chose; null, or no longer a member: the leader. */
  masterLooterId: uuid('master_looter_id'),
  rollSeconds: integer('roll_seconds').notNull().default(60),
});
