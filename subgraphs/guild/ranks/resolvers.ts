import { answer } from '@fellowship/command';
import type { Context } from '../context.ts';
import { guildAfter } from '../guilds/resolvers.ts';
import { memberAfter } from '../membership/resolvers.ts';
import type { RankRow } from '../rows.ts';
import type { GuildErrorCode, Resolvers } from '../schema.generated.ts';
import { demoteMember, promoteMember, setMemberRank } from './actions.ts';
import { createRank, deleteRank, type RankKey, updateRank } from './own-actions.ts';
import { grantOf } from './permissions.ts';

const rankAfter = (context: Context, command: Promise<RankKey>) =>
  answer<'rank', RankRow, GuildErrorCode>('rank', async () => {
    const { guildId, rankId } = await command;
    return (await context.loaders.ranksOf.load(guildId)).find(({ id }) => id === rankId) ?? null;
  });

export const ranks: Resolvers = {
  Guild: {
    ranks: ({ id }, _args, { loaders }) => loaders.ranksOf.load(id),
  },

  GuildRank: {
    permissions: ({ permissions }) => permissions.map(grantOf),
  },

  Mutation: {
    guildMemberPromote: (_root, { input }, context) => memberAfter(context, promoteMember(context, input)),
    guildMemberDemote: (_root, { input }, context) => memberAfter(context, demoteMember(context, input)),
    guildMemberRankSet: (_root, { input }, context) => memberAfter(context, setMemberRank(context, input)),
    guildRankCreate: (_root, { input }, context) => rankAfter(context, createRank(context, input)),
    guildRankUpdate: (_root, { input }, context) => rankAfter(context, updateRank(context, input)),
    guildRankDelete: (_root, { input }, context) => guildAfter(context, deleteRank(context, input)),
  },
};
