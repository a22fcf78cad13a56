import { cursorOf } from '@fellowship/activity';
import { idOf } from '@fellowship/graphql';
import { connection, pageSize } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import { endsMembership, eventTypes, type GuildEventRow, guildLog, inboxLog } from '../events.ts';
import { isMember, isStillMember } from '../membership/access.ts';
import type { GuildEventResolvers, Resolvers } from '../schema.generated.ts';

/** What every event answers. */
const common = {
  cursor: (row: GuildEventRow) => cursorOf(row),
  actor: ({ actorId }: GuildEventRow) => (actorId === null ? null : { id: actorId }),
  guild: ({ data }: GuildEventRow, _args: object, { loaders }: Context) => loaders.guild.load(data.guildId),
};

interface Of<Data> {
  readonly data: Data;
}

const player = ({ data }: Of<{ readonly playerId: string }>) => ({ id: data.playerId });

/** A player and their rank from then on. */
const ranked = {
  player,
  rank: async (
    { data }: Of<{ readonly guildId: string; readonly rankId: string }>,
    _args: object,
    { loaders }: Context,
  ) => (await loaders.ranksOf.load(data.guildId)).find(({ id }) => id === data.rankId) ?? null,
  rankName: ({ data }: Of<{ readonly rankName: string }>) => data.rankName,
};

const invite = ({ data }: Of<{ readonly inviteId: string }>, _args: object, { loaders }: Context) =>
  loaders.invite.load(data.inviteId);

export const activity: Resolvers = {
  Guild: {
    activity: async ({ id }, { first, after }, context) => {
      const page = { first: pageSize(first), after: after ?? null };
      const rows = (await isMember(context, id))
        ? await context.activity.page(context.reads, guildLog(id), {
            limit: page.first + 1,
            after: page.after,
          })
        : [];
      return connection(rows, page, cursorOf);
    },
  },

  GuildEvent: { __resolveType: ({ type }: GuildEventRow) => eventTypes[type] } as GuildEventResolvers,
  GuildCreated: common,
  GuildUpdated: common,
  GuildMemberJoined: { ...common, ...ranked },
  GuildMemberLeft: { ...common, player },
  GuildMemberKicked: { ...common, player },
  GuildMemberPromoted: { ...common, ...ranked },
  GuildMemberDemoted: { ...common, ...ranked },
  GuildLeadershipTransferred: {
    ...common,
    leader: player,
    previousLeader: ({ data }) => ({ id: data.previousLeaderId }),
  },
  GuildInviteCreated: { ...common, invite },
  GuildInviteRevoked: { ...common, invite },

  Subscription: {
    guildActivity: {
      subscribe: (_root, { guildId, after }, context) => {
        const id = idOf(guildId);
        return context.activity.stream({
          tenantId: context.viewer.tenantId,
          subject: guildLog(id ?? ''),
          after,
          mayRead: async () => id !== null && (await isStillMember(context, id)),
          affectsAccess: ({ type }) => endsMembership.has(type),
        });
      },
      resolve: (row: GuildEventRow) => row,
    },
    guildInbox: {
      subscribe: (_root, { after }, { viewer, activity }) =>
        activity.stream({
          tenantId: viewer.tenantId,
          subject: inboxLog(viewer.playerId),
          after,
          mayRead: async () => true,
          affectsAccess: () => false,
        }),
      resolve: (row: GuildEventRow) => row,
    },
  },
};
