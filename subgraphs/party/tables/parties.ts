import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { joinable, membersOf } from './conditions.ts';
import { lootSettings } from './loot-settings.ts';
import { party } from './schema.ts';

export const partyStatus = party.enum('party_status', ['ACTIVE', 'DISBANDED']);

export const partyJoinPolicy = party.enum('party_join_policy', ['INVITE_ONLY', 'OPEN']);

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
    ...lootSettings(),
    /** The key of the activity it is for. */
    goal: text(),
    note: text(),
    /** Its members by what they play, counted again whenever one comes, goes or changes: the finder's filter. */
    tanks: integer().notNull().default(0),
    healers: integer().notNull().default(0),
    dps: integer().notNull().default(0),
    undecided: integer().notNull().default(0),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    check('parties_max_members', sql`${table.maxMembers} between 2 and 5`),
    check('parties_room', sql`${membersOf(table)} <= ${table.maxMembers}`),
    index('parties_joinable').on(table.tenantId, table.id).where(joinable(table)),
    index('parties_joinable_for').on(table.tenantId, table.goal, table.id).where(joinable(table)),
    check('parties_leader', sql`(${table.status} = 'ACTIVE') = (${table.leaderId} is not null)`),
  ],
);
