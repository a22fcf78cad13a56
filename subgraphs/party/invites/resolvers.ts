import { answer } from '@fellowship/command';
import { idOf } from '@fellowship/graphql';
import { connection, encode, pageOf, uuidKey } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import { isMember } from '../membership/access.ts';
import { partyAfter } from '../membership/resolvers.ts';
import type { InviteRow } from '../rows.ts';
import type { PartyErrorCode, Resolvers } from '../schema.generated.ts';
import { acceptInvite, cancelInvite, declineInvite, invitePlayer } from './actions.ts';
import { pendingOfPlayer } from './queries.ts';

/** Answers a command with its invitation as it is now. */
const inviteAfter = (context: Context, command: Promise<string>) =>
  answer<'invite', InviteRow, PartyErrorCode>('invite', async () => {
    const id = await command;
    return context.loaders.invite.load(id);
  });

export const invites: Resolvers = {
  Player: {
    partyInvites: async ({ id }, args, { viewer, reads, now }) => {
      const page = pageOf(args, [uuidKey]);
      const rows = id === viewer.playerId ? await pendingOfPlayer(reads, { playerId: id, now, page }) : [];
      return connection(rows, page, ({ id }) => encode([id]));
    },
  },

  Party: {
    invites: async ({ id }, _args, context) =>
      (await isMember(context, id)) ? context.loaders.invitesOf.load(id) : [],
  },

  PartyInvite: {
    __resolveReference: async ({ id }, context) => {
      const inviteId = idOf(id);
      return inviteId === null ? null : visibleInvite(context, inviteId);
    },
    party: ({ partyId }, _args, { loaders }) => loaders.party.load(partyId),
    player: ({ playerId }) => ({ id: playerId }),
    inviter: ({ inviterId }) => ({ id: inviterId }),
  },

  Mutation: {
    partyInvite: (_root, { input }, context) => inviteAfter(context, invitePlayer(context, input)),
    partyInviteCancel: (_root, { input }, context) => inviteAfter(context, cancelInvite(context, input)),
    partyInviteDecline: (_root, { input }, context) => inviteAfter(context, declineInvite(context, input)),
    partyInviteAccept: (_root, { input }, context) => partyAfter(context, acceptInvite(context, input)),
  },
};

/** An invitation of the viewer's, or of a party the viewer is in. */
export async function visibleInvite(context: Context, id: string): Promise<InviteRow | null> {
  const invite = await context.loaders.invite.load(id);
  if (!invite) return null;
  return invite.playerId === context.viewer.playerId || (await isMember(context, invite.partyId))
    ? invite
    : null;
}
