import { anyFreePort } from '@fellowship/embedded-postgres';
import type { Options } from '../options.ts';
import { type SubgraphUrls, startOurGateway } from '../ours.ts';
import { startHiveLive } from '../peers.ts';
import type { Runner } from '../rounds.ts';

/** A gateway that serves subscriptions over graphql-ws. */
export interface Contender extends Runner {
  readonly port: number;
  stop(): Promise<void>;
}

/** By its name; undefined for names that have no subscriptions, or the same as another's. */
export async function startContender(
  name: string,
  urls: SubgraphUrls,
  supergraph: string,
  options: Options,
): Promise<Contender | undefined> {
  const port = await anyFreePort();
  if (name === 'hive') {
    const started = startHiveLive(supergraph, port);
    return { ...started, name, port, pids: async () => [started.pid] };
  }
  const ours = name === 'services' ? undefined : options.ours(name);
  if (!ours) return undefined;
  // All clients may be one player's.
  const unlimited = { LIMIT_PLAYER_SUBSCRIPTIONS: '1000000' };
  return { ...startOurGateway(ours, port, urls, unlimited), name, port };
}

export const socketUrl = ({ port }: Contender) => `ws://127.0.0.1:${port}/graphql`;
