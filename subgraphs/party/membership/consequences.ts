import type { Tx } from '../context.ts';
import { forfeitRolls, settleRolls } from '../loot/settle.ts';
import { abandonQuests } from '../quests/actions.ts';
import { takeOutOfQueue } from '../queue/actions.ts';
import { cancelReadyCheck, dropFromReadyCheck } from '../readiness/actions.ts';
import type { LockedParty } from './state.ts';

// What else happens when the members of a party change: in the same transaction, told after the change itself.

/** A member came, went or plays another role. */
export async function onMembersChanged(tx: Tx, partyId: string): Promise<void> {
  await takeOutOfQueue(tx, partyId, 'MEMBERS_CHANGED');
}

/** A member left or was kicked, and the party goes on. `party` is as it was with them. */
export async function onMemberGone(tx: Tx, party: LockedParty, playerId: string): Promise<void> {
  await forfeitRolls(tx, party.id, playerId);
  await dropFromReadyCheck(tx, party.id, playerId);
  await onMembersChanged(tx, party.id);
}

/** The party disbands: what is open in it ends. Its members are gone already. */
export async function onDisband(tx: Tx, partyId: string): Promise<void> {
  await settleRolls(tx, partyId, true);
  await abandonQuests(tx, partyId);
  await cancelReadyCheck(tx, partyId);
  await takeOutOfQueue(tx, partyId, 'DISBANDED');
}
