import { type MemberState, mayActOn } from '../ranks/rules.ts';
import type { GuildErrorCode } from '../schema.generated.ts';

/** A guild as its rules see it: locked. */
export interface GuildState {
  readonly memberCount: number;
  readonly maxMembers: number;
}

/** `member`: the player's membership, if there is one. */
export function mayJoin(guild: GuildState, member: MemberState | null): GuildErrorCode | null {
  if (member !== null) return 'ALREADY_A_MEMBER';
  return guild.memberCount < guild.maxMembers ? null : 'GUILD_FULL';
}

/** A leader who leaves is followed by another member; anyone else just goes. */
export function mayLeave(actor: MemberState | null, successor: MemberState | null): GuildErrorCode | null {
  if (actor === null) return 'NOT_A_MEMBER';
  if (!leads(actor)) return null;
  return successor === null || successor.playerId === actor.playerId ? 'SUCCESSOR_REQUIRED' : null;
}

export function mayTransfer(actor: MemberState | null, target: MemberState | null): GuildErrorCode | null {
  if (actor === null || !leads(actor)) return 'NOT_LEADER';
  if (target === null) return 'NOT_A_MEMBER';
  return target.playerId === actor.playerId ? 'ALREADY_LEADER' : null;
}

export function mayKick(actor: MemberState | null, target: MemberState | null): GuildErrorCode | null {
  return mayActOn(actor, target, 'KICK');
}

/** What officers say of a member is for officers, of those below them. */
export function mayNote(actor: MemberState | null, target: MemberState | null): GuildErrorCode | null {
  return mayActOn(actor, target, 'OFFICER_CHAT');
}

const leads = ({ rank }: MemberState) => rank.kind === 'LEADER';
