import { query, type Reads } from '@fellowship/postgres';
import { and, asc, count, eq, gte, isNotNull, isNull, lt, ne, or, sql } from 'drizzle-orm';
import { entitled } from '../guilds/visibility.ts';
import type { CalendarEventRow, CalendarResponseRow } from '../rows.ts';
import { calendarCounts, calendarEvents, calendarResponses } from '../tables/index.ts';

const columns = {
  id: calendarEvents.id,
  guildId: calendarEvents.guildId,
  title: calendarEvents.title,
  description: calendarEvents.description,
  startsAt: calendarEvents.startsAt,
  durationMinutes: calendarEvents.durationMinutes,
  timeZone: calendarEvents.timeZone,
  recurrence: calendarEvents.recurrence,
  lastStartsAt: calendarEvents.lastStartsAt,
  excluded: calendarEvents.excluded,
  creatorId: calendarEvents.creatorId,
  createdAt: calendarEvents.createdAt,
  cancelledAt: calendarEvents.cancelledAt,
};

const byIds = query('calendar_by_ids', (db) =>
  db
    .select(columns)
    .from(calendarEvents)
    .where(
      and(
        sql`${calendarEvents.id} = any(${sql.placeholder('ids')}::uuid[])`,
        entitled(db, calendarEvents.guildId, 'READ'),
      ),
    ),
);

/** Those of the events that the viewer may see, also those that were called off. */
export const eventsByIds = (
  reads: Reads,
  by: { viewerId: string; ids: readonly string[] },
): Promise<CalendarEventRow[]> => reads.run(byIds, { ...by });

/** A part of a calendar: from one moment to before another, on the page after a cursor. */
export interface CalendarWindow {
  readonly from: Date;
  readonly to: Date;
  /** What was last on the page before: its start and its event. */
  readonly after: readonly [startsAt: string, eventId: string] | null;
  readonly limit: number;
}

const singles = query('calendar_singles', (db) => {
  // Drizzle gives a column of a subquery by its bare name, so it has one that no table here has.
  const ofThese = db
    .select({ guild: sql<string>`guild`.as('guild') })
    .from(sql`unnest(${sql.placeholder('guildIds')}::uuid[]) as asked(guild)`)
    .as('of_these');
  const after = sql`(${sql.placeholder('afterStart')}::timestamptz, ${sql.placeholder('afterId')}::uuid)`;
  const page = db
    .select(columns)
    .from(calendarEvents)
    .where(
      and(
        eq(calendarEvents.guildId, ofThese.guild),
        isNull(calendarEvents.recurrence),
        isNull(calendarEvents.cancelledAt),
        gte(calendarEvents.startsAt, sql.placeholder('from')),
        lt(calendarEvents.startsAt, sql.placeholder('to')),
        sql`(${calendarEvents.startsAt}, ${calendarEvents.id}) > ${after}`,
        entitled(db, calendarEvents.guildId, 'READ'),
      ),
    )
    .orderBy(asc(calendarEvents.startsAt), asc(calendarEvents.id))
    .limit(sql.placeholder('limit'))
    .as('page');
  return db
    .select({
      id: page.id,
      guildId: page.guildId,
      title: page.title,
      description: page.description,
      startsAt: page.startsAt,
      durationMinutes: page.durationMinutes,
      timeZone: page.timeZone,
      recurrence: page.recurrence,
      lastStartsAt: page.lastStartsAt,
      excluded: page.excluded,
      creatorId: page.creatorId,
      createdAt: page.createdAt,
      cancelledAt: page.cancelledAt,
    })
    .from(ofThese)
    .innerJoinLateral(page, sql`true`);
});

const recurring = query('calendar_recurring', (db) =>
  db
    .select(columns)
    .from(calendarEvents)
    .where(
      and(
        sql`${calendarEvents.guildId} = any(${sql.placeholder('guildIds')}::uuid[])`,
        isNotNull(calendarEvents.recurrence),
        isNull(calendarEvents.cancelledAt),
        or(isNull(calendarEvents.lastStartsAt), gte(calendarEvents.lastStartsAt, sql.placeholder('from'))),
        entitled(db, calendarEvents.guildId, 'READ'),
      ),
    ),
);

/**
 * What may take place in a window of the guilds' calendars, where the viewer is a member: the first one-time events
 * of the page, and all recurring ones that are not over.
 */
export async function eventsOfGuilds(
  reads: Reads,
  { after, ...by }: CalendarWindow & { viewerId: string; guildIds: readonly string[] },
): Promise<CalendarEventRow[]> {
  const [afterStart, afterId] = after ?? ['-infinity', '00000000-0000-0000-0000-000000000000'];
  const [once, again] = await Promise.all([
    reads.run(singles, { ...by, afterStart, afterId }),
    reads.run(recurring, { ...by }),
  ]);
  return [...once, ...again];
}

/** An occurrence, named by its event and its start. */
export interface OccurrenceKey {
  readonly eventId: string;
  readonly startsAt: Date;
}

const keyArrays = (keys: readonly OccurrenceKey[]) => {
  return {
    eventIds: keys.map(({ eventId }) => eventId),
    starts: keys.map(({ startsAt }) => startsAt.toISOString()),
  };
};

// As text: Drizzle's client can't write an array of moments.
const asked = sql`unnest(${sql.placeholder('eventIds')}::uuid[], ${sql.placeholder('starts')}::text[]::timestamptz[])
  as asked(event, start)`;

const tallies = query('calendar_tallies', (db) =>
  db
    .select({
      eventId: calendarCounts.eventId,
      startsAt: calendarCounts.startsAt,
      going: calendarCounts.going,
      maybe: calendarCounts.maybe,
      declined: calendarCounts.declined,
      own: calendarResponses.attendance,
    })
    .from(calendarCounts)
    .leftJoin(
      calendarResponses,
      and(
        eq(calendarResponses.eventId, calendarCounts.eventId),
        eq(calendarResponses.startsAt, calendarCounts.startsAt),
        eq(calendarResponses.playerId, sql.placeholder('viewerId')),
      ),
    )
    .where(sql`(${calendarCounts.eventId}, ${calendarCounts.startsAt}) in (select * from ${asked})`),
);

/** How many answered what to the occurrences, and the viewer's own answer; none where nobody answered. */
export const talliesOf = (reads: Reads, by: { viewerId: string; keys: readonly OccurrenceKey[] }) =>
  reads.run(tallies, { viewerId: by.viewerId, ...keyArrays(by.keys) });

const responses = query('calendar_responses', (db) => {
  const ofThese = db
    .select({ event: sql<string>`event`.as('event'), start: sql<string>`start`.as('start') })
    .from(asked)
    .as('of_these');
  const page = db
    .select({
      eventId: calendarResponses.eventId,
      startsAt: calendarResponses.startsAt,
      playerId: calendarResponses.playerId,
      attendance: calendarResponses.attendance,
      respondedAt: calendarResponses.respondedAt,
    })
    .from(calendarResponses)
    .where(
      and(
        eq(calendarResponses.eventId, ofThese.event),
        eq(calendarResponses.startsAt, ofThese.start),
        sql`${calendarResponses.playerId} > ${sql.placeholder('after')}::uuid`,
      ),
    )
    .orderBy(asc(calendarResponses.playerId))
    .limit(sql.placeholder('limit'))
    .as('page');
  return db
    .select({
      eventId: page.eventId,
      startsAt: page.startsAt,
      playerId: page.playerId,
      attendance: page.attendance,
      respondedAt: page.respondedAt,
    })
    .from(ofThese)
    .innerJoinLateral(page, sql`true`)
    .orderBy(asc(page.playerId));
});

/**
 * The same page of the answers to each of the occurrences, and one more row where there is a next page. Of events
 * that the viewer was let see already: it is not asked again.
 */
export const responsesOf = (
  reads: Reads,
  by: { keys: readonly OccurrenceKey[]; after: string | undefined; limit: number },
): Promise<CalendarResponseRow[]> =>
  reads.run(responses, {
    ...keyArrays(by.keys),
    after: by.after ?? '00000000-0000-0000-0000-000000000000',
    limit: by.limit,
  });

const answer = query('calendar_answer', (db) =>
  db
    .select({ attendance: calendarResponses.attendance })
    .from(calendarResponses)
    .where(
      and(
        eq(calendarResponses.eventId, sql.placeholder('eventId')),
        eq(calendarResponses.startsAt, sql.placeholder('startsAt')),
        eq(calendarResponses.playerId, sql.placeholder('playerId')),
      ),
    ),
);

/** What a player answered to an occurrence. Null: nothing. */
export async function answerOf(tx: Reads, by: OccurrenceKey & { playerId: string }) {
  const [row] = await tx.run(answer, { ...by });
  return row?.attendance ?? null;
}

const others = query('calendar_recurring_count', (db) =>
  db
    .select({ count: count() })
    .from(calendarEvents)
    .where(
      and(
        eq(calendarEvents.guildId, sql.placeholder('guildId')),
        isNotNull(calendarEvents.recurrence),
        isNull(calendarEvents.cancelledAt),
        or(isNull(calendarEvents.lastStartsAt), gte(calendarEvents.lastStartsAt, sql.placeholder('now'))),
        ne(calendarEvents.id, sql.placeholder('but')),
      ),
    ),
);

/** How many recurring events a locked guild has that are not over, besides one. */
export async function countRecurring(
  tx: Reads,
  by: { guildId: string; now: Date; but: string },
): Promise<number> {
  const [row] = await tx.run(others, by);
  return row?.count ?? 0;
}
