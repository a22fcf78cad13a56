import type { GuildState } from '../membership/rules.ts';
import { lacks, type MemberState } from '../ranks/rules.ts';
import type { GuildErrorCode } from '../schema.generated.ts';

/** The most members a guild may take. */
export const largestGuild = 1_000;

/** A player founds guilds in their own communities, as their token lists them. */
export function mayFound(communities: readonly string[], communityId: string): GuildErrorCode | null {
  return communities.includes(communityId) ? null : 'NOT_IN_COMMUNITY';
}

export function mayEdit(actor: MemberState | null): GuildErrorCode | null {
  return lacks(actor, 'EDIT_INFO');
}

export function mayArchive(actor: MemberState | null): GuildErrorCode | null {
  return lacks(actor, 'DISBAND');
}

/** `actor`: null unless the guild is archived. To whom may not restore it, it does not exist. */
export function mayRestore(actor: MemberState | null): GuildErrorCode | null {
  return lacks(actor, 'DISBAND') && 'GUILD_NOT_FOUND';
}

/** A guild takes 1 to 1,000 members, and no fewer than it has. */
export function mayTake(guild: Pick<GuildState, 'memberCount'>, maxMembers: number): GuildErrorCode | null {
  return maxMembers >= guild.memberCount && maxMembers <= largestGuild ? null : 'INVALID_INPUT';
}
