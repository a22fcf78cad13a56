import { lacks, type MemberState } from '../ranks/rules.ts';
import type { GuildErrorCode } from '../schema.generated.ts';

/** The most recurring events of a guild that are not over: a window looks at each of them. */
export const mostRecurring = 50;

export function mayPlan(actor: MemberState | null): GuildErrorCode | null {
  return lacks(actor, 'MANAGE_EVENTS');
}

/** `recurring`: how many others there are. */
export function mayRecur(recurring: number): GuildErrorCode | null {
  return recurring < mostRecurring ? null : 'TOO_MANY_EVENTS';
}

const minute = 60_000;
const day = 24 * 60 * minute;

/** A first start may lie a day back, for who writes down what is on already, and five years ahead. */
export const isNear = (startsAt: Date, now: Date): boolean =>
  startsAt.getTime() >= now.getTime() - day && startsAt.getTime() <= now.getTime() + 5 * 366 * day;

export const isDuration = (minutes: number): boolean => minutes >= 1 && minutes <= 10_080;

/** To whom is not a member, events do not exist. `takesPlace`: whether there is such an occurrence. */
export function mayRespond(
  actor: MemberState | null,
  takesPlace: boolean,
  endsAt: Date,
  now: Date,
): GuildErrorCode | null {
  if (lacks(actor, 'READ')) return 'EVENT_NOT_FOUND';
  if (!takesPlace) return 'OCCURRENCE_NOT_FOUND';
  return endsAt > now ? null : 'OCCURRENCE_OVER';
}
