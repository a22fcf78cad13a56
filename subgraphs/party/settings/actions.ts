import { eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { denyIf } from '../denials.ts';
import { partyLog } from '../events.ts';
import { mayLead } from '../membership/rules.ts';
import { enterParty } from '../membership/state.ts';
import type { PartyUpdateInput } from '../schema.generated.ts';
import { parties } from '../tables/index.ts';
import { mayTake } from './rules.ts';
import { goalFrom, maxMembersFrom, noteFrom } from './values.ts';

/** Changes what is given and leaves the rest. Returns the party's id. */
export const updateParty = (context: Context, input: PartyUpdateInput): Promise<string> =>
  context.command('partyUpdate', input, async (tx) => {
    const party = await enterParty(tx, input.partyId, context.viewer.playerId);
    denyIf(mayLead(party, context.viewer.playerId));
    const { joinPolicy, maxMembers, goal, note } = input;
    const next = {
      joinPolicy: joinPolicy ?? party.joinPolicy,
      maxMembers: maxMembersFrom(maxMembers ?? party.maxMembers),
      goal: goal === undefined ? party.goal : goalFrom(context.activities, goal),
      note: note === undefined ? party.note : noteFrom(note),
    };
    denyIf(mayTake(party, next.maxMembers), ['maxMembers']);
    const changed = (Object.keys(next) as (keyof typeof next)[]).some((key) => next[key] !== party[key]);
    if (!changed) return party.id;
    await tx.db.update(parties).set(next).where(eq(parties.id, party.id));
    const { note: _, ...told } = next;
    tx.emit({ type: 'party:updated', subject: partyLog(party.id), data: { partyId: party.id, ...told } });
    return party.id;
  });
