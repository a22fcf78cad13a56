import { join } from 'node:path';
import type { Subgraph } from '@fellowship/server';
import { createContext, createSchema, openStore, type SubgraphDeps } from '@fellowship/subgraph';
import { activity as activityResolvers } from './activity/resolvers.ts';
import { createInvitations, type InvitationDeps } from './codes/invitations.ts';
import { codes } from './codes/resolvers.ts';
import type { Context } from './context.ts';
import type { GroupEvent } from './events.ts';
import { groups } from './groups/resolvers.ts';
import { createLoaders } from './loaders.ts';
import { members } from './members/resolvers.ts';
import { organizationEvents } from './organization-events/resolvers.ts';
import { organizations } from './organizations/resolvers.ts';
import { registrations } from './registrations/resolvers.ts';
import { activity, commands, heads, relays } from './tables/index.ts';

/** The group subgraph on its database, which is migrated first. */
export async function createSubgraph(deps: SubgraphDeps & InvitationDeps): Promise<Subgraph> {
  const store = await openStore<GroupEvent>(deps, {
    name: 'group',
    schema: 'social_group',
    migrations: join(import.meta.dirname, '../../drizzle/group'),
    activity: { activity, heads, relays },
    commands,
  });
  const invitations = createInvitations(deps);
  return {
    name: 'group',
    schema: createSchema('group', [
      organizations,
      members,
      groups,
      codes,
      organizationEvents,
      registrations,
      activityResolvers,
    ]),
    context: (viewer): Context => Object.assign(createContext(store, viewer, createLoaders), { invitations }),
    ready: () => store.database.ready(),
    close: () => store.close(),
  };
}
