// `pnpm test:faults`: writers and resuming subscribers on a cluster, while its processes, its database and the
// connections between them are killed at random. Proves that delivered = committed, once each, in order.
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadOrCreateDevKeys } from '@fellowship/identity';
import { findNatsServer, startNatsServer } from '@fellowship/nats-server';
import { createLog } from '@fellowship/server';
import { startStack } from '@fellowship/start';
import { startDatabase } from './database.ts';
import { faultsOf, letHappen, seeded } from './faults.ts';
import { createLogs } from './logs.ts';
import { committed, judge, proves } from './proof.ts';
import { inStream } from './stream.ts';
import { startSubscriber } from './subscriber.ts';
import { startWriter } from './writer.ts';

/** Seconds. The whole takes at most a minute to start, as long as was asked, and two minutes to come to rest. */
const longest = 300;
const restWithin = 120;
const writersALog = 2;
const subscribersALog = 3;
/** Milliseconds from one fault to the next. */
const pauses = { least: 500, most: 4_000 };

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '90' },
    seed: { type: 'string', default: `${Date.now() % 1e6}` },
  },
});
const seconds = Math.min(Number(values.seconds), longest);
const random = seeded(Number(values.seed));
const say = (text: string) => console.log(`${new Date().toTimeString().slice(0, 8)}  ${text}`);

async function main(): Promise<boolean> {
  await using resources = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'fellowship-faults-'));
  resources.defer(() => rm(home, { recursive: true, force: true }));
  // Root's PostgreSQL runs as another user, who has to get through to the data.
  await chmod(home, 0o711);
  const directories = { state: join(home, 'state'), data: join(home, 'data') };
  await mkdir(directories.state, { mode: 0o700 });

  say(
    `Seed ${values.seed}, ${seconds} s. Starting a durable database, two gateways and two of each subgraph.`,
  );
  const database = await startDatabase(directories.data);
  resources.defer(() => database.stop());
  const program = findNatsServer();
  if (!program)
    say('!!! NATS IS LEFT OUT: there is no nats-server on this machine (Debian: nats-server) !!!');
  const nats = program ? await startNatsServer(program, join(home, 'nats')) : undefined;
  resources.defer(async () => nats?.stop());
  const ports = { GATEWAY_PORT: '0', PARTY_PORT: '0', GUILD_PORT: '0', GROUP_PORT: '0' };
  const level = process.env['LOG_LEVEL'] ?? 'silent';
  const stack = await startStack({
    topology: 'cluster',
    environment: { ...process.env, ...ports, ...database.environment, NATS_URL: nats?.url, LOG_LEVEL: level },
    directories,
    durable: true,
    createLog: (name) => createLog({ name, level, pretty: true }),
  });
  resources.defer(() => stack.stop());

  const logs = await createLogs(stack.url, await loadOrCreateDevKeys(directories.state, undefined));
  const anyUrl = () => stack.urls[Math.floor(Math.random() * stack.urls.length)] ?? stack.url;
  const each = <T>(count: number, make: (nth: number) => T) =>
    Array.from({ length: count }, (_, nth) => make(nth));
  const subscribers = logs.flatMap((log) => each(subscribersALog, () => startSubscriber(log, anyUrl)));
  resources.defer(async () => {
    await Promise.all(subscribers.map((subscriber) => subscriber.stop()));
  });
  const writers = logs.flatMap((log) =>
    each(writersALog, (nth) => startWriter(log, `writer ${nth}`, anyUrl)),
  );

  say(`${writers.length} writers and ${subscribers.length} subscribers are at it. Faults begin.`);
  const over = AbortSignal.timeout(seconds * 1000);
  const counts = await Promise.race([
    letHappen(faultsOf(stack, database, nats, random), pauses, random, over),
    ...subscribers.map(({ failed }) => failed),
  ]);
  say('Faults are over; writers finish, subscribers catch up.');
  await within(restWithin, Promise.all(writers.map((writer) => writer.stop())), 'The writers did not finish');

  const events = new Map(
    await Promise.all(logs.map(async (log) => [log, await committed(database.url(), log)] as const)),
  );
  const behind = () =>
    subscribers.some(({ log, delivered }) => delivered.length < (events.get(log)?.length ?? 0));
  for (const until = Date.now() + restWithin * 1000; behind() && Date.now() < until; ) await delay(100);
  // What comes twice may come late.
  await delay(1_500);

  console.table(Object.fromEntries([...counts].map(([name, count]) => [name, { times: count }])));
  const verdicts = subscribers.map((subscriber) => judge(subscriber, events.get(subscriber.log) ?? []));
  console.table(verdicts);
  let passedOn = true;
  for (const log of nats ? logs : []) {
    const expected = events.get(log) ?? [];
    const found = await inStream(nats?.url ?? '', log, expected.length, restWithin);
    const same = [...new Set(found)].join() === expected.join();
    say(`${log.name} on NATS: ${found.length} of ${expected.length}, ${same ? 'in order' : 'NOT THE SAME'}.`);
    passedOn &&= same;
  }
  const done = writers.reduce((sum, writer) => sum + writer.done, 0);
  const failures = writers.reduce((sum, writer) => sum + writer.failures, 0);
  say(`${done} mutations were acknowledged, after ${failures} attempts that failed.`);
  const exact = logs.every((log, index) => {
    const own = writers.slice(index * writersALog, (index + 1) * writersALog);
    const acknowledged = own.reduce((sum, writer) => sum + writer.done, 0);
    const first = (events.get(log)?.length ?? 0) - acknowledged;
    return !log.eventAMutation || first === 1;
  });
  if (!exact) say('FAILED: a party has not exactly one event for each acknowledged mutation.');
  const proven = verdicts.every(proves);
  say(proven ? 'PROVEN: delivered = committed, once each, in order.' : 'FAILED: see the table.');
  return proven && exact && passedOn;
}

async function within<T>(limit: number, promise: Promise<T>, otherwise: string): Promise<T> {
  const late = delay(limit * 1000, undefined, { ref: false }).then(() =>
    Promise.reject(new Error(otherwise)),
  );
  return Promise.race([promise, late]);
}

main().then(
  (proven) => process.exit(proven ? 0 : 1),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
