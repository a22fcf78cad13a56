import type { PartyState } from '../membership/rules.ts';
import type { PartyErrorCode, PartyInviteStatus } from '../schema.generated.ts';

/** How long an invitation can be accepted, in milliseconds. */
export const inviteLifetime = 5 * 60_000;

/** A pending invitation is still pending at its last millisecond, and expired from then on. */
export function inviteStatus(
  invite: { readonly status: PartyInviteStatus; readonly expiresAt: Date },
  now: Date,
): PartyInviteStatus {
  return invite.status === 'PENDING' && invite.expiresAt <= now ? 'EXPIRED' : invite.status;
}

/** Whether the party has room is asked when the player accepts: it may have changed by then. */
export function mayInvite(
  party: PartyState,
  actorId: string,
  playerId: string,
  pending: boolean,
): PartyErrorCode | null {
  if (party.leaderId !== actorId) return 'NOT_LEADER';
  if (party.memberIds.includes(playerId)) return 'ALREADY_A_MEMBER';
  return pending ? 'ALREADY_INVITED' : null;
}

/** Whether an invitation can still be answered or taken back. */
export function mayAnswer(status: PartyInviteStatus): PartyErrorCode | null {
  if (status === 'EXPIRED') return 'INVITE_EXPIRED';
  return status === 'PENDING' ? null : 'INVITE_NOT_FOUND';
}
