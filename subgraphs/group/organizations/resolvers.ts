import { answer } from '@fellowship/command';
import { idOf } from '@fellowship/graphql';
import { connection, encode, pageOf, uuidKey } from '@fellowship/pagination';
import type { Context } from '../context.ts';
import type { OrganizationRow } from '../rows.ts';
import type { GroupErrorCode, Resolvers } from '../schema.generated.ts';
import { createOrganization, deleteOrganization, updateOrganization } from './actions.ts';
import { organizationsOfViewer } from './queries.ts';

/** Answers a command with its organization as it is now, if the viewer still sees it. */
export const organizationAfter = (context: Context, command: Promise<string>) =>
  answer<'organization', OrganizationRow, GroupErrorCode>('organization', async () => {
    const id = await command;
    return context.loaders.organization.load(id);
  });

export const organizations: Resolvers = {
  Query: {
    organization: (_root, { id }, { loaders }) => organizationById(loaders, id),
    organizations: async (_root, args, { reads, viewer }) => {
      const page = pageOf(args, [uuidKey]);
      const rows = await organizationsOfViewer(reads, { viewerId: viewer.playerId, page });
      return connection(rows, page, ({ id }) => encode([id]));
    },
  },

  Organization: {
    __resolveReference: ({ id }, { loaders }) => organizationById(loaders, id),
  },

  Mutation: {
    organizationCreate: (_root, { input }, context) =>
      organizationAfter(context, createOrganization(context, input)),
    organizationUpdate: (_root, { input }, context) =>
      organizationAfter(context, updateOrganization(context, input)),
    organizationDelete: (_root, { input }, context) =>
      organizationAfter(context, deleteOrganization(context, input)),
  },
};

function organizationById(loaders: Context['loaders'], id: string): Promise<OrganizationRow | null> | null {
  const organizationId = idOf(id);
  return organizationId === null ? null : loaders.organization.load(organizationId);
}
