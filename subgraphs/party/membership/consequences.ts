import type { Tx } from '../context.ts';
import { forfeitRolls, settleRolls } from '../loot/settle.ts';
import { abandonQuests } from '../quests/actions.ts';
import { takeOutOfQueue } from '../queue/actions.ts';
import { cancelReadyCheck, dropFromReadyCheck } from '../readiness/actions.ts';
import type { OpenInParty } from './queries.ts';

// What else happens when the members of a party change: in the same transaction, told after the change itself.

/** A member came, went or plays another role. */
export async function onMembersChanged(tx: Tx, partyId: string): Promise<void> {
  await takeOutOfQueue(tx, partyId, 'MEMBERS_CHANGED');
}

/** A member left or was kicked, and the party, in which `open` is, goes on. */
export async function onMemberGone(
  tx: Tx,
  partyId: string,
  playerId: string,
  open: OpenInParty,
): Promise<void> {
  if (open.rolls) await forfeitRolls(tx, partyId, playerId);
  if (open.readyCheck) await dropFromReadyCheck(tx, partyId, playerId);
  if (open.wait) await onMembersChanged(tx, partyId);
}

/** The party disbands: what is open in it ends. Its members are gone already. */
export async function onDisband(tx: Tx, partyId: string): Promise<void> {
  await settleRolls(tx, partyId, true);
  await abandonQuests(tx, partyId);
  await cancelReadyCheck(tx, partyId);
  await takeOutOfQueue(tx, partyId, 'DISBANDED');
}
