import { answer } from '@fellowship/command';
import { columnsAsked, idOf, type Resolved } from '@fellowship/graphql';
import { connection, encode, momentKey, pageOf, uuidKey } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import { guildAfter } from '../guilds/resolvers.ts';
import { grantOf } from '../ranks/permissions.ts';
import type { MemberRow } from '../rows.ts';
import type { GuildErrorCode, Resolvers } from '../schema.generated.ts';
import { kickMember, leaveGuild, setNote, transferLeadership } from './actions.ts';
import type { MemberKey } from './queries.ts';

/** Answers a command with its member as they are now, if the viewer still sees the guild. */
export const memberAfter = (context: Context, command: Promise<MemberKey>) =>
  answer<'member', MemberRow, GuildErrorCode>('member', async () => {
    const key = await command;
    return context.loaders.member.load(key);
  });

const key = [momentKey, uuidKey];

/** Of the fields of a member, and of one whose guild comes along. */
const resolved: Resolved = { player: 'key', guild: 'key' };
const resolvedWithGuild: Resolved = { ...resolved, guild: 'within' };

export const membership: Resolvers = {
  Player: {
    __resolveReference: ({ id }) => {
      const playerId = idOf(id);
      return playerId === null ? null : { id: playerId };
    },
    guildMemberships: async ({ id }, args, { loaders }, info) => {
      const page = { ...pageOf(args, key), columns: columnsAsked(info, resolvedWithGuild, ['joinedAt']) };
      const rows = await loaders.membershipsOf(page).load(id);
      return connection(rows, page, ({ joinedAt, guildId }) => encode([joinedAt, guildId]));
    },
  },

  Guild: {
    members: async ({ id }, args, { loaders }, info) => {
      const page = { ...pageOf(args, key), columns: columnsAsked(info, resolved, ['joinedAt']) };
      const rows = await loaders.membersOf(page).load(id);
      return connection(rows, page, ({ joinedAt, playerId }) => encode([joinedAt, playerId]));
    },
    viewerMembership: ({ id }, _args, context) => viewerMembership(context, id),
    viewerPermissions: async ({ id }, _args, context) =>
      (await viewerMembership(context, id))?.rank.permissions.map(grantOf) ?? [],
  },

  GuildMember: {
    guild: ({ guildId, guild }, _args, { loaders }) => guild ?? loaders.guild.load(guildId),
    player: ({ playerId }) => ({ id: playerId }),
    note: async ({ guildId, note }, _args, context) => {
      const own = await viewerMembership(context, guildId);
      return own?.rank.permissions.includes('OFFICER_CHAT') ? note : null;
    },
  },

  Mutation: {
    guildLeave: (_root, { input }, context) => guildAfter(context, leaveGuild(context, input)),
    guildLeadershipTransfer: (_root, { input }, context) =>
      guildAfter(context, transferLeadership(context, input)),
    guildMemberKick: (_root, { input }, context) => guildAfter(context, kickMember(context, input)),
    guildMemberNoteSet: (_root, { input }, context) => memberAfter(context, setNote(context, input)),
  },
};

const viewerMembership = ({ loaders, viewer }: Context, guildId: string) =>
  loaders.member.load({ guildId, playerId: viewer.playerId });
