import { moment, tenantId } from '@fellowship/postgres';
import { bigint, foreignKey, index, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { parties } from './parties.ts';
import { party } from './schema.ts';

export const partyRole = party.enum('party_role', ['TANK', 'HEALER', 'DPS']);

/** Current members; who leaves is deleted. The key is the rule: one active party a player. */
export const members = party.table(
  'members',
  {
    tenantId: tenantId(),
    playerId: uuid('player_id').notNull(),
    partyId: uuid('party_id').notNull(),
    role: partyRole(),
    joinedAt: moment('joined_at').notNull(),
    /** Who joined before whom: two can join in the same millisecond, but not at once (the party is locked). */
    standing: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
  },
  (table) => [
    primaryKey({ name: 'members_one_party', columns: [table.tenantId, table.playerId] }),
    foreignKey({ columns: [table.tenantId, table.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    index('members_of_party').on(table.tenantId, table.partyId, table.standing),
  ],
);
