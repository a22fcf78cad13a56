import type { PartyErrorCode, PartyJoinPolicy } from '../schema.generated.ts';

/** A party as its rules see it: locked, and active. */
export interface PartyState {
  readonly leaderId: string;
  readonly joinPolicy: PartyJoinPolicy;
  readonly maxMembers: number;
  /** Longest-standing first. */
  readonly memberIds: readonly string[];
}

const isMember = (party: PartyState, playerId: string) => party.memberIds.includes(playerId);

export function mayLead(party: PartyState, actorId: string): PartyErrorCode | null {
  return party.leaderId === actorId ? null : 'NOT_LEADER';
}

/** Of a party that is open to the player, or has invited them; for others there is none. */
export function mayJoin(party: PartyState, playerId: string): PartyErrorCode | null {
  if (isMember(party, playerId)) return 'ALREADY_A_MEMBER';
  if (party.memberIds.length >= party.maxMembers) return 'PARTY_FULL';
  return null;
}

export function mayKick(party: PartyState, actorId: string, playerId: string): PartyErrorCode | null {
  if (party.leaderId !== actorId) return 'NOT_LEADER';
  if (playerId === actorId) return 'CANNOT_KICK_SELF';
  return isMember(party, playerId) ? null : 'NOT_A_MEMBER';
}

export function mayTransfer(party: PartyState, actorId: string, playerId: string): PartyErrorCode | null {
  if (party.leaderId !== actorId) return 'NOT_LEADER';
  if (playerId === actorId) return 'ALREADY_LEADER';
  return isMember(party, playerId) ? null : 'NOT_A_MEMBER';
}

/** Everyone chooses for themself, the leader for anyone. */
export function maySetRole(party: PartyState, actorId: string, playerId: string): PartyErrorCode | null {
  if (actorId !== playerId && party.leaderId !== actorId) return 'NOT_LEADER';
  return isMember(party, playerId) ? null : 'NOT_A_MEMBER';
}

/** What a member's leaving means for the party. */
export type Departure =
  | { readonly kind: 'GOES_ON' }
  | { readonly kind: 'NEW_LEADER'; readonly leaderId: string }
  | { readonly kind: 'DISBANDS' };

/** The leader leaves: the longest-standing member leads. The last one leaves: the party disbands. */
export function departure(party: PartyState, playerId: string): Departure {
  const successor = party.memberIds.find((memberId) => memberId !== playerId);
  if (successor === undefined) return { kind: 'DISBANDS' };
  return party.leaderId === playerId ? { kind: 'NEW_LEADER', leaderId: successor } : { kind: 'GOES_ON' };
}
