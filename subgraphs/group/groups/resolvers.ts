import { answer } from '@fellowship/command';
import { columnsAsked, idOf } from '@fellowship/graphql';
import { connection, encode, momentKey, pageOf, uuidKey } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import { moderates } from '../organizations/access.ts';
import type { GroupRow } from '../rows.ts';
import type { GroupErrorCode, Resolvers } from '../schema.generated.ts';
import { createGroup, deleteGroup, leaveGroup, removeGroupMember, updateGroup } from './actions.ts';

/** Answers a command with its group as it is now, if the viewer still sees it. */
export const groupAfter = (context: Context, command: Promise<string>) =>
  answer<'group', GroupRow, GroupErrorCode>('group', async () => {
    const id = await command;
    return context.loaders.group.load(id);
  });

export const groups: Resolvers = {
  Query: {
    group: (_root, { id }, { loaders }) => groupById(loaders, id),
  },

  Player: {
    groups: async ({ id }, args, { loaders }, info) => {
      const page = { ...pageOf(args, [uuidKey]), columns: columnsAsked(info, {}) };
      return connection(await loaders.groupsOfPlayer(page).load(id), page, cursorOf);
    },
  },

  Organization: {
    groups: async ({ id }, args, { loaders }) => {
      const page = pageOf(args, [uuidKey]);
      return connection(await loaders.groupsOf(page).load(id), page, cursorOf);
    },
  },

  Group: {
    __resolveReference: ({ id }, { loaders }) => groupById(loaders, id),
    organization: ({ organizationId }, _args, { loaders }) => loaders.organization.load(organizationId),
    creator: ({ viewerRole, creatorId }) => (moderates(viewerRole) ? { id: creatorId } : null),
    members: async ({ id }, args, { loaders }) => {
      const page = pageOf(args, [momentKey, uuidKey]);
      const rows = await loaders.groupMembersOf(page).load(id);
      return connection(rows, page, ({ joinedAt, playerId }) => encode([joinedAt, playerId]));
    },
  },

  GroupMember: {
    player: ({ playerId }) => ({ id: playerId }),
  },

  Mutation: {
    groupCreate: (_root, { input }, context) => groupAfter(context, createGroup(context, input)),
    groupUpdate: (_root, { input }, context) => groupAfter(context, updateGroup(context, input)),
    groupDelete: (_root, { input }, context) => groupAfter(context, deleteGroup(context, input)),
    groupLeave: (_root, { input }, context) => groupAfter(context, leaveGroup(context, input)),
    groupMemberRemove: (_root, { input }, context) => groupAfter(context, removeGroupMember(context, input)),
  },
};

const cursorOf = ({ id }: GroupRow) => encode([id]);

function groupById(loaders: Context['loaders'], id: string): Promise<GroupRow | null> | null {
  const groupId = idOf(id);
  return groupId === null ? null : loaders.group.load(groupId);
}
