import { type EventState, isOpen } from '../organization-events/rules.ts';
import type { GroupErrorCode, OrganizationEventRegistrationStatus } from '../schema.generated.ts';

/** How full an event is. */
export interface Room {
  /** Null: any number. */
  readonly capacity: number | null;
  readonly registeredCount: number;
  readonly waitingCount: number;
}

type Status = OrganizationEventRegistrationStatus;

/** What who registers gets, or why nothing. `waits`: whether a place in the waiting list will do. */
export function seat(
  event: EventState & Room,
  own: Status | null,
  waits: boolean,
  now: Date,
): { readonly status: Status } | { readonly denied: GroupErrorCode } {
  const denied = isOpen(event, now) ?? (own === null ? null : 'ALREADY_REGISTERED');
  if (denied) return { denied };
  if (event.capacity === null || event.registeredCount < event.capacity) return { status: 'REGISTERED' };
  return waits ? { status: 'WAITING' } : { denied: 'EVENT_FULL' };
}

/** How many of those who wait move up: into an event that is over or off nobody does. */
export function promotions(event: EventState & Room, now: Date): number {
  const { capacity, registeredCount, waitingCount } = event;
  if (isOpen(event, now)) return 0;
  return capacity === null ? waitingCount : Math.min(waitingCount, Math.max(0, capacity - registeredCount));
}
