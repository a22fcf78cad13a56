import { answer } from '@fellowship/command';
import { idOf } from '@fellowship/graphql';
import { connection, encode, pageOf, uuidKey } from '@fellowship/pagination';
import { common } from '../activity/common.ts';
import type { Context } from '../context.ts';
import { channelLog, type GuildEventRow, guildLog, whoLosesRights } from '../events.ts';
import type { MessageRow } from '../rows.ts';
import type { GuildErrorCode, Resolvers } from '../schema.generated.ts';
import { stillHears } from './access.ts';
import { deleteMessage, postMessage } from './actions.ts';

const messageAfter = (context: Context, command: Promise<string>) =>
  answer<'message', MessageRow, GuildErrorCode>('message', async () => {
    const id = await command;
    return context.loaders.message.load(id);
  });

const message = (
  { data }: { readonly data: { readonly messageId: string } },
  _args: object,
  { loaders }: Context,
) => loaders.message.load(data.messageId);

export const chat: Resolvers = {
  Guild: {
    messages: async ({ id }, { channel, ...args }, { loaders }) => {
      const page = pageOf(args, [uuidKey]);
      return connection(await loaders.messagesOf[channel](page).load(id), page, ({ id }) => encode([id]));
    },
  },

  GuildMessage: {
    guild: ({ guildId }, _args, { loaders }) => loaders.guild.load(guildId),
    author: ({ authorId }) => ({ id: authorId }),
    deletedBy: ({ deletedBy }) => (deletedBy === null ? null : { id: deletedBy }),
  },

  GuildMessagePosted: { ...common, message },
  GuildMessageDeleted: { ...common, message },

  Mutation: {
    guildMessagePost: (_root, { input }, context) => messageAfter(context, postMessage(context, input)),
    guildMessageDelete: (_root, { input }, context) => messageAfter(context, deleteMessage(context, input)),
  },

  Subscription: {
    guildMessages: {
      subscribe: (_root, { guildId, channel, after }, context) => {
        const id = idOf(guildId);
        return context.activity.stream({
          tenantId: context.viewer.tenantId,
          subject: channelLog(id ?? '', channel),
          after,
          reader: context.viewer.playerId,
          mayRead: async () => id !== null && (await stillHears(context, id, channel)),
          affectsAccess: () => [],
          guard: { subject: guildLog(id ?? ''), affectsAccess: whoLosesRights },
        });
      },
      resolve: (row: GuildEventRow) => row,
    },
  },
};
