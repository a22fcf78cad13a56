import { idOf } from '@fellowship/graphql';
import { eq } from 'drizzle-orm';
import { missingRoles } from '../composition/rules.ts';
import type { Commander, Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { partyLog } from '../events.ts';
import { mayLead } from '../membership/rules.ts';
import { enterParty, lockActiveParty } from '../membership/state.ts';
import type {
  PartyMatchReportInput,
  PartyQueueEnterInput,
  PartyQueueLeaveInput,
  PartyQueueLeaveReason,
} from '../schema.generated.ts';
import { queueEntries } from '../tables/index.ts';
import { lineFrom } from '../texts.ts';
import { endWait, entryOfMatch, waitingEntry } from './queries.ts';
import { inWords, mayEnter, mayMatch } from './rules.ts';

/** The longest name of a match, in characters. */
const longestMatchId = 200;

/** Enters the queue. Returns the entry's id, here and below. */
export const enterQueue = (context: Context, input: PartyQueueEnterInput): Promise<string> =>
  context.command('partyQueueEnter', input, async (tx) => {
    const { playerId } = context.viewer;
    const party = await enterParty(tx, input.partyId, playerId);
    denyIf(mayLead(party, playerId));
    const activity = input.activity ?? party.goal ?? deny('ACTIVITY_NOT_FOUND', ['activity']);
    const requirement = context.activities.get(activity) ?? deny('ACTIVITY_NOT_FOUND', ['activity']);
    const missing = missingRoles(party, requirement);
    const code = mayEnter((await waitingEntry(tx, party.id)) !== null, missing);
    if (code === 'COMPOSITION_INCOMPLETE') deny(code, ['activity'], `: ${inWords(missing)}`);
    denyIf(code);
    const id = context.newId();
    await tx.db.insert(queueEntries).values({ id, partyId: party.id, activity, enteredAt: tx.now });
    const members = party.members.map(({ playerId, role }) => ({ playerId, role }));
    tx.emit({
      type: 'party:queue-entered',
      subject: partyLog(party.id),
      data: { partyId: party.id, entryId: id, activity, members },
    });
    return id;
  });

export const leaveQueue = (context: Context, input: PartyQueueLeaveInput): Promise<string> =>
  context.command('partyQueueLeave', input, async (tx) => {
    const party = await enterParty(tx, input.partyId, context.viewer.playerId);
    denyIf(mayLead(party, context.viewer.playerId));
    return (await takeOutOfQueue(tx, party.id, 'LEADER')) ?? deny('NOT_QUEUED');
  });

/**
 * Ends a wait with the match that was found; the same match once more changes nothing. Whoever calls has asked
 * whether they may: a service, or the bus (`matchmaking:match-found`).
 */
export const reportMatch = (context: Commander, input: PartyMatchReportInput): Promise<string> =>
  context.command('partyMatchReport', input, async (tx) => {
    const matchId = lineFrom(input.matchId, longestMatchId, ['matchId']);
    const partyId = idOf(input.partyId);
    const party = partyId === null ? null : await lockActiveParty(tx, partyId);
    if (!party) deny('PARTY_NOT_FOUND', ['partyId']);
    const earlier = await entryOfMatch(tx, { partyId: party.id, matchId });
    if (earlier) return earlier.id;
    const entry = await waitingEntry(tx, party.id);
    denyIf(mayMatch(entry?.id ?? null, input.entryId?.toLowerCase() ?? null));
    if (!entry) deny('NOT_QUEUED');
    await tx.db
      .update(queueEntries)
      .set({ status: 'MATCHED', matchId, endedAt: tx.now })
      .where(eq(queueEntries.id, entry.id));
    tx.emit({
      type: 'party:match-found',
      subject: partyLog(party.id),
      byItself: true,
      data: { partyId: party.id, entryId: entry.id, activity: entry.activity, matchId },
    });
    return entry.id;
  });

/** Ends a wait without a match. Returns the entry's id; null when the party does not wait. */
export async function takeOutOfQueue(
  tx: Tx,
  partyId: string,
  reason: PartyQueueLeaveReason,
): Promise<string | null> {
  const entry = await endWait(tx, { partyId, now: tx.now });
  if (!entry) return null;
  tx.emit({ type: 'party:queue-left', subject: partyLog(partyId), data: { partyId, ...entry, reason } });
  return entry.entryId;
}
