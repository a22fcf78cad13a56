import { lacks, type MemberState, mayGrant, type RankState } from '../ranks/rules.ts';
import type { GuildErrorCode, GuildInviteStatus } from '../schema.generated.ts';

/** An invite as its rules see it. */
export interface InviteState {
  readonly uses: number;
  /** Null: any number. */
  readonly maxUses: number | null;
  /** Null: never. */
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

/** The most uses that an invite may be limited to. */
export const mostUses = 10_000;

/** An invite lets players in until just before it expires. What the guild did counts before what time did. */
export function inviteStatus(invite: InviteState, now: Date): GuildInviteStatus {
  if (invite.revokedAt !== null) return 'REVOKED';
  if (invite.maxUses !== null && invite.uses >= invite.maxUses) return 'USED_UP';
  return invite.expiresAt !== null && invite.expiresAt <= now ? 'EXPIRED' : 'OPEN';
}

/** `rank`: what players get with the invite; null when the guild has no such rank. */
export function mayInvite(actor: MemberState | null, rank: RankState | null): GuildErrorCode | null {
  if (actor === null || lacks(actor, 'INVITE')) return 'MISSING_PERMISSION';
  return rank === null ? 'RANK_NOT_FOUND' : mayGrant(actor, rank);
}

/** To whom may not invite, invites do not exist. One that is over can still be revoked, once. */
export function mayRevoke(actor: MemberState | null, status: GuildInviteStatus): GuildErrorCode | null {
  return lacks(actor, 'INVITE') || status === 'REVOKED' ? 'INVITE_NOT_FOUND' : null;
}

/**
 * Whether an invite still lets players in. It carries its creator's right to give that rank, and no longer than
 * they have it: who was kicked or demoted finds no way back in by a code of their own.
 */
export function mayUse(
  status: GuildInviteStatus,
  creator: MemberState | null,
  rank: RankState,
): GuildErrorCode | null {
  switch (status) {
    case 'OPEN':
      return mayInvite(creator, rank) === null ? null : 'INVITE_NOT_FOUND';
    case 'USED_UP':
      return 'INVITE_USED_UP';
    case 'EXPIRED':
      return 'INVITE_EXPIRED';
    case 'REVOKED':
      return 'INVITE_NOT_FOUND';
  }
}
