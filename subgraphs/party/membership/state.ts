import { idOf } from '@fellowship/graphql';
import type { Tx } from '../context.ts';
import { deny } from '../denials.ts';
import type { MemberRow, PartyRow } from '../rows.ts';
import type { PartyErrorCode } from '../schema.generated.ts';
import { lockParty, membersOfParties } from './queries.ts';
import type { PartyState } from './rules.ts';

/** An active party and its members, locked. */
export interface LockedParty extends PartyState, Omit<PartyRow, keyof PartyState> {
  /** Longest-standing first. */
  readonly members: readonly MemberRow[];
}

/**
 * Locks a party for a command. Every command on a party begins here, so commands on one party take turns, and
 * what the rules see is what will be changed. Null when there is none, or when it has disbanded.
 */
export async function lockActiveParty(tx: Tx, partyId: string): Promise<LockedParty | null> {
  const [party, members] = await Promise.all([lockParty(tx, partyId), membersOfParties(tx, [partyId])]);
  if (!party || party.leaderId === null) return null;
  const { leaderId } = party;
  return { ...party, leaderId, members, memberIds: members.map(({ playerId }) => playerId) };
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

/**
 * Locks the party that something belongs to (a message, a quest) and reads the thing again behind the lock. `find`
 * gives only what the actor may see; the denial is `code` for all that is not there.
 */
export async function enterPartyOf<Thing extends { readonly partyId: string }>(
  tx: Tx,
  find: () => Promise<readonly Thing[]>,
  code: PartyErrorCode,
): Promise<{ party: LockedParty; thing: Thing }> {
  const [before] = await find();
  if (!before) deny(code);
  const [party, [thing]] = await Promise.all([lockActiveParty(tx, before.partyId), find()]);
  if (!party || !thing) deny(code);
  return { party, thing };
}
