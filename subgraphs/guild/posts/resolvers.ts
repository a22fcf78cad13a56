import { answer } from '@fellowship/command';
import { connection, encode, pageOf, uuidKey } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import { guildAfter } from '../guilds/resolvers.ts';
import { htmlOf } from '../page/markdown.ts';
import type { PostRow } from '../rows.ts';
import type { GuildErrorCode, Resolvers } from '../schema.generated.ts';
import { deletePost, publishPost, updatePost } from './actions.ts';

const postAfter = (context: Context, command: Promise<string>) =>
  answer<'post', PostRow, GuildErrorCode>('post', async () => {
    const id = await command;
    return context.loaders.post.load(id);
  });

export const posts: Resolvers = {
  Guild: {
    posts: async ({ id }, { kind, ...args }, { loaders }) => {
      const page = pageOf(args, [uuidKey]);
      return connection(await loaders.postsOf(kind ?? 'ALL', page).load(id), page, ({ id }) => encode([id]));
    },
  },

  GuildPost: {
    guild: ({ guildId }, _args, { loaders }) => loaders.guild.load(guildId),
    html: ({ body }) => htmlOf(body),
    author: ({ authorId }) => ({ id: authorId }),
  },

  Mutation: {
    guildPostPublish: (_root, { input }, context) => postAfter(context, publishPost(context, input)),
    guildPostUpdate: (_root, { input }, context) => postAfter(context, updatePost(context, input)),
    guildPostDelete: (_root, { input }, context) => guildAfter(context, deletePost(context, input)),
  },
};
