import { Denial } from '@fellowship/command';
import type { PartyErrorCode } from './schema.generated.ts';

/** What people read for each rule that says no. One place, so that one wording serves every mutation. */
const messages: Readonly<Record<PartyErrorCode, string>> = {
  ACTIVITY_NOT_FOUND: 'No such activity',
  ALREADY_A_MEMBER: 'The player is a member of the party already',
  ALREADY_ANSWERED: 'You have answered already',
  ALREADY_AWARDED: 'The item has an owner already',
  ALREADY_IN_PARTY: 'The player is in a party already',
  ALREADY_INVITED: 'An invitation of the player is pending already',
  ALREADY_LEADER: 'The player leads the party already',
  ALREADY_QUEUED: 'The party is in the queue already',
  ALREADY_ROLLED: 'You have voted on this item already',
  CANNOT_KICK_SELF: 'A leader leaves or disbands the party instead of kicking themself',
  COMPOSITION_INCOMPLETE: 'The party lacks roles that the activity takes',
  IDEMPOTENCY_KEY_REUSED: 'This idempotency key was used for something else',
  INVALID_INPUT: 'A value is outside its limits',
  INVITE_EXPIRED: 'The invitation has expired',
  INVITE_NOT_FOUND: 'No such invitation',
  LOOT_NOT_FOUND: 'No such item',
  MESSAGE_DELETED: 'The message was deleted already',
  MESSAGE_NOT_FOUND: 'No such message',
  NEED_FORBIDDEN: 'You may not vote NEED for this item',
  NOT_A_MEMBER: 'The player is not a member of the party',
  NOT_ASKED: 'The ready check began before you joined',
  NOT_ASSIGNABLE: 'The item is not one that the master looter assigns',
  NOT_AUTHOR: 'Only the author or the leader may do this',
  NOT_ELIGIBLE: 'The player may not have this item',
  NOT_FREE: 'The item is not free',
  NOT_LEADER: 'Only the leader may do this',
  NOT_MASTER_LOOTER: 'Only the master looter may do this',
  NOT_QUEUED: 'The party is not in the queue',
  NOT_SHARER: 'Only who shared the quest or the leader may do this',
  OBJECTIVE_NOT_FOUND: 'The quest has no such objective',
  PARTY_FULL: 'The party has as many members as it takes',
  PARTY_NOT_FOUND: 'No such party',
  QUEST_ALREADY_SHARED: 'The party is at this quest already',
  QUEST_NOT_FOUND: 'No such quest',
  READY_CHECK_NOT_FOUND: 'No such ready check',
  READY_CHECK_OPEN: 'A ready check is open already',
  READY_CHECK_OVER: 'The ready check is over',
  ROLL_CLOSED: 'The item is not rolled for',
  TOO_MANY_MEMBERS: 'The party has more members than that',
  TOO_MANY_QUESTS: 'The party is at as many quests as it can be',
};

/** Throws the denial of a rule's code; `detail` goes on where its message ends. */
export function deny(code: PartyErrorCode, path?: readonly string[], detail = ''): never {
  throw new Denial(code, messages[code] + detail, path);
}

/** Throws when a rule said no; rules answer a code, or null for yes. */
export function denyIf(code: PartyErrorCode | null, path?: readonly string[]): void {
  if (code !== null) deny(code, path);
}
