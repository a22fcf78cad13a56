import type { Tx } from '../context.ts';
import type { LockedParty } from '../membership/state.ts';
import type { deadlineKind } from '../tables/index.ts';

export type DeadlineKind = (typeof deadlineKind.enumValues)[number];

/** What ends by itself. */
export interface Deadline {
  readonly kind: DeadlineKind;
  /** Of the drop, the invitation, ... */
  readonly id: string;
  readonly partyId: string;
}

/**
 * Ends it: writes and tells, with no actor. The party is active and locked. May find it ended already, and
 * then does nothing.
 */
export type EndByItself = (tx: Tx, party: LockedParty, id: string) => Promise<void>;
