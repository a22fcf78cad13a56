import { join } from 'node:path';
import type { Subgraph } from '@fellowship/server';
import {
  createContext,
  createSchema,
  mutationHandler,
  openStore,
  type SubgraphDeps,
} from '@fellowship/subgraph';
import { activity as activityResolvers } from './activity/resolvers.ts';
import { chat } from './chat/resolvers.ts';
import { type ActivitiesInput, defaultActivities, readActivities } from './composition/activities.ts';
import { composition } from './composition/resolvers.ts';
import type { Context } from './context.ts';
import { DeadlineWorker } from './deadlines/worker.ts';
import type { PartyEvent } from './events.ts';
import { finder } from './finder/resolvers.ts';
import { expireInvite } from './invites/actions.ts';
import { invites } from './invites/resolvers.ts';
import { createLoaders } from './loaders.ts';
import { loot } from './loot/resolvers.ts';
import { closeRolls } from './loot/settle.ts';
import { membership } from './membership/resolvers.ts';
import { quests } from './quests/resolvers.ts';
import { queue } from './queue/resolvers.ts';
import { expireReadyCheck } from './readiness/actions.ts';
import { readiness } from './readiness/resolvers.ts';
import { settings } from './settings/resolvers.ts';
import { activity, commands, heads, relays } from './tables/index.ts';

export interface PartyDeps extends SubgraphDeps {
  /** What parties can be for, and whom it takes: `defaultActivities` unless given. */
  readonly activities?: ActivitiesInput;
}

/** The party subgraph on its database, which is migrated first. */
export async function createSubgraph(deps: PartyDeps): Promise<Subgraph> {
  const activities = readActivities(deps.activities ?? defaultActivities);
  const store = await openStore<PartyEvent>(deps, {
    name: 'party',
    schema: 'party',
    migrations: join(import.meta.dirname, '../../drizzle/party'),
    activity: { activity, heads, relays },
    commands,
    relayed: ['deadlines'],
  });
  const deadlines = new DeadlineWorker(
    store,
    { INVITE: expireInvite, LOOT_ROLL: closeRolls, READY_CHECK: expireReadyCheck },
    deps.log,
  );
  const subgraph: Subgraph = {
    name: 'party',
    schema: createSchema('party', [
      membership,
      settings,
      composition,
      finder,
      invites,
      chat,
      quests,
      readiness,
      queue,
      loot,
      activityResolvers,
    ]),
    context: (viewer): Context => Object.assign(createContext(store, viewer, createLoaders), { activities }),
    ready: () => store.database.ready(),
    async close() {
      await deadlines.close();
      await store.close();
    },
  }; // The same door as the mutations, for services that speak on the bus.
  store.consume({
    'combat:loot-dropped': mutationHandler(subgraph, 'partyLootReport', 'service:combat', deps.log),
    'quest:objective-completed': mutationHandler(subgraph, 'partyObjectiveReport', 'service:quest', deps.log),
    'matchmaking:match-found': mutationHandler(subgraph, 'partyMatchReport', 'service:matchmaking', deps.log),
  });
  return subgraph;
}
