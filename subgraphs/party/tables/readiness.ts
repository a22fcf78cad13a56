import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, primaryKey, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { isOpen } from './conditions.ts';
import { parties } from './parties.ts';
import { party } from './schema.ts';

export const partyReadyCheckStatus = party.enum('party_ready_check_status', [
  'OPEN',
  'PASSED',
  'FAILED',
  'CANCELLED',
]);

export const partyReadyAnswer = party.enum('party_ready_answer', ['READY', 'NOT_READY']);

export const readyChecks = party.table(
  'ready_checks',
  {
    tenantId: tenantId(),
    /** UUID version 7: the order of ids is the order of time. */
    id: uuid().notNull(),
    partyId: uuid('party_id').notNull(),
    starterId: uuid('starter_id').notNull(),
    /** As last written. One that is OPEN past `expiresAt` has failed. */
    status: partyReadyCheckStatus().notNull().default('OPEN'),
    startedAt: moment('started_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    finishedAt: moment('finished_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    index('ready_checks_of_party').on(table.tenantId, table.partyId, table.id),
    uniqueIndex('ready_checks_one_open').on(table.tenantId, table.partyId).where(isOpen(table)),
    check('ready_checks_finish', sql`(${table.status} = 'OPEN') = (${table.finishedAt} is null)`),
  ],
);

/** Whom a ready check asks: the members there were when it started and have not gone since. */
export const readyAnswers = party.table(
  'ready_answers',
  {
    tenantId: tenantId(),
    readyCheckId: uuid('ready_check_id').notNull(),
    playerId: uuid('player_id').notNull(),
    /** The member's place in the party, from 0, longest-standing first. */
    place: integer().notNull(),
    /** Null until answered. */
    answer: partyReadyAnswer(),
    answeredAt: moment('answered_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.readyCheckId, table.playerId] }),
    foreignKey({
      columns: [table.tenantId, table.readyCheckId],
      foreignColumns: [readyChecks.tenantId, readyChecks.id],
    }),
    check('ready_answers_answered', sql`(${table.answer} is null) = (${table.answeredAt} is null)`),
  ],
);
