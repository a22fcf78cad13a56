// `pnpm bench`: Fellowship beside what a user would pick instead, on this machine, in this run. A program and no
// test: what it prints is for people to judge, and for `--json` to keep.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '@fellowship/embedded-postgres';
import { measure as acts } from './acts/measure.ts';
import { measure as gateway } from './gateway/measure.ts';
import { measure as growth } from './growth/measure.ts';
import { startLoader } from './http/load.ts';
import { measure as live } from './live/measure.ts';
import type { Options } from './options.ts';
import { installPeers } from './peers.ts';
import { machineFacts } from './report/machine.ts';
import type { Section } from './report/section.ts';
import { head, type Report, tables } from './report/table.ts';
import { measure as start } from './start/measure.ts';
import { measure as system } from './system/measure.ts';
import { measure as writes } from './writes/measure.ts';

const measurements: Readonly<Record<string, (options: Options) => Promise<Section>>> = {
  gateway,
  system,
  writes,
  live,
  acts,
  growth,
  start,
};

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    only: { ...text, default: Object.keys(measurements).join(',') },
    /** `before` is the checkout of `--before`, measured in the same rounds: what a change has brought. */
    contenders: { ...text, default: 'ours,services,apollo,hive,floor' },
    before: text,
    /** The path of Nakama's server, which is then measured beside ours in place of what was published of it. */
    nakama: text,
    rounds: text,
    seconds: text,
    connections: { ...text, default: '32' },
    /** Where the processor profiles of our processes go. */
    profile: text,
    /** A tenth of what grows, and shorter rounds: to see that it runs. */
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const only = values.only.split(',');
const unknown = only.filter((name) => !measurements[name]);
if (unknown.length > 0) throw new Error(`There is no ${unknown}: ${Object.keys(measurements)}`);

async function run(): Promise<Report> {
  await using resources = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'fellowship-bench-'));
  resources.defer(() => rm(directory, { recursive: true, force: true }));
  // PostgreSQL of root's runs as another user, who has to get through.
  await chmod(directory, 0o711);
  if (/apollo|hive/.test(values.contenders)) await installPeers();
  const dataDirectory = join(directory, 'postgres');
  const log = { info: () => {}, error: console.error };
  // Durable, as where it counts: a commit is on the disk before it is answered.
  const database = await startEmbeddedPostgres({ dataDirectory, durable: true, log });
  resources.defer(() => database.stop());
  const loader = startLoader();
  resources.defer(() => loader.stop());

  const checkout = resolve(import.meta.dirname, '../..');
  const checkouts = new Map([
    ['ours', checkout],
    ['services', checkout],
  ]);
  if (values.before) checkouts.set('before', resolve(values.before));
  const options: Options = {
    rounds: Number(values.rounds ?? (values.quick ? 1 : 5)),
    seconds: Number(values.seconds ?? (values.quick ? 1 : 4)),
    quick: values.quick,
    connections: Number(values.connections),
    contenders: [...values.contenders.split(','), ...(values.before ? ['before'] : [])],
    nakama: values.nakama,
    loader,
    directory,
    postgresUrl: database.url('postgres'),
    postgresPid: Number.parseInt(
      await readFile(join(dataDirectory, 'cluster/data/postmaster.pid'), 'utf8'),
      10,
    ),
    ours(name) {
      const from = checkouts.get(name);
      const profile = values.profile && resolve(values.profile);
      return from === undefined ? undefined : { checkout: from, state: join(directory, 'state'), profile };
    },
  };
  const command = ['pnpm bench', ...process.argv.slice(2)].join(' ');
  const machine = await machineFacts(options.postgresUrl);
  if (!values.json) console.log(head({ command, machine }));
  const sections: Section[] = [];
  for (const name of only) {
    const began = performance.now();
    const section = await measurements[name]?.(options);
    if (!section) continue;
    sections.push(section);
    if (!values.json) console.log(tables([section]));
    console.error(`${name}: ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  }
  return { command, machine, sections };
}

// Told to stop it stops what it has started, which `exit` has a hook for.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const report = await run();
if (values.json) console.log(JSON.stringify(report, null, 2));
if (values.write) {
  const title = '# What was measured\n\nMade by this command, by nobody’s hand:\n\n';
  await writeFile(join(import.meta.dirname, 'RESULTS.md'), title + head(report) + tables(report.sections));
}
