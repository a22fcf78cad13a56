import type { CalendarEventRow, CalendarOccurrenceRow } from '../rows.ts';
import type { CalendarWindow } from './queries.ts';
import { occurrences } from './recurrence.ts';

/** What takes place in a window, soonest first and at one moment by event: up to `limit`, after the cursor. */
export function occurrencesIn(
  events: readonly CalendarEventRow[],
  { from, to, after, limit }: CalendarWindow,
): CalendarOccurrenceRow[] {
  const begin = after === null ? from : new Date(Math.max(from.getTime(), Date.parse(after[0])));
  return events
    .flatMap((event) => startsOf(event, begin, to).map((startsAt) => ({ event, startsAt })))
    .filter((occurrence) => after === null || compare(keyOf(occurrence), after) > 0)
    .sort((a, b) => compare(keyOf(a), keyOf(b)))
    .slice(0, limit);
}

/** When an event takes place in a window; without what was called off. */
export function startsOf(event: CalendarEventRow, from: Date, to: Date): Date[] {
  if (event.cancelledAt !== null) return [];
  const excluded = new Set(event.excluded);
  return occurrences(event, from, to).filter((startsAt) => !excluded.has(startsAt.toISOString()));
}

export const takesPlaceAt = (event: CalendarEventRow, startsAt: Date): boolean =>
  startsOf(event, startsAt, new Date(startsAt.getTime() + 1)).length === 1;

/** Where an occurrence stands in the order. ISO strings and UUIDs sort as they are. */
export const keyOf = ({ event, startsAt }: CalendarOccurrenceRow) =>
  [startsAt.toISOString(), event.id] as const;

type Key = readonly [startsAt: string, eventId: string];

function compare([startA, idA]: Key, [startB, idB]: Key): number {
  if (startA !== startB) return startA < startB ? -1 : 1;
  return idA < idB ? -1 : idA > idB ? 1 : 0;
}

/** When an occurrence ends. */
export const endOf = (startsAt: Date, durationMinutes: number): Date =>
  new Date(startsAt.getTime() + durationMinutes * 60_000);
