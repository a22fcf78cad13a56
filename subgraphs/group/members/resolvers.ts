import { answer } from '@fellowship/command';
import { idOf } from '@fellowship/graphql';
import { connection, encode, momentKey, pageOf, uuidKey } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import { organizationAfter } from '../organizations/resolvers.ts';
import type { OrganizationMemberRow } from '../rows.ts';
import type { GroupErrorCode, Resolvers } from '../schema.generated.ts';
import { addMember, leaveOrganization, type MemberKey, removeMember, setRole } from './actions.ts';
import { visibleMember } from './queries.ts';

/** Answers a command with its member as they are now, if the viewer still sees them. */
const memberAfter = (context: Context, command: Promise<MemberKey>) =>
  answer<'member', OrganizationMemberRow, GroupErrorCode>('member', async () =>
    visibleMember(context.reads, { ...(await command), viewerId: context.viewer.playerId }),
  );

export const members: Resolvers = {
  Player: {
    __resolveReference: ({ id }) => {
      const playerId = idOf(id);
      return playerId === null ? null : { id: playerId };
    },
    organizationMemberships: async ({ id }, args, { loaders }) => {
      const page = pageOf(args, [uuidKey]);
      const rows = await loaders.membershipsOf(page).load(id);
      return connection(rows, page, ({ organizationId }) => encode([organizationId]));
    },
  },

  Organization: {
    members: async ({ id }, args, { loaders }) => {
      const page = pageOf(args, [momentKey, uuidKey]);
      const rows = await loaders.membersOf(page).load(id);
      return connection(rows, page, ({ joinedAt, playerId }) => encode([joinedAt, playerId]));
    },
  },

  OrganizationMember: {
    organization: ({ organizationId }, _args, { loaders }) => loaders.organization.load(organizationId),
    player: ({ playerId }) => ({ id: playerId }),
  },

  Mutation: {
    organizationMemberAdd: (_root, { input }, context) => memberAfter(context, addMember(context, input)),
    organizationMemberRoleSet: (_root, { input }, context) => memberAfter(context, setRole(context, input)),
    organizationMemberRemove: (_root, { input }, context) =>
      organizationAfter(context, removeMember(context, input)),
    organizationLeave: (_root, { input }, context) =>
      organizationAfter(context, leaveOrganization(context, input)),
  },
};
