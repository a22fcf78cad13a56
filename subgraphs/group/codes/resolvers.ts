import { groupAfter } from '../groups/resolvers.ts';
import { moderates } from '../organizations/access.ts';
import type { Resolvers } from '../schema.generated.ts';
import { joinGroup, regenerateCode } from './actions.ts';
import { codeFrom } from './code.ts';
import { groupByCode } from './queries.ts';

export const codes: Resolvers = {
  Query: {
    groupInvite: (_root, args, { reads }) => {
      const code = codeFrom(args.code);
      return code === null ? null : groupByCode(reads, code);
    },
  },

  Group: {
    inviteCode: ({ viewerRole, inviteCode }) => (moderates(viewerRole) ? inviteCode : null),
    inviteUrl: ({ viewerRole, inviteCode }, _args, { invitations }) =>
      moderates(viewerRole) ? invitations.inviteUrl(inviteCode) : null,
    telegramUrl: ({ viewerRole, inviteCode }, _args, { invitations }) =>
      moderates(viewerRole) ? invitations.telegramUrl(inviteCode) : null,
  },

  Mutation: {
    groupJoin: (_root, { input }, context) => groupAfter(context, joinGroup(context, input)),
    groupCodeRegenerate: (_root, { input }, context) => groupAfter(context, regenerateCode(context, input)),
  },
};
