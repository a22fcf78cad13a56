import { Denial } from '@fellowship/command';
import type { PartyErrorCode } from './schema.generated.ts';

/** What people read for each rule that says no. One place, so that one wording serves every mutation. */
const messages: Readonly<Record<PartyErrorCode, string>> = {
  ALREADY_A_MEMBER: 'The player is a member of the party already',
  ALREADY_INVITED: 'An invitation of the player is pending already',
  ALREADY_IN_PARTY: 'The player is in a party already',
  ALREADY_LEADER: 'The player leads the party already',
  CANNOT_KICK_SELF: 'A leader leaves or disbands the party instead of kicking themself',
  IDEMPOTENCY_KEY_REUSED: 'This idempotency key was used for something else',
  INVALID_INPUT: 'A value is outside its limits',
  INVITE_EXPIRED: 'The invitation has expired',
  INVITE_NOT_FOUND: 'No such invitation',
  INVITE_ONLY: 'The party takes only players it invited',
  NOT_A_MEMBER: 'The player is not a member of the party',
  NOT_LEADER: 'Only the leader may do this',
  PARTY_FULL: 'The party has as many members as it takes',
  PARTY_NOT_FOUND: 'No such party',
};

/** Throws the denial of a rule's code. */
export function deny(code: PartyErrorCode, path?: readonly string[]): never {
  throw new Denial(code, messages[code], path);
}

/** Throws when a rule said no; rules answer a code, or null for yes. */
export function denyIf(code: PartyErrorCode | null): void {
  if (code !== null) deny(code);
}
