import { answer } from '@fellowship/command';
import { idOf } from '@fellowship/graphql';
import { connection, encode, type KeyPart, pageOf, uuidKey } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import { tagOf } from '../page/contents.ts';
import type { GuildRow } from '../rows.ts';
import type { GuildErrorCode, Resolvers } from '../schema.generated.ts';
import { createGuild, updateGuild } from './actions.ts';
import { archiveGuild, restoreGuild } from './archive.ts';
import { searchKey, slugOf } from './names.ts';
import { findGuilds, guildBySlug } from './queries.ts';
import { onlookerOf } from './visibility.ts';

/** In cursors. A database takes any text but this. */
const nameKeyKey: KeyPart = (text) => text !== '' && !text.includes('\0');

/** Answers a command with its guild as it is now, if the viewer still sees it. */
export const guildAfter = (context: Context, command: Promise<string>) =>
  answer<'guild', GuildRow, GuildErrorCode>('guild', async () => {
    const id = await command;
    return context.loaders.guild.load(id);
  });

export const guilds: Resolvers = {
  Query: {
    guild: (_root, { id }, { loaders }) => guildById(loaders, id),
    guildBySlug: (_root, args, { reads, viewer }) => {
      const [communityId, slug] = [idOf(args.communityId), slugOf(args.slug)];
      if (communityId === null || slug === null) return null;
      return guildBySlug(reads, { ...onlookerOf(viewer), communityId, slug });
    },
    guilds: async (_root, args, { reads, viewer }) => {
      const page = pageOf(args, [nameKeyKey, uuidKey]);
      const prefix = searchKey(args.search ?? '');
      const communityId = typeof args.communityId === 'string' ? idOf(args.communityId) : undefined;
      const tag = typeof args.tag === 'string' ? tagOf(args.tag) : undefined;
      const rows =
        prefix === null || communityId === null || tag === null
          ? []
          : await findGuilds(reads, {
              ...onlookerOf(viewer),
              prefix,
              tag,
              communityId,
              recruiting: args.recruiting ?? null,
              page,
            });
      return connection(rows, page, ({ nameKey, id }) => encode([nameKey, id]));
    },
  },

  Guild: {
    __resolveReference: ({ id }, { loaders }) => guildById(loaders, id),
    leader: ({ leaderId }) => ({ id: leaderId }),
  },

  Mutation: {
    guildCreate: (_root, { input }, context) => guildAfter(context, createGuild(context, input)),
    guildUpdate: (_root, { input }, context) => guildAfter(context, updateGuild(context, input)),
    guildArchive: (_root, { input }, context) =>
      answer<'guildId', string, GuildErrorCode>('guildId', () => archiveGuild(context, input)),
    guildRestore: (_root, { input }, context) => guildAfter(context, restoreGuild(context, input)),
  },
};

function guildById(loaders: Context['loaders'], id: string): Promise<GuildRow | null> | null {
  const guildId = idOf(id);
  return guildId === null ? null : loaders.guild.load(guildId);
}
