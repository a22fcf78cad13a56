import { isVisitor } from '@fellowship/identity';
import type { Context } from '../context.ts';
import { groupAfter } from '../groups/resolvers.ts';
import { moderates } from '../organizations/access.ts';
import type { InviteRow } from '../rows.ts';
import type { Resolvers } from '../schema.generated.ts';
import { joinGroup, regenerateCode } from './actions.ts';
import { codeFrom } from './code.ts';
import { groupByCode, inviteOfAnyTenant } from './queries.ts';

export const codes: Resolvers = {
  Query: {
    // The gateway counts a visitor's guesses, by address: to us all visitors are one.
    groupInvite: (_root, args, context) =>
      isVisitor(context.viewer)
        ? inviteOf(context, args.code)
        : guess(
            context,
            () => inviteOf(context, args.code),
            (invite) => invite === null,
          ),
  },

  GroupInvite: {
    appUrl: ({ code }, _args, { invitations }) => invitations.appUrl(code),
    telegramUrl: ({ code }, _args, { invitations }) => invitations.telegramUrl(code),
  },

  Group: {
    inviteCode: ({ viewerRole, inviteCode }) => (moderates(viewerRole) ? inviteCode : null),
    inviteUrl: ({ viewerRole, inviteCode }, _args, { invitations }) =>
      moderates(viewerRole) ? invitations.inviteUrl(inviteCode) : null,
    telegramUrl: ({ viewerRole, inviteCode }, _args, { invitations }) =>
      moderates(viewerRole) ? invitations.telegramUrl(inviteCode) : null,
  },

  Mutation: {
    groupJoin: (_root, { input }, context) =>
      guess(
        context,
        () => groupAfter(context, joinGroup(context, input)),
        ({ errors }) => errors.some(({ code }) => code === 'INVITE_NOT_FOUND'),
      ),
    groupCodeRegenerate: (_root, { input }, context) => groupAfter(context, regenerateCode(context, input)),
  },
};

/** RATE_LIMITED when the player has named too many wrong codes. */
function guess<Result>(
  { invitations, viewer }: Context,
  work: () => Promise<Result>,
  isWrong: (result: Result) => boolean,
): Promise<Result> {
  return invitations.guesses.attempt(`${viewer.tenantId} ${viewer.playerId}`, work, isWrong);
}

async function inviteOf({ reads, viewer }: Context, text: string): Promise<InviteRow | null> {
  const code = codeFrom(text);
  if (code === null) return null;
  return isVisitor(viewer) ? inviteOfAnyTenant(reads, code) : groupByCode(reads, code);
}
