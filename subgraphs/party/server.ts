import { join } from 'node:path';
import type { Subgraph } from '@fellowship/server';
import { createContext, createSchema, openStore, type SubgraphDeps } from '@fellowship/subgraph';
import { activity as activityResolvers } from './activity/resolvers.ts';
import type { Context } from './context.ts';
import type { PartyEvent } from './events.ts';
import { invites } from './invites/resolvers.ts';
import { createLoaders } from './loaders.ts';
import { membership } from './membership/resolvers.ts';
import { activity, commands, heads, relays } from './tables.ts';

/** The party subgraph on its database, which is migrated first. */
export async function createSubgraph(deps: SubgraphDeps): Promise<Subgraph> {
  const store = await openStore<PartyEvent>(deps, {
    name: 'party',
    schema: 'party',
    migrations: join(import.meta.dirname, '../../drizzle/party'),
    activity: { activity, heads, relays },
    commands,
  });
  return {
    name: 'party',
    schema: createSchema('party', [membership, invites, activityResolvers]),
    context: (viewer): Context => createContext(store, viewer, createLoaders),
    ready: () => store.database.ready(),
    close: () => store.close(),
  };
}
