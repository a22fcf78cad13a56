import { answer } from '@fellowship/command';
import { idOf } from '@fellowship/graphql';
import { connection, encode, pageOf } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import { isMember } from '../membership/access.ts';
import { numberKey } from '../paging.ts';
import type { MessageRow } from '../rows.ts';
import type { PartyErrorCode, Resolvers } from '../schema.generated.ts';
import { deleteMessage, postMessage } from './actions.ts';

/** Answers a command with its message as it is now. */
const messageAfter = (context: Context, command: Promise<string>) =>
  answer<'message', MessageRow, PartyErrorCode>('message', async () =>
    context.loaders.message.load(await command),
  );

export const chat: Resolvers = {
  Party: {
    messages: async ({ id }, args, context) => {
      const page = pageOf(args, [numberKey]);
      const rows = (await isMember(context, id)) ? await context.loaders.messagesOf(page).load(id) : [];
      return connection(rows, page, ({ number }) => encode([String(number)]));
    },
  },

  PartyMessage: {
    __resolveReference: ({ id }, { loaders }) => {
      const messageId = idOf(id);
      return messageId === null ? null : loaders.message.load(messageId);
    },
    party: ({ partyId }, _args, { loaders }) => loaders.party.load(partyId),
    author: ({ authorId }) => ({ id: authorId }),
  },

  Mutation: {
    partyMessagePost: (_root, { input }, context) => messageAfter(context, postMessage(context, input)),
    partyMessageDelete: (_root, { input }, context) => messageAfter(context, deleteMessage(context, input)),
  },
};
