import { answer } from '@fellowship/command';
import { connection, encode, pageOf, uuidKey } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import type { ApplicationRow } from '../rows.ts';
import type { GuildErrorCode, Resolvers } from '../schema.generated.ts';
import { apply, approveApplication, rejectApplication, withdrawApplication } from './actions.ts';
import { applicationsOfPlayer } from './queries.ts';

const applicationAfter = (context: Context, command: Promise<string>) =>
  answer<'application', ApplicationRow, GuildErrorCode>('application', async () => {
    const id = await command;
    return context.loaders.application.load(id);
  });

export const applications: Resolvers = {
  Player: {
    guildApplications: async ({ id }, args, { reads, viewer }) => {
      const page = pageOf(args, [uuidKey]);
      const rows = id === viewer.playerId ? await applicationsOfPlayer(reads, { playerId: id, page }) : [];
      return connection(rows, page, ({ id }) => encode([id]));
    },
  },

  Guild: {
    applications: async ({ id }, args, { loaders }) => {
      const page = pageOf(args, [uuidKey]);
      return connection(await loaders.applicationsOf(page).load(id), page, ({ id }) => encode([id]));
    },
  },

  GuildApplication: {
    guild: ({ guildId }, _args, { loaders }) => loaders.guild.load(guildId),
    player: ({ playerId }) => ({ id: playerId }),
    decidedBy: ({ deciderId }) => (deciderId === null ? null : { id: deciderId }),
  },

  Mutation: {
    guildApply: (_root, { input }, context) => applicationAfter(context, apply(context, input)),
    guildApplicationWithdraw: (_root, { input }, context) =>
      applicationAfter(context, withdrawApplication(context, input)),
    guildApplicationApprove: (_root, { input }, context) =>
      applicationAfter(context, approveApplication(context, input)),
    guildApplicationReject: (_root, { input }, context) =>
      applicationAfter(context, rejectApplication(context, input)),
  },
};
