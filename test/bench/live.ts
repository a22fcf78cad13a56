import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startBroadcast } from './broadcast.ts';
import { startGraph } from './graph.ts';
import type { Ask, Heard } from './load.ts';

/**
 * `pnpm bench:live`: the members of one guild on one gateway, all different players, beside the same without sharing
 * and a bare broadcast of the same bytes by `ws`, in interleaved rounds. Clients are in a process of their own.
 */
const { values } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '1000' },
    events: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: 'shared,unshared,bare' },
  },
});
const subscribers = Number(values.subscribers);
const events = Number(values.events);
const rounds = Number(values.rounds);
/** Events a second while latency is measured, and for how many of them. */
const PACE = 20;
const PACED_EVENTS = 60;

interface Measured {
  /** Deliveries a second, from the first to the last of a burst. */
  readonly rate: number;
  /** Microseconds of this process's processor a delivery. */
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
  readonly wrong: number;
}

interface Way {
  readonly name: string;
  connect: Ask;
  one(): Promise<void>;
  burst(): Promise<void>;
  paced(): Promise<void>;
}

const graph = await startGraph(subscribers);
const broadcast = await startBroadcast();
const load = fork(join(import.meta.dirname, 'load.ts'), { execArgv: [] });
const query = `subscription { guildActivity(guildId: "${graph.guildId}") {
  __typename id cursor occurredAt actor { id } } }`;
const socketUrl = `${graph.url.replace('http', 'ws')}/graphql`;
const each = <T>(make: (nth: number) => T) => Array.from({ length: subscribers }, (_, nth) => make(nth));
let message = '';

async function pacedBy(publish: () => Promise<void>): Promise<void> {
  for (let nth = 0; nth < PACED_EVENTS; nth++) {
    await Promise.all([publish(), delay(1_000 / PACE)]);
  }
}

const overGraph = (name: string, queries: readonly string[]): Way => ({
  name,
  connect: { do: 'connect', url: socketUrl, tokens: graph.tokens, queries },
  one: () => graph.publish(1),
  burst: () => graph.publish(events),
  paced: () => pacedBy(() => graph.publish(1)),
});

let sent = 0;
/** The bytes that a subscriber of the graph got, with the time and the number that it is sent with. */
function stamped(): string {
  const cursor = Buffer.from(`guild:${graph.guildId} ${10_000 + sent++}`).toString('base64url');
  return message
    .replace(/"cursor":"[^"]*"/, `"cursor":"${cursor}"`)
    .replace(/"occurredAt":"[^"]*"/, `"occurredAt":"${new Date().toISOString()}"`);
}

const ways: Way[] = [
  overGraph(
    'shared',
    each(() => query),
  ),
  // A comment makes every document another, so nothing is shared.
  overGraph(
    'unshared',
    each((nth) => `${query} # ${nth}`),
  ),
  {
    name: 'bare',
    connect: { do: 'connect', url: broadcast.url, queries: each(() => '') },
    one: () => broadcast.send([stamped()]),
    burst: () => broadcast.send(Array.from({ length: events }, stamped)),
    paced: () => pacedBy(() => broadcast.send([stamped()])),
  },
];

async function ask(load: ChildProcess, what: Ask): Promise<void> {
  load.send(what);
  await once(load, 'message');
}

async function heard(count: number, act: () => Promise<void>): Promise<Heard> {
  await ask(load, { do: 'expect', each: count });
  const [[result]] = await Promise.all([once(load, 'message'), act()]);
  return result as Heard;
}

/** A subscription starts with what happens after the server has it, and it does not say when that is. */
async function untilAllListen(one: () => Promise<void>): Promise<void> {
  for (let silent = subscribers; silent > 0; ) {
    let listening = true;
    const result = heard(1, async () => {}).then((each) => {
      listening = false;
      message = each.sample || message;
      silent = each.silent;
    });
    while (listening) {
      await one();
      await delay(500);
    }
    await result;
  }
  // What was sent more than once is still on its way.
  await delay(2_000);
}

async function measure({ connect, one, burst, paced }: Way): Promise<Measured> {
  await ask(load, connect);
  await untilAllListen(one);
  const before = process.cpuUsage();
  const fast = await heard(events, burst);
  const { user, system } = process.cpuUsage(before);
  const slow = await heard(PACED_EVENTS, paced);
  await ask(load, { do: 'disconnect' });
  return {
    rate: (fast.deliveries / (fast.lastAt - fast.firstAt)) * 1_000,
    cpu: (user + system) / fast.deliveries,
    p50: slow.p50,
    p99: slow.p99,
    wrong: fast.wrong + slow.wrong,
  };
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

const results = new Map<string, Measured[]>();
const chosen = ways.filter(({ name }) => values.only.split(',').includes(name));
console.log(
  `${subscribers} subscribers of one guild, ${graph.tokens.length} players, bursts of ${events} events, ${rounds} rounds`,
);
for (let round = 0; round < rounds; round++) {
  for (const way of chosen) {
    const measured = await measure(way);
    results.set(way.name, [...(results.get(way.name) ?? []), measured]);
    const { rate, cpu, p50, p99, wrong } = measured;
    const figures = [
      `${Math.round(rate).toLocaleString('en')} deliveries/s`,
      `${cpu.toFixed(2)} us of the server's processor each`,
      `at ${PACE} events/s p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
      wrong === 0 ? 'none lost' : `${wrong} SUBSCRIBERS GOT SOMETHING ELSE`,
    ];
    console.log(`${round + 1} ${way.name.padEnd(8)} ${figures.join(', ')}`);
  }
}
const rateOf = (name: string) => median((results.get(name) ?? []).map(({ rate }) => rate));
const cpuOf = (name: string) => median((results.get(name) ?? []).map(({ cpu }) => cpu));
const ratio = (a: string, b: string) =>
  `${(rateOf(a) / rateOf(b)).toFixed(2)} of the deliveries/s, ${(cpuOf(b) / cpuOf(a)).toFixed(2)} of those a second of processor`;
console.log(`shared to bare: ${ratio('shared', 'bare')}`);
console.log(`unshared to bare: ${ratio('unshared', 'bare')}`);
const wrong = [...results.values()].flat().reduce((sum, measured) => sum + measured.wrong, 0);
if (wrong > 0) process.exitCode = 1;

load.disconnect();
await broadcast.stop();
await graph.stop();
