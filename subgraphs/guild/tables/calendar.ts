import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { guilds } from './guilds.ts';
import { guild } from './schema.ts';

export const calendarEvents = guild.table(
  'calendar_events',
  {
    tenantId: tenantId(),
    id: uuid().notNull(),
    guildId: uuid('guild_id').notNull(),
    title: text().notNull(),
    description: text().notNull(),
    /** When it takes place first. */
    startsAt: moment('starts_at').notNull(),
    durationMinutes: integer('duration_minutes').notNull(),
    /** IANA name: repeats are at the same time of day there. */
    timeZone: text('time_zone').notNull(),
    /** An iCalendar RRULE. Null: takes place once. */
    recurrence: text(),
    /** When the last occurrence starts. Null: never, or too far off to tell. */
    lastStartsAt: moment('last_starts_at'),
    /** Starts of occurrences that were called off, as ISO strings. */
    excluded: text().array().notNull(),
    creatorId: uuid('creator_id').notNull(),
    createdAt: moment('created_at').notNull(),
    cancelledAt: moment('cancelled_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    index('calendar_single')
      .on(table.tenantId, table.guildId, table.startsAt, table.id)
      .where(sql`${table.recurrence} is null and ${table.cancelledAt} is null`),
    index('calendar_recurring')
      .on(table.tenantId, table.guildId, table.lastStartsAt)
      .where(sql`${table.recurrence} is not null and ${table.cancelledAt} is null`),
  ],
);

export const attendance = guild.enum('guild_attendance', ['GOING', 'MAYBE', 'DECLINED']);

/** How many answered what to an occurrence. Counted here, under the guild's lock, so that no read counts them. */
export const calendarCounts = guild.table(
  'calendar_counts',
  {
    tenantId: tenantId(),
    eventId: uuid('event_id').notNull(),
    startsAt: moment('starts_at').notNull(),
    going: integer().notNull(),
    maybe: integer().notNull(),
    declined: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.eventId, table.startsAt] }),
    foreignKey({
      name: 'calendar_counts_event',
      columns: [table.tenantId, table.eventId],
      foreignColumns: [calendarEvents.tenantId, calendarEvents.id],
    }),
    check(
      'calendar_counts_positive',
      sql`${table.going} >= 0 and ${table.maybe} >= 0 and ${table.declined} >= 0`,
    ),
  ],
);

export const calendarResponses = guild.table(
  'calendar_responses',
  {
    tenantId: tenantId(),
    eventId: uuid('event_id').notNull(),
    startsAt: moment('starts_at').notNull(),
    playerId: uuid('player_id').notNull(),
    attendance: attendance().notNull(),
    respondedAt: moment('responded_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.eventId, table.startsAt, table.playerId] }),
    foreignKey({
      name: 'calendar_responses_event',
      columns: [table.tenantId, table.eventId],
      foreignColumns: [calendarEvents.tenantId, calendarEvents.id],
    }),
    index('calendar_responses_of_player').on(table.tenantId, table.playerId, table.startsAt),
  ],
);
