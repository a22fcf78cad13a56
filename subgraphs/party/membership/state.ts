import { idOf } from '@fellowship/graphql';
import type { Tx } from '../context.ts';
import { deny } from '../denials.ts';
import { lockParty, membersOfParties } from './queries.ts';
import type { PartyState } from './rules.ts';

/** An active party and its members, locked. */
export interface LockedParty extends PartyState {
  readonly id: string;
}

/**
 * Locks a party for a command. Every command on a party begins here, so commands on one party take turns, and
 * what the rules see is what will be changed. Null when there is none, or when it has disbanded.
 */
export async function lockActiveParty(tx: Tx, partyId: string): Promise<LockedParty | null> {
  const party = await lockParty(tx, partyId);
  if (!party || party.leaderId === null) return null;
  const members = await membersOfParties(tx, [partyId]);
  const { id, leaderId, joinPolicy, maxMembers } = party;
  return { id, leaderId, joinPolicy, maxMembers, memberIds: members.map(({ playerId }) => playerId) };
}

/**
 * Locks a party that the actor is in, or that others may see as well when `sees` says so. PARTY_NOT_FOUND for
 * all the rest, whether it exists or not.
 */
export async function enterParty(
  tx: Tx,
  partyId: string,
  actorId: string,
  sees: (party: PartyState) => boolean = () => false,
): Promise<LockedParty> {
  const id = idOf(partyId);
  const party = id === null ? null : await lockActiveParty(tx, id);
  if (!party || !(party.memberIds.includes(actorId) || sees(party))) deny('PARTY_NOT_FOUND');
  return party;
}
