import type { PartyState } from '../membership/rules.ts';
import type { PartyErrorCode } from '../schema.generated.ts';

/** A party does not shrink below the members it has. */
export function mayTake(party: PartyState, maxMembers: number): PartyErrorCode | null {
  return maxMembers < party.memberIds.length ? 'TOO_MANY_MEMBERS' : null;
}
