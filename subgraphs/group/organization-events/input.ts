import { idOf } from '@fellowship/graphql';
import { deny } from '../denials.ts';

const largestCapacity = 1_000_000;
const mostGroups = 100;

/** A capacity as it is kept: 1 to 1,000,000; null: any number. */
export function capacityFrom(input: number | null | undefined): number | null {
  const capacity = input ?? null;
  if (capacity !== null && (capacity < 1 || capacity > largestCapacity)) deny('INVALID_INPUT', ['capacity']);
  return capacity;
}

/** Groups' ids, each once; at most 100. */
export function groupIdsFrom(input: readonly string[]): string[] {
  const ids = new Set(input.map((id) => idOf(id) ?? deny('GROUP_NOT_FOUND', ['groupIds'])));
  if (ids.size > mostGroups) deny('INVALID_INPUT', ['groupIds']);
  return [...ids].sort();
}

/** Times in order, of something that is not over yet. */
export function checkTimes({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }, now: Date): void {
  if (endsAt <= startsAt || endsAt <= now) deny('INVALID_INPUT', ['endsAt']);
}

/**
 * An IANA time zone, in its usual case. Otherwise as given: Intl has old names for some, such as Europe/Kiev. It
 * also takes offsets, which are no zones: they know of no summer.
 */
export function timeZoneFrom(input: string): string {
  if (/^[+-]/.test(input)) deny('INVALID_INPUT', ['timeZone']);
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: input }).resolvedOptions();
    return timeZone.toLowerCase() === input.toLowerCase() ? timeZone : input;
  } catch {
    return deny('INVALID_INPUT', ['timeZone']);
  }
}
