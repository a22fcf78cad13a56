import { setTimeout as delay } from 'node:timers/promises';
import { shuffled } from './random.ts';
import { calm, type Fault, type World } from './world.ts';

/** Milliseconds between two faults of the storm. */
const pauses = { least: 500, most: 3_000 };
/** Seconds of the time that are kept for it. */
const stormShare = 0.2;

/** How often a fault happened, and what it showed. */
export interface Happened {
  readonly name: string;
  times: number;
  checked: string;
  failed: boolean;
}

type Say = (text: string) => void;

/**
 * First each fault by itself, in the order of the seed, on a cluster that is calm; then, for the rest of the time and
 * a fifth of it at least, a storm of those that may come together. What can be said only later is asked in the end.
 * None begins after `latest` (milliseconds, as `Date.now`); one that was not reached has failed.
 */
export async function inflict(
  world: World,
  faults: readonly Fault[],
  { seconds, latest }: { readonly seconds: number; readonly latest: number },
  say: Say,
): Promise<Happened[]> {
  const happened = new Map<Fault, Happened>(
    faults.map((fault) => [fault, { name: fault.name, times: 0, checked: 'not reached', failed: false }]),
  );
  const afterwards: [Happened, () => Promise<string>][] = [];
  const over = Date.now() + seconds * 1000;

  async function one(fault: Fault): Promise<void> {
    const result = happened.get(fault);
    if (!result) return;
    await record(result, say, async () => {
      const found = await fault.happen(world);
      if (typeof found === 'string') return found;
      afterwards.push([result, found.afterwards]);
      return found.checked;
    });
    result.times += 1;
  }

  for (const fault of shuffled(faults, world.random)) {
    if (fault.ofNats && !world.nats) {
      Object.assign(happened.get(fault) ?? {}, { checked: 'LEFT OUT: there is no NATS' });
      continue;
    }
    if (Date.now() > latest) {
      Object.assign(happened.get(fault) ?? {}, { checked: 'not reached: there was no time', failed: true });
      continue;
    }
    await calm(world);
    const since = Date.now();
    await one(fault);
    say(`${fault.name}: ${happened.get(fault)?.checked} (${((Date.now() - since) / 1000).toFixed(0)} s)`);
  }
  const ofStorm = faults.filter((fault) => fault.weight !== undefined && !(fault.ofNats && !world.nats));
  if (ofStorm.length > 0 && Date.now() < latest) {
    const until = Math.min(latest, Math.max(over, Date.now() + seconds * 1000 * stormShare));
    say(`A storm, for ${((until - Date.now()) / 1000).toFixed(0)} s.`);
    await storm(world, ofStorm, until, one);
  }
  await calm(world);
  for (const [result, ask] of afterwards) await record(result, say, ask);
  return [...happened.values()];
}

async function record(result: Happened, say: Say, ask: () => Promise<string>): Promise<void> {
  try {
    const checked = await ask();
    if (!result.failed) result.checked = checked;
  } catch (error) {
    result.failed = true;
    result.checked = error instanceof Error ? error.message : String(error);
    say(`FAILED: ${result.name}: ${result.checked}`);
    console.error(error);
  }
}

async function storm(
  { random }: World,
  faults: readonly Fault[],
  until: number,
  one: (fault: Fault) => Promise<void>,
): Promise<void> {
  const total = faults.reduce((sum, { weight = 0 }) => sum + weight, 0);
  while (Date.now() < until) {
    let dart = random() * total;
    const fault = faults.find(({ weight = 0 }) => {
      dart -= weight;
      return dart < 0;
    });
    if (fault) await one(fault);
    await delay(pauses.least + random() * (pauses.most - pauses.least));
  }
}
