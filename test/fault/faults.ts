import { setTimeout as delay } from 'node:timers/promises';
import type { NatsServer } from '@fellowship/nats-server';
import type { Stack } from '@fellowship/start';
import type { FaultyDatabase } from './database.ts';

/** Something that goes wrong; resolves when the next may. */
export interface Fault {
  readonly name: string;
  /** How often, beside the others. */
  readonly weight: number;
  happen(): Promise<void>;
}

export function faultsOf(
  stack: Stack,
  database: FaultyDatabase,
  nats: NatsServer | undefined,
  random: () => number,
): Fault[] {
  const kill = (kind: string) => async () => {
    const running = stack.processes.filter(({ name, pid }) => name.startsWith(kind) && pid() !== undefined);
    const pid = running[Math.floor(random() * running.length)]?.pid();
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  };
  const killNats = (wiped: boolean) => async () => {
    await nats?.stop('SIGKILL');
    await delay(random() * 2_000);
    await nats?.restart({ wiped });
  };
  const ofNats = [
    { name: 'kill -9 NATS', weight: 2, happen: killNats(false) },
    { name: 'kill -9 and wipe NATS', weight: 1, happen: killNats(true) },
  ];
  return [
    ...(nats ? ofNats : []),
    ...['gateway', 'party', 'guild', 'group'].map((kind) => ({
      name: `kill -9 a ${kind}`,
      weight: kind === 'gateway' || kind === 'party' ? 3 : 1,
      happen: kill(kind),
    })),
    { name: 'cut all database connections', weight: 2, happen: () => database.cutConnections() },
    { name: 'kill -9 the database', weight: 1, happen: () => database.kill() },
  ];
}

/** Lets one fault after the other happen until `signal` aborts; counts them by name. */
export async function letHappen(
  faults: readonly Fault[],
  pauses: { readonly least: number; readonly most: number },
  random: () => number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map(faults.map(({ name }) => [name, 0]));
  const total = faults.reduce((sum, { weight }) => sum + weight, 0);
  while (!signal.aborted) {
    const pause = pauses.least + random() * (pauses.most - pauses.least);
    await delay(pause, undefined, { signal }).catch(() => {});
    if (signal.aborted) break;
    let dart = random() * total;
    const fault = faults.find(({ weight }) => {
      dart -= weight;
      return dart < 0;
    });
    if (!fault) continue;
    await fault.happen();
    counts.set(fault.name, (counts.get(fault.name) ?? 0) + 1);
  }
  return counts;
}

/** Mulberry32: the same faults at about the same times for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
