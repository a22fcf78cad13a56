import { memberAfter } from '../membership/resolvers.ts';
import type { Resolvers } from '../schema.generated.ts';
import { demoteMember, promoteMember, setMemberRank } from './actions.ts';
import { grantOf } from './permissions.ts';

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
  },
};
