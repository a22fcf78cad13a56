import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { isWaiting } from './conditions.ts';
import { parties } from './parties.ts';
import { party } from './schema.ts';

export const partyQueueStatus = party.enum('party_queue_status', ['WAITING', 'MATCHED', 'LEFT']);

/** A party's times in the queue. */
export const queueEntries = party.table(
  'queue_entries',
  {
    tenantId: tenantId(),
    /** UUID version 7: the order of ids is the order of time. */
    id: uuid().notNull(),
    partyId: uuid('party_id').notNull(),
    /** The key of the activity it waits for. */
    activity: text().notNull(),
    status: partyQueueStatus().notNull().default('WAITING'),
    /** The matchmaker's own. */
    matchId: text('match_id'),
    enteredAt: moment('entered_at').notNull(),
    endedAt: moment('ended_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    index('queue_entries_of_party').on(table.tenantId, table.partyId, table.id),
    uniqueIndex('queue_entries_one_waiting').on(table.tenantId, table.partyId).where(isWaiting(table)),
    uniqueIndex('queue_entries_one_match').on(table.tenantId, table.partyId, table.matchId),
    check('queue_entries_match', sql`(${table.status} = 'MATCHED') = (${table.matchId} is not null)`),
    check('queue_entries_end', sql`(${table.status} = 'WAITING') = (${table.endedAt} is null)`),
  ],
);
