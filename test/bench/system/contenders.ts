import { join } from 'node:path';
import { anyFreePort } from '@fellowship/embedded-postgres';
import { loadOrCreateDevKeys } from '@fellowship/identity';
import type { Contender } from '../http/race.ts';
import type { Options } from '../options.ts';
import { startOurs, tokensOf } from '../ours.ts';
import { peerEnvironment, startApolloGateway, writeSupergraph } from '../peers.ts';
import { type Started, startProcess, untilAnswers } from '../processes.ts';

const NAMES = ['party', 'guild', 'group'] as const;

/**
 * The whole system by one of its contenders' names, over a migrated database; undefined for other names. Requests
 * are the players', in turns.
 */
export async function startContender(
  name: string,
  databaseUrl: string,
  players: readonly string[],
  options: Options,
): Promise<Contender | undefined> {
  if (name === 'floor') return startFloor(databaseUrl, players);
  if (name === 'apollo') return startStock(databaseUrl, players, options);
  const ours = options.ours(name);
  if (!ours) return undefined;
  const tokens = await tokensOf(ours.state, players);
  const gatewayPort = await anyFreePort();
  const started = startOurs(name === 'services' ? 'start/services.ts' : 'start/main.ts', ours, {
    DATABASE_URL: databaseUrl,
    GATEWAY_PORT: String(gatewayPort),
    PARTY_PORT: '0',
    GUILD_PORT: '0',
    GROUP_PORT: '0',
  });
  return { ...started, name, origin: originOf(gatewayPort), headers: bearer(tokens) };
}

/** Ours says when it is. */
export const untilReady = ({ name, origin }: Contender) =>
  untilAnswers(async () => {
    if (!(await fetch(`${origin}/readyz`)).ok) throw new Error(`${name} is not ready`);
  });

const originOf = (port: number) => `http://127.0.0.1:${port}`;

const bearer = (tokens: readonly string[]) => (nth: number) => ({
  authorization: `Bearer ${tokens[nth % tokens.length]}`,
});

async function startFloor(databaseUrl: string, players: readonly string[]): Promise<Contender> {
  const port = await anyFreePort();
  const script = join(import.meta.dirname, 'floor.ts');
  const started = startProcess(script, { args: [String(port), databaseUrl] });
  return {
    ...started,
    name: 'floor',
    origin: originOf(port),
    headers: (nth) => ({ player: players[nth % players.length] ?? '' }),
    pids: async () => [started.pid],
  };
}

/** Gateway and subgraphs in processes of their own, as ours are in `start:services`. */
async function startStock(
  databaseUrl: string,
  players: readonly string[],
  { directory }: Options,
): Promise<Contender> {
  const state = join(directory, 'state');
  const { publicKey } = await loadOrCreateDevKeys(state, undefined);
  const script = join(import.meta.dirname, 'stock-subgraph.ts');
  const urls: Record<string, string> = {};
  const processes: Started[] = [];
  for (const name of NAMES) {
    const port = await anyFreePort();
    urls[name] = originOf(port);
    const args = [name, String(port), databaseUrl];
    processes.push(startProcess(script, { args, environment: peerEnvironment }));
  }
  const supergraph = join(directory, 'system.graphql');
  await writeSupergraph(supergraph, urls);
  const port = await anyFreePort();
  processes.push(startApolloGateway(supergraph, port, publicKey));
  return {
    name: 'apollo',
    origin: originOf(port),
    headers: bearer(await tokensOf(state, players)),
    pids: async () => processes.map(({ pid }) => pid),
    async stop() {
      for (const started of processes.toReversed()) await started.stop();
    },
  };
}
