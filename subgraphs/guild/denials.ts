import { Denial } from '@fellowship/command';
import type { GuildErrorCode } from './schema.generated.ts';

/** What people read for each rule that says no. One place, so that one wording serves every mutation. */
const messages: Readonly<Record<GuildErrorCode, string>> = {
  ALREADY_APPLIED: 'You have an application that waits for an answer',
  ALREADY_A_MEMBER: 'The player is a member of the guild already',
  ALREADY_BANNED: 'The player is banned already',
  ALREADY_LEADER: 'The player leads the guild already',
  AMOUNT_NEGATIVE: 'The amount is below zero',
  AMOUNT_TOO_LARGE: 'The amount is more than 9223372036854775807',
  AMOUNT_ZERO: 'The amount is zero',
  APPLICATION_DECIDED: 'The application was answered or withdrawn already',
  APPLICATION_NOT_FOUND: 'No such application',
  BALANCE_TOO_HIGH: 'The bank can’t hold that much more',
  BALANCE_TOO_LOW: 'The bank does not hold that much',
  BANK_TAB_FULL: 'The tab has as many kinds of items as it takes',
  BANK_TAB_NAME_TAKEN: 'A tab of the guild has this name already',
  BANK_TAB_NOT_FOUND: 'The guild has no such tab',
  CHANNEL_CLOSED: 'Your rank does not have this channel',
  DAILY_LIMIT_REACHED: 'That is more than your rank may withdraw in a day',
  DESTINATION_IS_DELETED: 'Members of a deleted rank go to another one',
  EVENT_NOT_FOUND: 'No such event',
  GUILD_FULL: 'The guild has as many members as it takes',
  GUILD_NOT_FOUND: 'No such guild',
  IDEMPOTENCY_KEY_REUSED: 'This idempotency key was used for something else',
  INVALID_INPUT: 'A value is outside its limits',
  INVITE_EXPIRED: 'The invite has expired',
  INVITE_NOT_FOUND: 'No such invite',
  INVITE_USED_UP: 'As many players joined with the invite as may',
  LEADERSHIP_IS_TRANSFERRED: 'Nobody is promoted to LEADER: leadership is transferred',
  LEADER_RANK_FIXED: 'The rank LEADER stays as it is',
  LOWEST_RANK: 'The member has the lowest rank already',
  MEMBER_NOT_BELOW_YOU: 'The member’s rank is not below yours',
  MESSAGE_NOT_FOUND: 'No such message',
  MISSING_PERMISSION: 'Your rank does not carry the permission',
  NAME_TAKEN: 'A guild of the community has this name already',
  NOT_A_MEMBER: 'The player is not a member of the guild',
  NOT_BANNED: 'The player is not banned',
  NOT_IN_COMMUNITY: 'You are not in the community',
  NOT_LEADER: 'Only the leader may do this',
  NOT_RECRUITING: 'The guild does not look for members',
  OCCURRENCE_NOT_FOUND: 'The event does not take place then',
  OCCURRENCE_OVER: 'It is over',
  PERMISSION_NOT_HELD: 'The rank carries a permission that yours does not',
  POST_NOT_FOUND: 'No such post',
  RANK_LEVEL_TAKEN: 'Another rank stands on this level',
  RANK_NAME_TAKEN: 'Another rank has this name',
  RANK_NOT_BELOW_YOU: 'The rank is not below yours',
  RANK_NOT_FOUND: 'The guild has no such rank',
  RECURRENCE_INVALID: 'That is no rule that begins with the event’s start',
  RECURRENCE_TOO_FREQUENT: 'Events repeat daily at most',
  SLUG_TAKEN: 'A guild of the community has this slug already',
  STALE_VERSION: 'It was edited since the version you started from',
  SUCCESSOR_REQUIRED: 'A leader who leaves names another member to lead, or archives the guild',
  SYSTEM_RANK: 'A system rank keeps its level and is not deleted',
  TIME_ZONE_UNKNOWN: 'No such time zone',
  TOO_MANY_BANK_TABS: 'The guild has as many tabs as it may',
  TOO_MANY_EVENTS: 'The guild has as many recurring events as it may',
  TOO_MANY_RANKS: 'The guild has as many ranks of its own as it may',
};

/** Throws the denial of a rule's code. */
export function deny(code: GuildErrorCode, path?: readonly string[]): never {
  throw new Denial(code, messages[code], path);
}

/** Throws when a rule said no; rules answer a code, or null for yes. */
export function denyIf(code: GuildErrorCode | null): void {
  if (code !== null) deny(code);
}
