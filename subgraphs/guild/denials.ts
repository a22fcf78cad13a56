import { Denial } from '@fellowship/command';
import type { GuildErrorCode } from './schema.generated.ts';

/** What people read for each rule that says no. One place, so that one wording serves every mutation. */
const messages: Readonly<Record<GuildErrorCode, string>> = {
  ALREADY_A_MEMBER: 'The player is a member of the guild already',
  ALREADY_LEADER: 'The player leads the guild already',
  GUILD_FULL: 'The guild has as many members as it takes',
  GUILD_NOT_FOUND: 'No such guild',
  IDEMPOTENCY_KEY_REUSED: 'This idempotency key was used for something else',
  INVALID_INPUT: 'A value is outside its limits',
  INVITE_EXPIRED: 'The invite has expired',
  INVITE_NOT_FOUND: 'No such invite',
  INVITE_USED_UP: 'As many players joined with the invite as may',
  LEADERSHIP_IS_TRANSFERRED: 'Nobody is promoted to LEADER: leadership is transferred',
  LOWEST_RANK: 'The member has the lowest rank already',
  MEMBER_NOT_BELOW_YOU: 'The member’s rank is not below yours',
  MISSING_PERMISSION: 'Your rank does not carry the permission',
  NAME_TAKEN: 'A guild of the community has this name already',
  NOT_A_MEMBER: 'The player is not a member of the guild',
  NOT_IN_COMMUNITY: 'You are not in the community',
  NOT_LEADER: 'Only the leader may do this',
  PERMISSION_NOT_HELD: 'The rank carries a permission that yours does not',
  RANK_NOT_BELOW_YOU: 'The rank is not below yours',
  RANK_NOT_FOUND: 'The guild has no such rank',
  SLUG_TAKEN: 'A guild of the community has this slug already',
  SUCCESSOR_REQUIRED: 'A leader who leaves names another member to lead',
};

/** Throws the denial of a rule's code. */
export function deny(code: GuildErrorCode, path?: readonly string[]): never {
  throw new Denial(code, messages[code], path);
}

/** Throws when a rule said no; rules answer a code, or null for yes. */
export function denyIf(code: GuildErrorCode | null): void {
  if (code !== null) deny(code);
}
