import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Contender } from '../http/race.ts';
import type { Options } from '../options.ts';
import { tokensOf } from '../ours.ts';
import { familyOf, processorSeconds } from '../processes.ts';
import type { Figure, Round, Section } from '../report/section.ts';
import { startContender, untilReady } from '../system/contenders.ts';
import { createDatabase } from '../system/database.ts';
import { seedWorld } from '../system/world.ts';
import { type Act, createActs, type Turn } from './acts.ts';
import type { Replay } from './bare.ts';
import { replay, startRecorder } from './recorder.ts';

/** Acts of each client for a second of `--seconds`. */
const TURNS_A_SECOND = 10;

/** Mutations through the public API, and the statements that they send by the driver alone. */
export async function measure(options: Options): Promise<Section> {
  const databaseUrl = await createDatabase(options.postgresUrl, 'bench_writes');
  await seedWorld(databaseUrl);
  await using resources = new AsyncDisposableStack();
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  resources.defer(() => sql.end());
  const recorder = await startRecorder(databaseUrl);
  resources.defer(() => recorder.subgraph.close());
  const contenders: Contender[] = [];
  resources.defer(async () => {
    for (const contender of contenders) await contender.stop();
  });
  for (const name of ['ours', 'before'].filter((each) => options.contenders.includes(each))) {
    const contender = await startContender(name, databaseUrl, [''], options);
    if (contender) contenders.push(contender);
  }
  const driver = startDriver();
  resources.defer(driver.stop);

  const turns = Math.ceil((options.seconds * TURNS_A_SECOND) / 2) * 2;
  const figures: Figure[] = [];
  for (const act of createActs(sql, recorder.subgraph)) {
    const rates: Round[] = [];
    const processor: Round[] = [];
    for (let round = -1; round < options.rounds; round += 1) {
      const rate: Record<string, number> = {};
      const cpu: Record<string, number> = {};
      for (const contender of contenders) {
        const measured = await throughGraph(contender, await act.stage(options.connections, turns), options);
        [rate[contender.name], cpu[contender.name]] = measured;
      }
      const recordings = await record(act);
      const staged = await act.stage(options.connections, turns);
      const clients = staged.map((list) =>
        list.map((turn, nth) => {
          const recording = recordings[nth % act.period];
          if (!recording) throw new Error('Nothing was recorded');
          return replay(recording, turn);
        }),
      );
      const seconds = await driver.run({ url: databaseUrl, clients });
      rate['bare'] = (clients.length * turns) / seconds;
      // The first round warms up.
      if (round >= 0) {
        rates.push(rate);
        processor.push(cpu);
      }
    }
    figures.push(
      {
        name: act.name,
        unit: 'acts/s',
        rounds: rates,
        compare: [
          { of: 'ours', to: 'bare', atLeast: 0.5 },
          { of: 'ours', to: 'before' },
        ],
      },
      {
        name: act.name,
        unit: 'CPU s / 1,000',
        rounds: processor,
        compare: [{ of: 'ours', to: 'before' }],
      },
    );
  }
  return {
    title: 'Writes',
    notes: [
      `${options.connections} clients, each in a party of its own; every commit is on the disk before it is answered.`,
      'ours: mutations through the gateway in one process. bare: the statements that they send, recorded and sent again by the driver on as many connections; what ours sends without waiting, it sends so too.',
    ],
    figures,
  };

  async function record(act: Act) {
    const [list] = await act.stage(1, act.period);
    const recordings = [];
    for (const turn of list ?? []) recordings.push(await recorder.record(turn));
    return recordings;
  }
}

/** Acts a second, and seconds of processor for 1,000, PostgreSQL's included. */
async function throughGraph(
  contender: Contender,
  staged: readonly (readonly Turn[])[],
  options: Options,
): Promise<[rate: number, cpu: number]> {
  const state = options.ours(contender.name)?.state ?? '';
  const players = [...new Set(staged.flat().map(({ ids }) => ids.player))];
  const tokens = await tokensOf(state, players);
  const tokenOf = new Map(players.map((player, nth) => [player, tokens[nth]]));
  const requests = staged.flat().map(({ query, input, ids }) => ({
    path: '/graphql',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf.get(ids.player)}` },
    body: JSON.stringify({ query, variables: { input } }),
  }));
  await untilReady(contender);
  const used = async () =>
    processorSeconds([...(await contender.pids()), ...(await familyOf(options.postgresPid))]);
  const before = await used();
  const { origin } = contender;
  const { connections, seconds } = options;
  const outcome = await options.loader.run({ origin, requests, connections, seconds, once: true });
  return [outcome.requests / outcome.seconds, (((await used()) - before) / outcome.requests) * 1_000];
}

function startDriver() {
  const child = fork(join(import.meta.dirname, 'bare.ts'), { execArgv: [] });
  // Whoever waits for its answer would wait for ever.
  const ended = once(child, 'exit').then(() => ['The process has ended']);
  return {
    /** Seconds that it took. */
    async run(replayed: Replay): Promise<number> {
      child.send(replayed);
      const [answer] = await Promise.race([once(child, 'message'), ended]);
      if (typeof answer === 'string') throw new Error(`Bare statements: ${answer}`);
      return answer;
    },
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
