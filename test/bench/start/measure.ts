import { chmod, mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { anyFreePort } from '@fellowship/embedded-postgres';
import type { Options } from '../options.ts';
import { type Ours, startOurs, tokensOf } from '../ours.ts';
import { proportionalMiB, residentMiB, untilAnswers } from '../processes.ts';
import type { Figure, Round, Section } from '../report/section.ts';

/** Seconds without a request before memory is read. */
const REST = 5;

const PROGRAMS = { ours: 'start/main.ts', services: 'start/services.ts' } as const;

/** What someone waits for who has just installed: `pnpm start`, with a database of its own. */
export async function measure(options: Options): Promise<Section> {
  const seconds = { first: [] as Round[], next: [] as Round[] };
  const memory = { node: [] as Round[], postgres: [] as Round[] };
  const names = (Object.keys(PROGRAMS) as (keyof typeof PROGRAMS)[]).filter((name) =>
    options.contenders.includes(name),
  );
  for (let round = 0; round < options.rounds; round += 1) {
    const [first, next, node, database]: Record<string, number>[] = [{}, {}, {}, {}];
    for (const name of names) {
      const ours = options.ours(name);
      if (!ours || !first || !next || !node || !database) continue;
      // Open to all, because root's PostgreSQL runs as another user.
      await using directory = await mkdtempDisposable(join(tmpdir(), 'fellowship-start-'));
      const state = directory.path;
      await chmod(state, 0o711);
      const empty = await startAndRest(PROGRAMS[name], { ...ours, state });
      const used = await startAndRest(PROGRAMS[name], { ...ours, state });
      [first[name], next[name], node[name], database[name]] = [
        empty.seconds,
        used.seconds,
        used.node,
        used.postgres,
      ];
    }
    seconds.first.push(first ?? {});
    seconds.next.push(next ?? {});
    memory.node.push(node ?? {});
    memory.postgres.push(database ?? {});
  }
  const figure = (name: string, unit: string, rounds: readonly Round[]): Figure => ({
    name,
    unit,
    rounds,
    compare: [],
  });
  return {
    title: 'Start and rest',
    notes: [
      'From the command to the answer to a first query, with dependencies installed: with no database yet, then with it there.',
      `Memory ${REST} s after it: all Node processes by RSS, all of PostgreSQL by PSS.`,
    ],
    figures: [
      figure('first start, to the first answer', 's', seconds.first),
      figure('next start, to the first answer', 's', seconds.next),
      figure('at rest, Node', 'MiB', memory.node),
      figure('at rest, PostgreSQL', 'MiB', memory.postgres),
    ],
  };
}

async function startAndRest(program: string, ours: Ours) {
  const [token] = await tokensOf(ours.state, ['Ada']);
  const port = await anyFreePort();
  const began = performance.now();
  const ports = { GATEWAY_PORT: String(port), PARTY_PORT: '0', GUILD_PORT: '0', GROUP_PORT: '0' };
  const started = startOurs(program, ours, ports);
  try {
    await untilAnswers(async () => {
      const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: '{ me { id party { id } groups(first: 1) { nodes { id } } } }' }),
      });
      const { data } = (await response.json()) as { data?: { me?: unknown } };
      if (!data?.me) throw new Error('It does not answer yet');
    });
    const seconds = (performance.now() - began) / 1_000;
    await delay(REST * 1_000);
    const [node, postgres] = await byProgram(await started.pids());
    return { seconds, node: await residentMiB(node), postgres: await proportionalMiB(postgres) };
  } finally {
    await started.stop();
  }
}

/** Node's processes, and PostgreSQL's. */
async function byProgram(pids: readonly number[]): Promise<[node: number[], postgres: number[]]> {
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  const isPostgres = (_: number, nth: number) => /bin\/postgres\0|^postgres:/.test(commands[nth] ?? '');
  return [pids.filter((pid, nth) => !isPostgres(pid, nth)), pids.filter(isPostgres)];
}
