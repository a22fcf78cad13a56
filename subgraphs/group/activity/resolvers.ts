import { cursorOf } from '@fellowship/activity';
import { idOf } from '@fellowship/graphql';
import { connection, pageSize } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import {
  eventTypes,
  type GroupEventRow,
  groupLog,
  moderationLog,
  organizationLog,
  whoLosesAccess,
} from '../events.ts';
import { stillSeesGroup } from '../groups/access.ts';
import { isModerator, moderates, roleNow } from '../organizations/access.ts';
import type { PlayerRow } from '../rows.ts';
import type { GroupEventResolvers, Resolvers } from '../schema.generated.ts';

/** Who may list members learns who it was; who may not learns it of themself alone. */
async function named(context: Context, organizationId: string, playerId: string): Promise<PlayerRow | null> {
  const known = playerId === context.viewer.playerId || (await isModerator(context, organizationId));
  return known ? { id: playerId } : null;
}

/** What every event answers. */
const common = {
  cursor: (row: GroupEventRow) => cursorOf(row),
  actor: ({ actorId, data }: GroupEventRow, _args: object, context: Context) =>
    actorId === null ? null : named(context, data.organizationId, actorId),
  organization: ({ data }: GroupEventRow, _args: object, { loaders }: Context) =>
    loaders.organization.load(data.organizationId),
};

const player = (
  { data }: { readonly data: { readonly organizationId: string; readonly playerId: string } },
  _args: object,
  context: Context,
) => named(context, data.organizationId, data.playerId);

const group = (
  { data }: { readonly data: { readonly groupId: string } },
  _args: object,
  { loaders }: Context,
) => loaders.group.load(data.groupId);

const organizationEvent = (
  { data }: { readonly data: { readonly eventId: string } },
  _args: object,
  { loaders }: Context,
) => loaders.event.load(data.eventId);

export const activity: Resolvers = {
  Organization: {
    activity: ({ id, viewerRole }, args, context) =>
      activityPage(context, moderates(viewerRole) ? moderationLog(id) : organizationLog(id), args),
  },
  Group: { activity: ({ id }, args, context) => activityPage(context, groupLog(id), args) },

  GroupEvent: { __resolveType: ({ type }: GroupEventRow) => eventTypes[type] } as GroupEventResolvers,
  OrganizationCreated: common,
  OrganizationUpdated: common,
  OrganizationDeleted: { ...common, organizationId: ({ data }) => data.organizationId },
  OrganizationMemberAdded: { ...common, player },
  OrganizationMemberRoleSet: { ...common, player, role: ({ data }) => data.role },
  OrganizationOwnerChanged: { ...common, player },
  OrganizationMemberLeft: { ...common, player },
  OrganizationMemberRemoved: { ...common, player },
  GroupCreated: { ...common, group },
  GroupUpdated: { ...common, group },
  GroupCodeRegenerated: { ...common, group },
  GroupDeleted: { ...common, group, groupId: ({ data }) => data.groupId },
  GroupMemberAdded: { ...common, group, player },
  GroupMemberLeft: { ...common, group, player },
  GroupMemberRemoved: { ...common, group, player },
  OrganizationEventCreated: { ...common, organizationEvent },
  OrganizationEventUpdated: { ...common, organizationEvent },
  OrganizationEventCancelled: { ...common, organizationEvent },
  OrganizationEventHidden: {
    ...common,
    organizationEvent,
    organizationEventId: ({ data }) => data.eventId,
  },
  OrganizationEventRegistered: {
    ...common,
    organizationEvent,
    player,
    status: ({ data }) => data.status,
  },
  OrganizationEventUnregistered: { ...common, organizationEvent, player },
  OrganizationEventPromoted: { ...common, organizationEvent, player },

  Subscription: {
    groupActivity: {
      subscribe: (_root, { groupId, after }, context) => {
        const id = idOf(groupId);
        return context.activity.stream({
          tenantId: context.viewer.tenantId,
          subject: groupLog(id ?? ''),
          after,
          reader: context.viewer.playerId,
          mayRead: async () => id !== null && (await stillSeesGroup(context, id)),
          affectsAccess: whoLosesAccess,
        });
      },
      resolve: (row: GroupEventRow) => row,
    },
    organizationActivity: {
      subscribe: async (_root, { organizationId, after }, context) => {
        const id = idOf(organizationId);
        const role = async () => (id === null ? null : roleNow(context, id));
        const asModerator = moderates((await role()) ?? 'MEMBER');
        return context.activity.stream({
          tenantId: context.viewer.tenantId,
          subject: asModerator ? moderationLog(id ?? '') : organizationLog(id ?? ''),
          after,
          reader: context.viewer.playerId,
          mayRead: async () => {
            const now = await role();
            return now !== null && (moderates(now) || !asModerator);
          },
          affectsAccess: whoLosesAccess,
        });
      },
      resolve: (row: GroupEventRow) => row,
    },
  },
};

interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
}

async function activityPage(context: Context, log: string, { first, after }: PageArguments) {
  const page = { first: pageSize(first), after: after ?? null };
  const rows = await context.activity.page(context.reads, log, { limit: page.first + 1, after: page.after });
  return connection(rows, page, cursorOf);
}
