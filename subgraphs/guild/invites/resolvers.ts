import { answer } from '@fellowship/command';
import { connection, encode, pageOf, uuidKey } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import { guildAfter } from '../guilds/resolvers.ts';
import type { InviteRow } from '../rows.ts';
import type { GuildErrorCode, Resolvers } from '../schema.generated.ts';
import { invitePreview } from './access.ts';
import { acceptInvite, createInvite, revokeInvite } from './actions.ts';
import { codeOf } from './codes.ts';

/** Answers a command with its invite as it is now. */
const inviteAfter = (context: Context, command: Promise<string>) =>
  answer<'invite', InviteRow, GuildErrorCode>('invite', async () => {
    const id = await command;
    return context.loaders.invite.load(id);
  });

export const invites: Resolvers = {
  Query: {
    guildInvite: (_root, args, context) => {
      const code = codeOf(args.code);
      return code === null ? null : invitePreview(context, code);
    },
  },

  Guild: {
    invites: async ({ id }, args, { loaders }) => {
      const page = pageOf(args, [uuidKey]);
      return connection(await loaders.invitesOf(page).load(id), page, ({ id }) => encode([id]));
    },
  },

  GuildInvite: {
    guild: ({ guildId }, _args, { loaders }) => loaders.guild.load(guildId),
    creator: ({ creatorId }) => ({ id: creatorId }),
  },

  GuildInvitePreview: {
    guild: ({ guildId }, _args, { loaders }) => loaders.guild.load(guildId),
  },

  Mutation: {
    guildInviteCreate: (_root, { input }, context) => inviteAfter(context, createInvite(context, input)),
    guildInviteRevoke: (_root, { input }, context) => inviteAfter(context, revokeInvite(context, input)),
    guildInviteAccept: (_root, { input }, context) => guildAfter(context, acceptInvite(context, input)),
  },
};
