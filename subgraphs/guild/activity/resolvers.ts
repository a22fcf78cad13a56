import { cursorOf } from '@fellowship/activity';
import { idOf } from '@fellowship/graphql';
import { connection, pageSize } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import { eventTypes, type GuildEventRow, guildLog, inboxLog, whoLeaves } from '../events.ts';
import { isMember, isStillMember } from '../membership/access.ts';
import type { GuildEventResolvers, Resolvers } from '../schema.generated.ts';
import { common } from './common.ts';

interface Of<Data> {
  readonly data: Data;
}

const player = ({ data }: Of<{ readonly playerId: string }>) => ({ id: data.playerId });

const invite = ({ data }: Of<{ readonly inviteId: string }>, _args: object, { loaders }: Context) =>
  loaders.invite.load(data.inviteId);

/** One of a guild's ranks, as it is now. */
const rankNow = async ({ loaders }: Context, { guildId, rankId }: { guildId: string; rankId: string }) =>
  (await loaders.ranksOf.load(guildId)).find(({ id }) => id === rankId) ?? null;

const application = {
  player,
  application: ({ data }: Of<{ readonly applicationId: string }>, _args: object, { loaders }: Context) =>
    loaders.application.load(data.applicationId),
};

const rank = {
  rank: (
    { data }: Of<{ readonly guildId: string; readonly rankId: string }>,
    _args: object,
    context: Context,
  ) => rankNow(context, data),
  rankName: ({ data }: Of<{ readonly rankName: string }>) => data.rankName,
};

/** A player and their rank from then on. */
const ranked = { player, ...rank };

const post = ({ data }: Of<{ readonly postId: string }>, _args: object, { loaders }: Context) =>
  loaders.post.load(data.postId);

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
  GuildArchived: { ...common, guildId: ({ data }) => data.guildId },
  GuildRestored: common,
  GuildMemberBanned: { ...common, player },
  GuildMemberUnbanned: { ...common, player },
  GuildApplicationSubmitted: { ...common, ...application },
  GuildApplicationWithdrawn: { ...common, ...application },
  GuildApplicationApproved: { ...common, ...application },
  GuildApplicationRejected: { ...common, ...application },
  GuildRankCreated: { ...common, ...rank },
  GuildRankUpdated: { ...common, ...rank },
  GuildRankDeleted: {
    ...common,
    rankName: rank.rankName,
    destination: ({ data: { guildId, destinationId } }, _args, context) =>
      rankNow(context, { guildId, rankId: destinationId }),
    destinationName: ({ data }) => data.destinationName,
  },
  GuildPageUpdated: { ...common, version: ({ data }) => data.version },
  GuildPostPublished: { ...common, post },
  GuildPostUpdated: { ...common, post },
  GuildPostDeleted: { ...common, title: ({ data }) => data.title },
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
          reader: context.viewer.playerId,
          mayRead: async () => id !== null && (await isStillMember(context, id)),
          affectsAccess: whoLeaves,
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
          reader: viewer.playerId,
          mayRead: async () => true,
          affectsAccess: () => [],
        }),
      resolve: (row: GuildEventRow) => row,
    },
  },
};
