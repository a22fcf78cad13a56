import { answer } from '@fellowship/command';
import { idOf } from '@fellowship/graphql';
import { connection, encode, momentKey, type PageArguments, pageOf, uuidKey } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import { moderates } from '../organizations/access.ts';
import type { EventRow } from '../rows.ts';
import type { GroupErrorCode, Resolvers } from '../schema.generated.ts';
import { cancelEvent, createEvent, updateEvent } from './actions.ts';
import type { EventPage } from './queries.ts';

/** Answers a command with its event as it is now, if the viewer still sees it. */
export const eventAfter = (context: Context, command: Promise<string>) =>
  answer<'organizationEvent', EventRow, GroupErrorCode>('organizationEvent', async () => {
    const id = await command;
    return context.loaders.event.load(id);
  });

export const organizationEvents: Resolvers = {
  Query: {
    organizationEvent: (_root, { id }, { loaders }) => eventById(loaders, id),
  },

  Organization: {
    events: async ({ id }, args, { loaders }) => {
      const page = eventPageOf(args);
      return connection(await loaders.eventsOf(page).load(id), page, cursorOf);
    },
  },

  Group: {
    events: async ({ id }, args, { loaders }) => {
      const page = eventPageOf(args);
      return connection(await loaders.eventsOfGroup(page).load(id), page, cursorOf);
    },
  },

  OrganizationEvent: {
    __resolveReference: ({ id }, { loaders }) => eventById(loaders, id),
    organization: ({ organizationId }, _args, { loaders }) => loaders.organization.load(organizationId),
    groups: ({ id }, _args, { loaders }) => loaders.groupsOfEvent.load(id),
    creator: ({ viewerRole, creatorId }) => (moderates(viewerRole) ? { id: creatorId } : null),
  },

  Mutation: {
    organizationEventCreate: (_root, { input }, context) => eventAfter(context, createEvent(context, input)),
    organizationEventUpdate: (_root, { input }, context) => eventAfter(context, updateEvent(context, input)),
    organizationEventCancel: (_root, { input }, context) => eventAfter(context, cancelEvent(context, input)),
  },
};

interface EventPageArguments extends PageArguments {
  readonly from?: Date | null;
  readonly to?: Date | null;
}

/** Times as text: a page is the key of its loader. */
const eventPageOf = (args: EventPageArguments): EventPage => ({
  ...pageOf(args, [momentKey, uuidKey]),
  from: args.from?.toISOString() ?? null,
  to: args.to?.toISOString() ?? null,
});

const cursorOf = ({ startsAt, id }: EventRow) => encode([startsAt, id]);

function eventById(loaders: Context['loaders'], id: string): Promise<EventRow | null> | null {
  const eventId = idOf(id);
  return eventId === null ? null : loaders.event.load(eventId);
}
