import type { GroupErrorCode } from '../schema.generated.ts';

/** What rules know of an event. */
export interface EventState {
  readonly endsAt: Date;
  readonly cancelledAt: Date | null;
}

/** Cancelled and past events are history: nobody changes them, comes or goes. */
export function isOpen({ endsAt, cancelledAt }: EventState, now: Date): GroupErrorCode | null {
  if (cancelledAt) return 'EVENT_CANCELLED';
  return endsAt <= now ? 'EVENT_ENDED' : null;
}

/** Nobody who takes part is put out by a smaller room. */
export function mayResize(registered: number, capacity: number | null): GroupErrorCode | null {
  return capacity !== null && capacity < registered ? 'CAPACITY_TOO_SMALL' : null;
}
