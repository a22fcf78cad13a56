import { join } from 'node:path';
import { anyFreePort } from '@fellowship/embedded-postgres';
import { type Contender, race } from '../http/race.ts';
import type { Options } from '../options.ts';
import { type SubgraphUrls, startOurGateway, tokensOf, urlsOf } from '../ours.ts';
import { startApolloGateway, startHiveGateway, writeSupergraph } from '../peers.ts';
import { type Started, startProcess } from '../processes.ts';
import type { Section } from '../report/section.ts';
import { reads } from './reads.ts';

/** Players whose tokens our gateway is sent in turns: it verifies each of them, once. */
const PLAYERS = 100;

/** Gateways over the same remote subgraphs, each a process of its own. */
export async function measure(options: Options): Promise<Section> {
  const ports = { party: await anyFreePort(), guild: await anyFreePort(), group: await anyFreePort() };
  const urls = urlsOf(ports);
  const subgraphs = startProcess(join(import.meta.dirname, 'subgraphs.ts'), {
    args: Object.entries(ports).map(([name, port]) => `${name}=${port}`),
  });
  const supergraph = join(options.directory, 'gateway.graphql');
  await writeSupergraph(supergraph, urls);

  const contenders: Contender[] = [];
  try {
    for (const name of options.contenders) {
      const contender = await startContender(name, urls, supergraph, options);
      if (contender) contenders.push(contender);
    }
    return {
      title: 'Gateway, remote subgraphs',
      notes: [
        'Three subgraphs in one process answer from memory, so the gateway is what is measured.',
        'Ours verifies a token a request and signs who asks for each fetch; the peers do neither.',
        `${options.connections} clients at saturation; latency at half of each one’s own saturation.`,
      ],
      figures: await race({
        ...options,
        contenders,
        reads,
        compare: [
          { of: 'ours', to: 'apollo', atLeast: 2.5 },
          { of: 'ours', to: 'hive', atLeast: 1.8 },
          { of: 'ours', to: 'before' },
        ],
      }),
    };
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
    await subgraphs.stop();
  }
}

async function startContender(
  name: string,
  urls: SubgraphUrls,
  supergraph: string,
  options: Options,
): Promise<Contender | undefined> {
  const port = await anyFreePort();
  const origin = `http://127.0.0.1:${port}`;
  const peer = (started: Started): Contender => ({
    ...started,
    name,
    origin,
    headers: () => ({}),
    pids: async () => [started.pid],
  });
  if (name === 'apollo') return peer(startApolloGateway(supergraph, port));
  // The faster of its two runtimes, which is not its default.
  if (name === 'hive') return peer(startHiveGateway(supergraph, port, ['--hive-router-runtime']));
  // `services` is the same gateway as `ours`.
  const ours = name === 'services' ? undefined : options.ours(name);
  if (!ours) return undefined;
  const tokens = await tokensOf(
    ours.state,
    Array.from({ length: PLAYERS }, (_, nth) => `player ${nth}`),
  );
  const started = startOurGateway(ours, port, urls);
  return {
    ...started,
    name,
    origin,
    headers: (nth) => ({ authorization: `Bearer ${tokens[nth % tokens.length]}` }),
  };
}
