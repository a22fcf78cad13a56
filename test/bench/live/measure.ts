import { join } from 'node:path';
import { anyFreePort } from '@fellowship/embedded-postgres';
import type { Options } from '../options.ts';
import { tokensOf, urlsOf } from '../ours.ts';
import { writeSupergraph } from '../peers.ts';
import { processorSeconds, startProcess } from '../processes.ts';
import type { Section } from '../report/section.ts';
import { interleaved, type Measured } from '../rounds.ts';
import { type Contender, socketUrl, startContender } from './contenders.ts';
import { assertEqualEvents } from './equal.ts';
import { type Listeners, startListeners } from './listen.ts';

/** Who listens, a socket each, with what each brings as `connectionParams`. */
interface Audience {
  readonly name: string;
  readonly params: readonly Params[];
}

type Params = Record<string, unknown>;

/** An event of one subgraph, with what another one knows of who did it. */
const query = `subscription { guildActivity(guildId: "2c1b63a5-6d1e-4a5c-8c6e-0f3c2a9b7d10") {
  __typename cursor actor { id party { id goal } } } }`;

/** Of each of the two runs. */
const WARM_UP_SECONDS = 1;

/** Gateways over the same remote subgraphs, each a process of its own. */
export async function measure(options: Options): Promise<Section> {
  await using resources = new AsyncDisposableStack();
  const start = <Resource extends { stop(): Promise<void> }>(resource: Resource): Resource => {
    resources.defer(() => resource.stop());
    return resource;
  };
  const ports = { party: await anyFreePort(), guild: await anyFreePort(), group: await anyFreePort() };
  const others = [`party=${ports.party}`, `group=${ports.group}`];
  start(startProcess(join(import.meta.dirname, '../gateway/subgraphs.ts'), { args: others }));
  start(startProcess(join(import.meta.dirname, 'events.ts'), { args: [String(ports.guild)] }));
  const supergraph = join(options.directory, 'live.graphql');
  await writeSupergraph(supergraph, urlsOf(ports));
  const contenders: Contender[] = [];
  for (const name of options.contenders) {
    const contender = await startContender(name, urlsOf(ports), supergraph, options);
    if (contender) contenders.push(start(contender));
  }
  const publisher = `ws://127.0.0.1:${ports.guild}/publish`;
  const audiences = await audiencesOf(options.quick ? [1, 20] : [1, 50, 200], options);
  await assertEqualEvents({ contenders, query, params: audiences[0]?.params[0] ?? {}, publisher });
  const listeners = start(startListeners());
  const run = { listeners, publisher, seconds: options.seconds };
  for (const { params } of audiences) {
    for (const contender of contenders) {
      await measureOne(contender, params, { ...run, seconds: WARM_UP_SECONDS });
    }
  }
  return {
    title: 'Live, federated events',
    notes: [
      'A guild’s event with its actor’s party: of every event a part is another subgraph’s. Both answer from memory; clients are connected by WebSocket.',
      'ours: verifies tokens, and signs who asks for each fetch. hive: forwards the tokens; with the runtime of its Rust planner, and subgraphs by WebSocket.',
      'Whose party may be seen depends on who asks: clients of one player can share what is asked for, players can not.',
      'At saturation 32 events are on their way; latency at half of each one’s own saturation. Every client got each event once and in order, or there were no figures.',
    ],
    figures: await interleaved({
      contenders,
      subjects: audiences,
      rounds: options.rounds,
      unit: 'deliveries/s',
      compare: [
        { of: 'ours', to: 'hive', atLeast: 1.5 },
        { of: 'ours', to: 'before' },
      ],
      measure: (contender, { params }) => measureOne(contender, params, run),
    }),
  };
}

async function audiencesOf(sizes: readonly number[], { directory }: Options): Promise<Audience[]> {
  const names = Array.from({ length: Math.max(...sizes) }, (_, nth) => `player ${nth}`);
  const tokens = await tokensOf(join(directory, 'state'), names);
  const players = tokens.map((token) => ({ authorization: `Bearer ${token}` }));
  const [player = {}] = players;
  const several = sizes.filter((size) => size > 1);
  return [
    { name: 'one client', params: [player] },
    ...several.map((size) => ({
      name: `${size} clients of one player`,
      params: Array.from({ length: size }, () => player),
    })),
    ...several.map((size) => ({ name: `${size} players`, params: players.slice(0, size) })),
  ];
}

interface Run {
  readonly listeners: Listeners;
  readonly publisher: string;
  readonly seconds: number;
}

async function measureOne(
  contender: Contender,
  params: readonly Params[],
  { listeners, publisher, seconds }: Run,
): Promise<Measured> {
  await listeners.connect({ url: socketUrl(contender), params, query, publisher });
  const used = async () => processorSeconds(await contender.pids());
  const before = await used();
  const saturated = await listeners.hear({ seconds });
  const cpu = (await used()) - before;
  const throughput = saturated.deliveries / saturated.seconds;
  const { p50, p99 } = await listeners.hear({ seconds, rate: throughput / params.length / 2 });
  await listeners.disconnect();
  return { throughput, cpu: (cpu / saturated.deliveries) * 1_000, p50, p99 };
}
