import postgres from 'postgres';
import { type Contender, WARM_UP_SECONDS } from '../http/race.ts';
import type { Options } from '../options.ts';
import { familyOf, processorSeconds } from '../processes.ts';
import type { Figure, Round, Section } from '../report/section.ts';
import { startContender, untilReady } from '../system/contenders.ts';
import { createDatabase } from '../system/database.ts';
import { playerIds, seedWorld } from '../system/world.ts';
import { type Act, createActs, seedGuilds } from './acts.ts';
import { type Nakama, startNakama } from './nakama.ts';

/** Clients: enough to keep the server busy, too few to make a queue. */
const CLIENTS = 8;

const NOTES = {
  published:
    'Nakama 3.40’s figures are of another machine of this kind, the lowest that were seen, its database included.',
  measured: 'Nakama: its server with its defaults, over the same PostgreSQL, in the same rounds.',
};

/** Whoever does an act: ours with the act's bodies, Nakama with requests of its own. */
type Doer = Contender | (Nakama & { readonly name: 'nakama' });

/** What an act costs, in microseconds of the processor of a server and its PostgreSQL. */
export async function measure(options: Options): Promise<Section> {
  await using resources = new AsyncDisposableStack();
  const databaseUrl = await createDatabase(options.postgresUrl, 'bench_acts');
  await seedWorld(databaseUrl);
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  resources.defer(() => sql.end());
  await seedGuilds(sql);
  const doers: Doer[] = [];
  for (const name of ['ours', 'before'].filter((each) => options.contenders.includes(each))) {
    const contender = await startContender(name, databaseUrl, playerIds, options);
    if (!contender) continue;
    doers.push(contender);
    resources.defer(() => contender.stop());
    await untilReady(contender);
  }
  if (options.nakama) {
    const nakama = await startNakama(options.nakama, options.postgresUrl);
    doers.push({ ...nakama, name: 'nakama' });
    resources.defer(() => nakama.stop());
  }
  const figures: Figure[] = [];
  for (const act of createActs(sql)) figures.push(await figureOf(act, doers, options));
  return {
    title: 'Acts beside Nakama',
    notes: [
      `One process and its PostgreSQL, ${CLIENTS} clients.`,
      options.nakama ? NOTES.measured : NOTES.published,
    ],
    figures,
  };
}

async function figureOf(act: Act, doers: readonly Doer[], options: Options): Promise<Figure> {
  for (const doer of doers) await warmUp(doer, act, options);
  const rounds: Round[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const measured: Record<string, number> = {};
    if (act.published && !options.nakama) measured['nakama'] = act.published;
    for (const doer of doers) {
      const microseconds = await microsecondsOf(doer, act, options);
      if (microseconds !== undefined) measured[doer.name] = microseconds;
    }
    rounds.push(measured);
  }
  const compare = [
    ...(act.published ? [{ of: 'ours', to: 'nakama', atMost: 1 }] : []),
    { of: 'ours', to: 'before' },
  ];
  return { name: act.name, unit: 'CPU us an act', rounds, compare };
}

/** As long as other requests are: V8 compiles what runs long. */
async function warmUp(doer: Doer, act: Act, options: Options): Promise<void> {
  const end = performance.now() + WARM_UP_SECONDS * 1_000;
  while (performance.now() < end) if ((await microsecondsOf(doer, act, options)) === undefined) return;
}

async function microsecondsOf(doer: Doer, act: Act, options: Options): Promise<number | undefined> {
  const requests = 'requests' in doer ? await doer.requests(act.name) : await requestsOf(doer, act);
  if (!requests) return undefined;
  const used = async () =>
    processorSeconds([...(await doer.pids()), ...(await familyOf(options.postgresPid))]);
  const before = await used();
  const load = { origin: doer.origin, requests, connections: CLIENTS, seconds: options.seconds };
  const outcome = await options.loader.run({ ...load, once: act.command ?? false });
  return (((await used()) - before) / outcome.requests) * 1_000_000;
}

const requestsOf = async ({ headers }: Contender, act: Act) =>
  (await act.bodies()).map((body, nth) => ({
    path: '/graphql',
    headers: { 'content-type': 'application/json', ...headers(nth) },
    body,
  }));
