import { activityTables } from '@fellowship/activity';
import { commandTable } from '@fellowship/command';
import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  pgSchema,
  primaryKey,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

/** What the party subgraph owns. Every key leads with the tenant; row level security adds it to every read. */
export const party = pgSchema('party');

export const partyStatus = party.enum('party_status', ['ACTIVE', 'DISBANDED']);
export const partyJoinPolicy = party.enum('party_join_policy', ['INVITE_ONLY', 'OPEN']);
export const partyRole = party.enum('party_role', ['TANK', 'HEALER', 'DPS']);
export const partyInviteStatus = party.enum('party_invite_status', [
  'PENDING',
  'ACCEPTED',
  'DECLINED',
  'CANCELLED',
  'EXPIRED',
]);

export const parties = party.table(
  'parties',
  {
    tenantId: tenantId(),
    id: uuid().notNull(),
    /** A member for as long as the party is active; then null. */
    leaderId: uuid('leader_id'),
    status: partyStatus().notNull().default('ACTIVE'),
    joinPolicy: partyJoinPolicy('join_policy').notNull(),
    maxMembers: integer('max_members').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    check('parties_max_members', sql`${table.maxMembers} between 2 and 5`),
    check('parties_leader', sql`(${table.status} = 'ACTIVE') = (${table.leaderId} is not null)`),
  ],
);

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

export const invites = party.table(
  'invites',
  {
    tenantId: tenantId(),
    /** UUID version 7: the order of ids is the order of time. */
    id: uuid().notNull(),
    partyId: uuid('party_id').notNull(),
    playerId: uuid('player_id').notNull(),
    inviterId: uuid('inviter_id').notNull(),
    /** As last written. One that is PENDING past `expiresAt` has expired. */
    status: partyInviteStatus().notNull().default('PENDING'),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    uniqueIndex('invites_one_pending')
      .on(table.tenantId, table.partyId, table.playerId)
      .where(sql`${table.status} = 'PENDING'`),
    index('invites_of_player')
      .on(table.tenantId, table.playerId, table.id)
      .where(sql`${table.status} = 'PENDING'`),
  ],
);

export const { activity, heads, relays } = activityTables(party);
export const commands = commandTable(party);
