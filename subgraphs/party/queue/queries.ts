import { query, type Reads } from '@fellowship/postgres';
import { and, desc, eq, or, sql } from 'drizzle-orm';
import { isOwn } from '../membership/queries.ts';
import { parentId, parents } from '../paging.ts';
import type { QueueEntryRow } from '../rows.ts';
import { isWaiting, queueEntries } from '../tables/index.ts';

const columns = {
  id: queueEntries.id,
  partyId: queueEntries.partyId,
  activity: queueEntries.activity,
  status: queueEntries.status,
  matchId: queueEntries.matchId,
  enteredAt: queueEntries.enteredAt,
  endedAt: queueEntries.endedAt,
};

const visible = query('queue_entries_visible', (db) =>
  db
    .select(columns)
    .from(queueEntries)
    .where(
      and(
        sql`${queueEntries.id} = any(${sql.placeholder('ids')}::uuid[])`,
        or(sql`${sql.placeholder('any')}::boolean`, isOwn(db, queueEntries.partyId)),
      ),
    ),
);

/** Those of the entries that the viewer may see: those of their party, or with `any` all there are. */
export const visibleQueueEntries = (
  reads: Reads,
  by: { ids: readonly string[]; viewerId: string; any: boolean },
): Promise<QueueEntryRow[]> => reads.run(visible, by);

const latest = query('queue_entries_latest', (db) => {
  const entry = db
    .select(columns)
    .from(queueEntries)
    .where(eq(queueEntries.partyId, parentId))
    .orderBy(desc(queueEntries.id))
    .limit(1)
    .as('entry');
  return db.select(entry._.selectedFields).from(parents).crossJoinLateral(entry);
});

/** Each party's latest entry. Asks nobody's leave, like all below. */
export const latestQueueEntries = (reads: Reads, partyIds: readonly string[]): Promise<QueueEntryRow[]> =>
  reads.run(latest, { parentIds: partyIds });

const waiting = query('queue_entry_waiting', (db) =>
  db
    .select(columns)
    .from(queueEntries)
    .where(and(eq(queueEntries.partyId, sql.placeholder('partyId')), isWaiting(queueEntries))),
);

/** The entry with which a party waits. */
export async function waitingEntry(reads: Reads, partyId: string): Promise<QueueEntryRow | null> {
  const [entry = null] = await reads.run(waiting, { partyId });
  return entry;
}

const ofMatch = query('queue_entry_of_match', (db) =>
  db
    .select(columns)
    .from(queueEntries)
    .where(
      and(
        eq(queueEntries.partyId, sql.placeholder('partyId')),
        eq(queueEntries.matchId, sql.placeholder('matchId')),
      ),
    ),
);

/** The entry for which a match was found. */
export async function entryOfMatch(
  reads: Reads,
  by: { partyId: string; matchId: string },
): Promise<QueueEntryRow | null> {
  const [entry = null] = await reads.run(ofMatch, by);
  return entry;
}

const end = query('queue_wait_end', (db) =>
  db
    .update(queueEntries)
    .set({ status: 'LEFT', endedAt: sql`${sql.placeholder('now')}::timestamptz` })
    .where(and(eq(queueEntries.partyId, sql.placeholder('partyId')), isWaiting(queueEntries)))
    .returning({ entryId: queueEntries.id, activity: queueEntries.activity }),
);

/** Ends a party's wait without a match; null when it does not wait. */
export async function endWait(
  tx: Reads,
  by: { partyId: string; now: Date },
): Promise<{ entryId: string; activity: string } | null> {
  const [entry = null] = await tx.run(end, by);
  return entry;
}
