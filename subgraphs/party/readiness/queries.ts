import { query, type Reads } from '@fellowship/postgres';
import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { isOwn } from '../membership/queries.ts';
import { parentId, parents } from '../paging.ts';
import type { ReadyAnswerRow, ReadyCheckRow } from '../rows.ts';
import { isOpen, readyAnswers, readyChecks } from '../tables/index.ts';
import { statusAt } from './rules.ts';

const columns = {
  id: readyChecks.id,
  partyId: readyChecks.partyId,
  starterId: readyChecks.starterId,
  status: readyChecks.status,
  startedAt: readyChecks.startedAt,
  expiresAt: readyChecks.expiresAt,
  finishedAt: readyChecks.finishedAt,
};

/** As it is now: nobody needs to have written down yet that its time is over. */
function atOnce(row: ReadyCheckRow, now: Date): ReadyCheckRow {
  const status = statusAt(row, now);
  return status === row.status ? row : { ...row, status, finishedAt: row.expiresAt };
}

const visible = query('ready_checks_visible', (db) =>
  db
    .select(columns)
    .from(readyChecks)
    .where(
      and(sql`${readyChecks.id} = any(${sql.placeholder('ids')}::uuid[])`, isOwn(db, readyChecks.partyId)),
    ),
);

/** Those of the ready checks that the viewer may see, those of their party, as they are now. */
export async function visibleReadyChecks(
  reads: Reads,
  { now, ...by }: { ids: readonly string[]; viewerId: string; now: Date },
): Promise<ReadyCheckRow[]> {
  return (await reads.run(visible, by)).map((row) => atOnce(row, now));
}

const latest = query('ready_checks_latest', (db) => {
  const readyCheck = db
    .select(columns)
    .from(readyChecks)
    .where(eq(readyChecks.partyId, parentId))
    .orderBy(desc(readyChecks.id))
    .limit(1)
    .as('ready_check');
  return db.select(readyCheck._.selectedFields).from(parents).crossJoinLateral(readyCheck);
});

/** Each party's latest ready check as it is now. Asks nobody's leave, like all below. */
export async function latestReadyChecks(
  reads: Reads,
  { partyIds, now }: { partyIds: readonly string[]; now: Date },
): Promise<ReadyCheckRow[]> {
  return (await reads.run(latest, { parentIds: partyIds })).map((row) => atOnce(row, now));
}

const open = query('ready_check_open', (db) =>
  db
    .select(columns)
    .from(readyChecks)
    .where(and(eq(readyChecks.partyId, sql.placeholder('partyId')), isOpen(readyChecks))),
);

/** A party's ready check that is open as last written, its time over or not. */
export async function openReadyCheck(reads: Reads, partyId: string): Promise<ReadyCheckRow | null> {
  const [readyCheck = null] = await reads.run(open, { partyId });
  return readyCheck;
}

const answers = query('answers_of_ready_checks', (db) =>
  db
    .select({
      readyCheckId: readyAnswers.readyCheckId,
      playerId: readyAnswers.playerId,
      place: readyAnswers.place,
      answer: readyAnswers.answer,
      answeredAt: readyAnswers.answeredAt,
    })
    .from(readyAnswers)
    .where(sql`${readyAnswers.readyCheckId} = any(${sql.placeholder('readyCheckIds')}::uuid[])`)
    .orderBy(asc(readyAnswers.place)),
);

/** Whom the ready checks ask and what they answered, longest-standing first. */
export const answersOfReadyChecks = (
  reads: Reads,
  readyCheckIds: readonly string[],
): Promise<ReadyAnswerRow[]> => reads.run(answers, { readyCheckIds });
