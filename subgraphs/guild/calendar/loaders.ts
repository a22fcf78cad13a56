import { type Makers, many, one } from '@fellowship/graphql';
import type { Page } from '@fellowship/pagination';
import DataLoader from 'dataloader';
import type { Scope } from '../loaders.ts';
import type { CalendarEventRow, CalendarOccurrenceRow, CalendarResponseRow } from '../rows.ts';
import {
  type CalendarWindow,
  eventsByIds,
  eventsOfGuilds,
  type OccurrenceKey,
  responsesOf,
  talliesOf,
} from './queries.ts';
import { occurrencesIn } from './window.ts';

/** What the viewer may see of calendars. */
export const calendarLoaders = {
  calendarEvent: ({ reads, viewerId }) =>
    new DataLoader<string, CalendarEventRow | null>(async (ids) =>
      one(ids, await eventsByIds(reads, { viewerId, ids }), ({ id }) => id),
    ),
  /** A page of a window of a guild's calendar, soonest first. */
  occurrencesOf: (scope) => each((window: CalendarWindow) => ofGuilds(scope, window)),
  tally: ({ reads, viewerId }) =>
    new DataLoader<OccurrenceKey, Tally | null, string>(
      async (keys) => one(keys.map(nameOf), await talliesOf(reads, { viewerId, keys }), nameOf),
      { cacheKeyFn: nameOf },
    ),
  /** A page of the answers to an occurrence. */
  responsesOf: (scope) => each((page: Page) => toOccurrences(scope, page)),
} satisfies Makers<Scope>;

function ofGuilds({ reads, viewerId }: Scope, window: CalendarWindow) {
  return new DataLoader<string, CalendarOccurrenceRow[]>(async (guildIds) => {
    const rows = await eventsOfGuilds(reads, { viewerId, guildIds, ...window });
    return many(guildIds, rows, ({ guildId }) => guildId).map((events) => occurrencesIn(events, window));
  });
}

function toOccurrences({ reads }: Scope, { first, after }: Page) {
  return new DataLoader<OccurrenceKey, CalendarResponseRow[], string>(
    async (keys) =>
      many(keys.map(nameOf), await responsesOf(reads, { keys, after: after?.[0], limit: first + 1 }), nameOf),
    { cacheKeyFn: nameOf },
  );
}

type Tally = Awaited<ReturnType<typeof talliesOf>>[number];

const nameOf = ({ eventId, startsAt }: OccurrenceKey) => `${eventId} ${startsAt.toISOString()}`;

/** A loader for each set of arguments. */
function each<Arguments, Loader>(create: (by: Arguments) => Loader): (by: Arguments) => Loader {
  const loaders = new Map<string, Loader>();
  return (by) => {
    const name = JSON.stringify(by);
    const loader = loaders.get(name) ?? create(by);
    loaders.set(name, loader);
    return loader;
  };
}
