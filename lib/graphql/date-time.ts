import { GraphQLScalarType } from 'graphql';
import { GraphQLDateTimeISO } from 'graphql-scalars';

const library = GraphQLDateTimeISO.toConfig();

/** A moment, as ISO 8601 in UTC with milliseconds: `2026-01-31T12:00:00.000Z`. */
export const GraphQLDateTime = new GraphQLScalarType({
  ...library,
  // Introspection would tell the name it has in the library.
  name: 'DateTime',
  serialize: (value) => (value instanceof Date ? isoOf(value) : library.serialize(value)),
});

const DAY = 24 * 60 * 60 * 1_000;
/** Those of eleven years. */
const MOST_DAYS = 4_096;
const days = new Map<number, string>();

const padded = (count: number, digits: number) =>
  Array.from({ length: count }, (_, n) => String(n).padStart(digits, '0'));
const two = padded(60, 2);
const three = padded(1_000, 3);

/**
 * As `toISOString`, which takes 0.8 us for a text that this makes in 0.1: it was an eighth of the processor of a page
 * of 100 members. RangeError for a date that is none.
 */
export function isoOf(date: Date): string {
  const time = date.getTime();
  const day = Math.floor(time / DAY);
  const milliseconds = time - day * DAY;
  const seconds = Math.floor(milliseconds / 1_000);
  const minutes = Math.floor(seconds / 60);
  const clock = `${two[Math.floor(minutes / 60)]}:${two[minutes % 60]}:${two[seconds % 60]}`;
  return `${textOf(day, date)}${clock}.${three[milliseconds % 1_000]}Z`;
}

/** Up to and with the `T`. */
function textOf(day: number, date: Date): string {
  const known = days.get(day);
  if (known !== undefined) return known;
  const iso = date.toISOString();
  const text = iso.slice(0, iso.indexOf('T') + 1);
  if (days.size === MOST_DAYS) days.clear();
  days.set(day, text);
  return text;
}
