import { idOf } from '@fellowship/graphql';
import { and, eq } from 'drizzle-orm';
import type { Context, Tx } from '../context.ts';
import type { EndByItself } from '../deadlines/deadline.ts';
import { setDeadline } from '../deadlines/schedule.ts';
import { deny, denyIf } from '../denials.ts';
import { partyLog } from '../events.ts';
import { mayLead } from '../membership/rules.ts';
import { enterParty, enterPartyOf } from '../membership/state.ts';
import type { ReadyCheckRow } from '../rows.ts';
import type {
  PartyReadyCheckRespondInput,
  PartyReadyCheckStartInput,
  PartyReadyCheckStatus,
} from '../schema.generated.ts';
import { readyAnswers, readyChecks } from '../tables/index.ts';
import { numberFrom } from '../texts.ts';
import { answersOfReadyChecks, openReadyCheck, visibleReadyChecks } from './queries.ts';
import { mayRespond, outcomeOf, statusAt } from './rules.ts';

/** How long a ready check can be answered, in seconds. */
const usualSeconds = 30;
const seconds = [5, 300] as const;

/** Asks all members. Returns the ready check's id, here and below. */
export const startReadyCheck = (context: Context, input: PartyReadyCheckStartInput): Promise<string> =>
  context.command('partyReadyCheckStart', input, async (tx) => {
    const { playerId: starterId } = context.viewer;
    const party = await enterParty(tx, input.partyId, starterId);
    denyIf(mayLead(party, starterId));
    const lifetime = numberFrom(input.seconds ?? usualSeconds, seconds, ['seconds']) * 1_000;
    if (await stillOpen(tx, party.id)) deny('READY_CHECK_OPEN');
    const id = context.newId();
    const expiresAt = new Date(tx.now.getTime() + lifetime);
    await tx.db
      .insert(readyChecks)
      .values({ id, partyId: party.id, starterId, startedAt: tx.now, expiresAt });
    await tx.db.insert(readyAnswers).values(
      party.memberIds.map((playerId, place) => ({
        readyCheckId: id,
        playerId,
        place,
        // Who asks is ready.
        ...(playerId === starterId && { answer: 'READY' as const, answeredAt: tx.now }),
      })),
    );
    await setDeadline(tx, { kind: 'READY_CHECK', id, partyId: party.id, dueAt: expiresAt });
    const data = { partyId: party.id, readyCheckId: id };
    tx.emit({ type: 'party:ready-check-started', subject: partyLog(party.id), data });
    await finishIfAnswered(tx, { id, partyId: party.id });
    return id;
  });

export const respondToReadyCheck = (context: Context, input: PartyReadyCheckRespondInput): Promise<string> =>
  context.command('partyReadyCheckRespond', input, async (tx) => {
    const { playerId } = context.viewer;
    const { answer } = input;
    const id = idOf(input.readyCheckId) ?? deny('READY_CHECK_NOT_FOUND');
    const find = () => visibleReadyChecks(tx, { ids: [id], viewerId: playerId, now: tx.now });
    const { party, thing: readyCheck } = await enterPartyOf(tx, find, 'READY_CHECK_NOT_FOUND');
    denyIf(mayRespond(readyCheck.status, await answersOfReadyChecks(tx, [id]), playerId));
    await tx.db
      .update(readyAnswers)
      .set({ answer, answeredAt: tx.now })
      .where(and(eq(readyAnswers.readyCheckId, id), eq(readyAnswers.playerId, playerId)));
    const data = { partyId: party.id, readyCheckId: id, playerId, answer };
    tx.emit({ type: 'party:ready-check-answered', subject: partyLog(party.id), data });
    await finishIfAnswered(tx, readyCheck);
    return id;
  });

/** A ready check's deadline. */
export const expireReadyCheck: EndByItself = async (tx, party) => {
  await stillOpen(tx, party.id);
};

/** Who has gone is not asked any more; that may be all it waited for. */
export async function dropFromReadyCheck(tx: Tx, partyId: string, playerId: string): Promise<void> {
  const readyCheck = await stillOpen(tx, partyId);
  if (!readyCheck) return;
  await tx.db
    .delete(readyAnswers)
    .where(and(eq(readyAnswers.readyCheckId, readyCheck.id), eq(readyAnswers.playerId, playerId)));
  await finishIfAnswered(tx, readyCheck);
}

/** A party that disbands asks nobody any more. */
export async function cancelReadyCheck(tx: Tx, partyId: string): Promise<void> {
  const readyCheck = await stillOpen(tx, partyId);
  if (readyCheck) await finish(tx, readyCheck, 'CANCELLED');
}

/** A party's open ready check. Of one whose time is over it first writes down that it is, which nobody did. */
async function stillOpen(tx: Tx, partyId: string): Promise<ReadyCheckRow | null> {
  const readyCheck = await openReadyCheck(tx, partyId);
  if (!readyCheck || statusAt(readyCheck, tx.now) === 'OPEN') return readyCheck;
  const { id, expiresAt } = readyCheck;
  await tx.db
    .update(readyChecks)
    .set({ status: 'FAILED', finishedAt: expiresAt })
    .where(eq(readyChecks.id, id));
  tx.emit({
    type: 'party:ready-check-finished',
    subject: partyLog(partyId),
    byItself: true,
    data: { partyId, readyCheckId: id, status: 'FAILED' },
  });
  return null;
}

type Open = Pick<ReadyCheckRow, 'id' | 'partyId'>;

async function finishIfAnswered(tx: Tx, readyCheck: Open): Promise<void> {
  const outcome = outcomeOf(await answersOfReadyChecks(tx, [readyCheck.id]));
  if (outcome) await finish(tx, readyCheck, outcome);
}

async function finish(
  tx: Tx,
  { id, partyId }: Open,
  status: Exclude<PartyReadyCheckStatus, 'OPEN'>,
): Promise<void> {
  await tx.db.update(readyChecks).set({ status, finishedAt: tx.now }).where(eq(readyChecks.id, id));
  const data = { partyId, readyCheckId: id, status };
  tx.emit({ type: 'party:ready-check-finished', subject: partyLog(partyId), data });
}
