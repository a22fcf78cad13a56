import { RRuleTemporal } from 'rrule-temporal';
import type { GuildErrorCode } from '../schema.generated.ts';

// rrule-temporal: of those looked at (rrule, ical.js, rrule-temporal) the only one that reckons in time zones itself
// and is kept up; since 2.2.6 it leaves out times that a change of clocks skips, as RFC 5545 3.3.10 wants.

/** When an event takes place. */
export interface Schedule {
  readonly startsAt: Date;
  readonly timeZone: string;
  /** An RRULE's value. Null: once. */
  readonly recurrence: string | null;
}

const parts = /^[A-Z]+=[-+A-Z0-9,]+(;[A-Z]+=[-+A-Z0-9,]+)*$/;
const understood = new Set(
  'FREQ INTERVAL COUNT UNTIL BYDAY BYMONTHDAY BYMONTH BYYEARDAY BYWEEKNO BYSETPOS WKST'.split(' '),
);
const subDaily = /(^|;)(FREQ=(HOURLY|MINUTELY|SECONDLY)|BY(HOUR|MINUTE|SECOND)=)/;
const longest = 500;

/** A year and a day: the longest window, in milliseconds. */
export const longestWindow = 366 * 24 * 60 * 60 * 1_000;
const horizon = 10 * longestWindow;

/** A rule as it is kept, or why it can't be: at most daily, so that a window has few occurrences; bounded numbers. */
export function recurrenceOf(
  text: string,
  schedule: Omit<Schedule, 'recurrence'>,
): { readonly rule: string } | { readonly denied: GuildErrorCode } {
  const rule = text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '');
  if (rule.length > longest || !parts.test(rule)) return { denied: 'RECURRENCE_INVALID' };
  if (subDaily.test(rule)) return { denied: 'RECURRENCE_TOO_FREQUENT' };
  const fields = new Map(rule.split(';').map((part) => part.split('=') as [string, string]));
  const isKnown = [...fields.keys()].every((name) => understood.has(name));
  const isRepeated = fields.size < rule.split(';').length;
  const isBounded = within(fields.get('INTERVAL'), 366) && within(fields.get('COUNT'), 1_000);
  if (!isKnown || isRepeated || !isBounded) return { denied: 'RECURRENCE_INVALID' };
  const { startsAt } = schedule;
  const first = occurrences({ ...schedule, recurrence: rule }, startsAt, new Date(startsAt.getTime() + 1));
  return first.length === 1 ? { rule } : { denied: 'RECURRENCE_INVALID' };
}

const within = (text: string | undefined, most: number) =>
  text === undefined || (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= most);

/** Whether it is an IANA time zone that is known here. An offset (`+02:00`) is none: it has no summer. */
export function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text) || text.length > 64) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/**
 * The starts of what takes place from `from`, inclusive, to `to`, exclusive; in order. Bounded: rules are daily at
 * most and windows a year, and the library finds a window's beginning without walking there from the first.
 * Empty for a rule that the library does not take.
 */
export function occurrences({ startsAt, timeZone, recurrence }: Schedule, from: Date, to: Date): Date[] {
  if (recurrence === null) return startsAt >= from && startsAt < to ? [startsAt] : [];
  if (to <= startsAt) return [];
  const begin = from > startsAt ? from : startsAt;
  try {
    return rule({ startsAt, timeZone, recurrence })
      .between(begin, new Date(to.getTime() - 1), true)
      .map(({ epochMilliseconds }) => new Date(epochMilliseconds))
      .filter((start) => start >= begin && start < to);
  } catch {
    return [];
  }
}

/**
 * When the last occurrence starts. Null: there is none, or it is more than ten years off and nobody is going to
 * wait for it here.
 */
export function lastStart(schedule: Schedule): Date | null {
  const { startsAt, recurrence } = schedule;
  if (recurrence === null) return startsAt;
  const ends = /(^|;)(COUNT|UNTIL)=/.test(recurrence);
  if (!ends) return null;
  const to = new Date(startsAt.getTime() + horizon);
  const [first] = occurrences(schedule, to, new Date(to.getTime() + longestWindow));
  return first ? null : (occurrences(schedule, startsAt, to).at(-1) ?? null);
}

function rule({ startsAt, timeZone, recurrence }: Schedule & { recurrence: string }) {
  const dtstart = Temporal.Instant.fromEpochMilliseconds(startsAt.getTime()).toZonedDateTimeISO(timeZone);
  return new RRuleTemporal({ rruleString: recurrence, dtstart, strict: true });
}
