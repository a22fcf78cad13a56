import { Denial } from '@fellowship/command';
import type { GroupErrorCode } from './schema.generated.ts';

/** What people read for each rule that says no. One place, so that one wording serves every mutation. */
const messages: Readonly<Record<GroupErrorCode, string>> = {
  ALREADY_A_MEMBER: 'The player is a member already',
  ALREADY_REGISTERED: 'You are registered already',
  CANNOT_REMOVE_SELF: 'Who wants to go leaves instead of removing themself',
  CAPACITY_TOO_SMALL: 'More players take part already',
  EVENT_CANCELLED: 'The event is cancelled',
  EVENT_ENDED: 'The event is over',
  EVENT_FULL: 'The event is full',
  EVENT_NOT_FOUND: 'No such event',
  GROUP_NOT_FOUND: 'No such group',
  IDEMPOTENCY_KEY_REUSED: 'This idempotency key was used for something else',
  INVALID_INPUT: 'A value is outside its limits',
  INVITE_NOT_FOUND: 'The code invites to nothing',
  NOT_A_MEMBER: 'The player is not a member',
  NOT_MODERATOR: 'Only the owner and moderators of the organization may do this',
  NOT_OWNER: 'Only the owner of the organization may do this',
  NOT_REGISTERED: 'You are not registered',
  ORGANIZATION_NOT_FOUND: 'No such organization',
  OWNER_MUST_TRANSFER: 'The owner hands the organization over first',
};

/** Throws the denial of a rule's code. */
export function deny(code: GroupErrorCode, path?: readonly string[]): never {
  throw new Denial(code, messages[code], path);
}

/** Throws when a rule said no; rules answer a code, or null for yes. */
export function denyIf(code: GroupErrorCode | null): void {
  if (code !== null) deny(code);
}
