// `pnpm test:faults`: writers and resuming subscribers on a cluster, while everything that may go wrong does. Proves
// that what was acknowledged was done, once, that what was refused was not, and that delivered = committed.
import { parseArgs } from 'node:util';
import { faults } from './faults/index.ts';
import { inflict } from './inflict.ts';
import { startLoad } from './load.ts';
import { seeded } from './random.ts';
import { printTables } from './report.ts';
import { startWorld } from './start.ts';
import type { Fault, World } from './world.ts';

/** Seconds. What was asked for, at most; and for all of it, from start to verdict. */
const longest = 300;
const giveUpAfter = 600;
/** What is kept of it to come to rest, and to judge. */
const forTheEnd = 120;
const latest = Date.now() + (giveUpAfter - forTheEnd) * 1000;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '180' },
    seed: { type: 'string', default: `${Date.now() % 1e6}` },
    only: { type: 'string', multiple: true, default: [] },
  },
});
const seconds = Math.min(Number(values.seconds), longest);
const say = (text: string) => console.log(`${new Date().toTimeString().slice(0, 8)}  ${text}`);

/** Rejects when someone has seen enough, or it takes too long: then everything is stopped and removed. */
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => reject(new Error(`Ended by ${signal}`)));
  const giveUp = () => reject(new Error(`Not done within ${giveUpAfter} s: given up`));
  setTimeout(giveUp, giveUpAfter * 1000).unref();
});
interrupted.catch(() => {});

async function main(): Promise<boolean> {
  const random = seeded(Number(values.seed));
  const chosen = faults.filter(
    ({ name }) => values.only.length === 0 || values.only.some((part) => name.includes(part)),
  );
  if (chosen.length === 0)
    throw new Error(`There is no such fault. There are:\n${faults.map((f) => f.name).join('\n')}`);
  say(
    `Seed ${values.seed}, ${seconds} s. Starting a durable database, two gateways and two of each subgraph.`,
  );
  await using resources = new AsyncDisposableStack();
  const world = await startWorld(random, resources, say);
  return await Promise.race([run(world, chosen, resources), interrupted]);
}

async function run(
  world: World,
  chosen: readonly Fault[],
  resources: AsyncDisposableStack,
): Promise<boolean> {
  const load = startLoad(world, resources);
  say('Writers, subscribers and a game server are at it. Faults begin.');
  const happened = await inflict(world, chosen, { seconds, latest }, say);
  say('Faults are over. Writers finish, subscribers catch up.');
  const proof = await load.prove(say);
  return printTables(happened, proof, say);
}

main().then(
  (proven) => process.exit(proven ? 0 : 1),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
