import { lacks, type MemberState } from '../ranks/rules.ts';
import type { GuildErrorCode } from '../schema.generated.ts';

/** `target`: the player's membership, if there is one; strangers can be banned too. */
export function mayBan(
  actor: MemberState | null,
  target: MemberState | null,
  isBanned: boolean,
): GuildErrorCode | null {
  if (actor === null || lacks(actor, 'KICK')) return 'MISSING_PERMISSION';
  if (target !== null && target.rank.level >= actor.rank.level) return 'MEMBER_NOT_BELOW_YOU';
  return isBanned ? 'ALREADY_BANNED' : null;
}

export function mayUnban(actor: MemberState | null, isBanned: boolean): GuildErrorCode | null {
  return lacks(actor, 'KICK') ?? (isBanned ? null : 'NOT_BANNED');
}
