import { answer } from '@fellowship/command';
import { idOf } from '@fellowship/graphql';
import { requireScope } from '@fellowship/subgraph';
import type { Context } from '../context.ts';
import { isMember } from '../membership/access.ts';
import type { QueueEntryRow } from '../rows.ts';
import type { PartyErrorCode, Resolvers } from '../schema.generated.ts';
import { enterQueue, leaveQueue, reportMatch } from './actions.ts';

/** Answers a command with its queue entry as it is now. */
const entryAfter = (context: Context, command: Promise<string>) =>
  answer<'entry', QueueEntryRow, PartyErrorCode>('entry', async () =>
    context.loaders.queueEntry.load(await command),
  );

export const queue: Resolvers = {
  Party: {
    queue: async ({ id }, _args, context) =>
      (await isMember(context, id)) ? context.loaders.queueEntryOf.load(id) : null,
  },

  PartyQueueEntry: {
    __resolveReference: ({ id }, { loaders }) => {
      const entryId = idOf(id);
      return entryId === null ? null : loaders.queueEntry.load(entryId);
    },
    party: ({ partyId }, _args, { loaders }) => loaders.party.load(partyId),
  },

  Mutation: {
    partyQueueEnter: (_root, { input }, context) => entryAfter(context, enterQueue(context, input)),
    partyQueueLeave: (_root, { input }, context) => entryAfter(context, leaveQueue(context, input)),
    partyMatchReport: (_root, { input }, context) => {
      requireScope(context.viewer, 'service:matchmaking');
      return entryAfter(context, reportMatch(context, input));
    },
  },
};
