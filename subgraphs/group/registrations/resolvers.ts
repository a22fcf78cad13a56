import { answer } from '@fellowship/command';
import { connection, encode, pageOf } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import { eventAfter } from '../organization-events/resolvers.ts';
import { numberKey } from '../paging.ts';
import type { RegistrationRow } from '../rows.ts';
import type { GroupErrorCode, Resolvers } from '../schema.generated.ts';
import { register, unregister } from './actions.ts';

/** Answers a command with the viewer's registration as it is now. */
const registrationAfter = (context: Context, command: Promise<string>) =>
  answer<'registration', RegistrationRow, GroupErrorCode>('registration', async () => {
    const eventId = await command;
    return context.loaders.viewerRegistration.load(eventId);
  });

export const registrations: Resolvers = {
  OrganizationEvent: {
    viewerRegistration: ({ id }, _args, { loaders }) => loaders.viewerRegistration.load(id),
    registrations: async ({ id }, args, { loaders }) => {
      const page = pageOf(args, [numberKey]);
      const rows = await loaders.registrationsOf(page).load(id);
      return connection(rows, page, ({ place }) => encode([String(place)]));
    },
  },

  OrganizationEventRegistration: {
    organizationEvent: ({ eventId }, _args, { loaders }) => loaders.event.load(eventId),
    player: ({ playerId }) => ({ id: playerId }),
  },

  Mutation: {
    organizationEventRegister: (_root, { input }, context) =>
      registrationAfter(context, register(context, input)),
    organizationEventUnregister: (_root, { input }, context) =>
      eventAfter(context, unregister(context, input)),
  },
};
