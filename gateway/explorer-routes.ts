import { type DevKeys, issueDevToken, playerIdOf } from '@fellowship/identity';
import type { FastifyInstance } from 'fastify';
import { demoPlayers, exampleTabs, standIns } from './explorer/examples.ts';
import { explorer } from './explorer/explorer.ts';

/**
 * GraphiQL at `/`, as the gateway's `routes`.
 *
 * @param devKeys lets the reader play as any of the demo's players; never given in production
 */
export function explorerRoutes(devKeys: DevKeys | undefined): (app: FastifyInstance) => Promise<void> {
  const players = devKeys && {
    names: demoPlayers,
    issueToken: async (name: string) => ({
      token: await issueDevToken(devKeys, { name }, new Date()),
      playerId: playerIdOf(name),
    }),
  };
  return async (app) => {
    await app.register(explorer({ tabs: exampleTabs, standIns, ...(players && { players }) }));
  };
}
