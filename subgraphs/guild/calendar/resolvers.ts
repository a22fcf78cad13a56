import { answer } from '@fellowship/command';
import { idOf } from '@fellowship/graphql';
import { connection, encode, momentKey, pageOf, uuidKey } from '@fellowship/pagination';
import { GraphQLError } from 'graphql';
import { common } from '../activity/common.ts';
import type { Context } from '../context.ts';
import type { CalendarEventRow, CalendarOccurrenceRow } from '../rows.ts';
import type { GuildErrorCode, Resolvers } from '../schema.generated.ts';
import { cancelEvent, createEvent, respond, updateEvent } from './actions.ts';
import { longestWindow } from './recurrence.ts';
import { endOf, keyOf } from './window.ts';

const eventAfter = (context: Context, command: Promise<string>) =>
  answer<'event', CalendarEventRow, GuildErrorCode>('event', async () => {
    const id = await command;
    return context.loaders.calendarEvent.load(id);
  });

const occurrenceAfter = (context: Context, command: ReturnType<typeof respond>) =>
  answer<'occurrence', CalendarOccurrenceRow, GuildErrorCode>('occurrence', async () => {
    const { eventId, startsAt } = await command;
    const event = await context.loaders.calendarEvent.load(eventId);
    return event && { event, startsAt: new Date(startsAt) };
  });

const month = 30 * 24 * 60 * 60 * 1_000;

function windowOf(from: Date, to: Date) {
  if (to <= from || to.getTime() - from.getTime() > longestWindow) {
    throw new GraphQLError('`to` is after `from`, by up to 366 days', {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
  return { from, to };
}

const tally = ({ event, startsAt }: CalendarOccurrenceRow, { loaders }: Context) =>
  loaders.tally.load({ eventId: event.id, startsAt });

const event = (
  { data }: { readonly data: { readonly eventId: string } },
  _args: object,
  { loaders }: Context,
) => loaders.calendarEvent.load(data.eventId);

export const calendar: Resolvers = {
  Guild: {
    events: async ({ id }, { from, to, ...args }, { loaders, now }) => {
      const page = pageOf(args, [momentKey, uuidKey]);
      const begin = from ?? now;
      const window = windowOf(begin, to ?? new Date(begin.getTime() + month));
      const after = page.after as [string, string] | null;
      const rows = await loaders.occurrencesOf({ ...window, after, limit: page.first + 1 }).load(id);
      return connection(rows, page, (occurrence) => encode(keyOf(occurrence)));
    },
    event: async ({ id }, args, { loaders }) => {
      const eventId = idOf(args.id);
      const found = eventId === null ? null : await loaders.calendarEvent.load(eventId);
      return found?.guildId === id ? found : null;
    },
  },

  GuildCalendarEvent: {
    guild: ({ guildId }, _args, { loaders }) => loaders.guild.load(guildId),
    creator: ({ creatorId }) => ({ id: creatorId }),
  },

  GuildCalendarOccurrence: {
    endsAt: ({ event, startsAt }) => endOf(startsAt, event.durationMinutes),
    goingCount: async (occurrence, _args, context) => (await tally(occurrence, context))?.going ?? 0,
    maybeCount: async (occurrence, _args, context) => (await tally(occurrence, context))?.maybe ?? 0,
    declinedCount: async (occurrence, _args, context) => (await tally(occurrence, context))?.declined ?? 0,
    viewerResponse: async (occurrence, _args, context) => (await tally(occurrence, context))?.own ?? null,
    responses: async ({ event, startsAt }, args, { loaders }) => {
      const page = pageOf(args, [uuidKey]);
      const rows = await loaders.responsesOf(page).load({ eventId: event.id, startsAt });
      return connection(rows, page, ({ playerId }) => encode([playerId]));
    },
  },

  GuildCalendarResponse: {
    player: ({ playerId }) => ({ id: playerId }),
  },

  GuildCalendarEventCreated: { ...common, event },
  GuildCalendarEventUpdated: { ...common, event },
  GuildCalendarEventCancelled: {
    ...common,
    event,
    startsAt: ({ data }) => (data.startsAt === null ? null : new Date(data.startsAt)),
  },
  GuildCalendarEventResponded: {
    ...common,
    event,
    startsAt: ({ data }) => new Date(data.startsAt),
    player: ({ data }) => ({ id: data.playerId }),
    attendance: ({ data }) => data.attendance,
  },

  Mutation: {
    guildEventCreate: (_root, { input }, context) => eventAfter(context, createEvent(context, input)),
    guildEventUpdate: (_root, { input }, context) => eventAfter(context, updateEvent(context, input)),
    guildEventCancel: (_root, { input }, context) => eventAfter(context, cancelEvent(context, input)),
    guildEventRespond: (_root, { input }, context) => occurrenceAfter(context, respond(context, input)),
  },
};
