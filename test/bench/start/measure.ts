import { chmod, mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { anyFreePort } from '@fellowship/embedded-postgres';
import type { Options } from '../options.ts';
import { type Ours, startOurs, tokensOf } from '../ours.ts';
import { proportionalMiB, residentMiB, untilAnswers } from '../processes.ts';
import type { Figure, Round, Section } from '../report/section.ts';
import { startContender } from '../system/contenders.ts';
import { createDatabase } from '../system/database.ts';

/** Seconds without a request before memory is read. */
const REST = 5;

const PROGRAMS = { ours: 'start/main.ts', before: 'start/main.ts', services: 'start/services.ts' };

/** Seconds to the first answer, and MiB at rest after it. */
interface Started {
  readonly seconds: number;
  readonly node: number;
  /** undefined: it has none of its own. */
  readonly postgres: number | undefined;
}

type ByContender = Record<string, Started>;

/** With no database yet, and with it there. */
interface Starts {
  readonly first: ByContender;
  readonly next: ByContender;
}

/** A server that has just been started. */
interface Server {
  readonly origin: string;
  /** Of who asks. */
  readonly authorization: string;
  pids(): Promise<number[]>;
  stop(): Promise<void>;
}

/** What someone waits for who has just installed: `pnpm start`, with a database of its own. */
export async function measure(options: Options): Promise<Section> {
  const { contenders, postgresUrl } = options;
  const stock = contenders.includes('apollo') ? await createDatabase(postgresUrl, 'bench_start') : undefined;
  const rounds: Starts[] = [];
  for (let round = 0; round < options.rounds; round += 1) rounds.push(await measureRound(options, stock));
  const [firsts, nexts] = [rounds.map(({ first }) => first), rounds.map(({ next }) => next)];
  const figure = (name: string, unit: string, rounds: readonly Round[]): Figure => ({
    name,
    unit,
    rounds,
    compare: [
      { of: 'ours', to: 'apollo' },
      { of: 'services', to: 'apollo' },
      { of: 'ours', to: 'before' },
    ],
  });
  return {
    title: 'Start and rest',
    notes: [
      'From the command to the answer to a first query, with dependencies installed, and compiled modules kept from an earlier start: with no database yet, then with it there.',
      'ours and services: with a PostgreSQL of their own. apollo: gateway and subgraphs with stock servers over the same resolvers, on a PostgreSQL that runs already and is not counted.',
      `Memory ${REST} s after it: all Node processes by RSS, all of PostgreSQL by PSS.`,
    ],
    figures: [
      figure('first start, to the first answer', 's', of(firsts, 'seconds')),
      figure('next start, to the first answer', 's', of(nexts, 'seconds')),
      figure('at rest, Node', 'MiB', of(nexts, 'node')),
      figure('at rest, PostgreSQL', 'MiB', of(nexts, 'postgres')),
    ],
  };
}

async function measureRound(options: Options, stock: string | undefined): Promise<Starts> {
  const [first, next]: [ByContender, ByContender] = [{}, {}];
  for (const [name, program] of Object.entries(PROGRAMS)) {
    const ours = options.contenders.includes(name) ? options.ours(name) : undefined;
    if (ours) [first[name], next[name]] = await startTwice(program, ours);
  }
  if (stock) next['apollo'] = await startAndRest(() => startStock(stock, options));
  return { first, next };
}

const of = (rounds: readonly ByContender[], what: keyof Started): Round[] =>
  rounds.map((round) =>
    Object.fromEntries(
      Object.entries(round).flatMap(([name, { [what]: value }]) =>
        value === undefined ? [] : [[name, value]],
      ),
    ),
  );

/** On an empty state directory, and again on what that left. */
async function startTwice(program: string, ours: Ours): Promise<[first: Started, next: Started]> {
  // Open to all, because root's PostgreSQL runs as another user.
  await using directory = await mkdtempDisposable(join(tmpdir(), 'fellowship-start-'));
  await chmod(directory.path, 0o711);
  const start = () => startProgram(program, { ...ours, state: directory.path });
  return [await startAndRest(start), await startAndRest(start)];
}

async function startProgram(program: string, ours: Ours): Promise<Server> {
  const [token] = await tokensOf(ours.state, ['Ada']);
  const port = await anyFreePort();
  const ports = { GATEWAY_PORT: String(port), PARTY_PORT: '0', GUILD_PORT: '0', GROUP_PORT: '0' };
  const started = startOurs(program, ours, ports);
  return { ...started, origin: `http://127.0.0.1:${port}`, authorization: `Bearer ${token}` };
}

async function startStock(databaseUrl: string, options: Options): Promise<Server> {
  const contender = await startContender('apollo', databaseUrl, ['Ada'], options);
  if (!contender) throw new Error('There is no stock peer');
  const { authorization = '' } = contender.headers(0);
  return { ...contender, authorization };
}

async function startAndRest(start: () => Promise<Server>): Promise<Started> {
  const began = performance.now();
  const server = await start();
  try {
    await untilAnswers(() => ask(server));
    const seconds = (performance.now() - began) / 1_000;
    await delay(REST * 1_000);
    const [node, postgres] = await byProgram(await server.pids());
    const own = postgres.length > 0 ? await proportionalMiB(postgres) : undefined;
    return { seconds, node: await residentMiB(node), postgres: own };
  } finally {
    await server.stop();
  }
}

/** Of all three subgraphs. */
async function ask({ origin, authorization }: Server): Promise<void> {
  const query =
    '{ me { id party { id } guildMemberships(first: 1) { nodes { note } } groups(first: 1) { nodes { id } } } }';
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data?: { me?: unknown }; errors?: unknown };
  if (errors || !data?.me) throw new Error(`It does not answer yet: ${JSON.stringify(errors)}`);
}

/** Node's processes, and PostgreSQL's. */
async function byProgram(pids: readonly number[]): Promise<[node: number[], postgres: number[]]> {
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  const isPostgres = (_: number, nth: number) => /bin\/postgres\0|^postgres:/.test(commands[nth] ?? '');
  return [pids.filter((pid, nth) => !isPostgres(pid, nth)), pids.filter(isPostgres)];
}
