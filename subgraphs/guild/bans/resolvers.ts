import { answer } from '@fellowship/command';
import { connection, encode, pageOf, uuidKey } from '@fellowship/pagination';
import { guildAfter } from '../guilds/resolvers.ts';
import type { BanRow } from '../rows.ts';
import type { GuildErrorCode, Resolvers } from '../schema.generated.ts';
import { banMember, unbanMember } from './actions.ts';

export const bans: Resolvers = {
  Guild: {
    bans: async ({ id }, args, { loaders }) => {
      const page = pageOf(args, [uuidKey]);
      return connection(await loaders.bansOf(page).load(id), page, ({ id }) => encode([id]));
    },
  },

  GuildBan: {
    player: ({ playerId }) => ({ id: playerId }),
    bannedBy: ({ bannerId }) => ({ id: bannerId }),
  },

  Mutation: {
    guildMemberBan: (_root, { input }, context) =>
      answer<'ban', BanRow, GuildErrorCode>('ban', async () => {
        const key = await banMember(context, input);
        return context.loaders.ban.load(key);
      }),
    guildMemberUnban: (_root, { input }, context) => guildAfter(context, unbanMember(context, input)),
  },
};
