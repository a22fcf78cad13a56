import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Data, post } from '@fellowship/client';
import type { DevKeys } from '@fellowship/identity';
import type { Stack } from '@fellowship/start';
import type { FaultyNats } from './bus.ts';
import type { FaultyDatabase } from './database.ts';
import { insist, type Reply, send } from './mutate.ts';
import type { Scene, Stage } from './scenes.ts';
import type { NextMarker } from './writer.ts';

/** What faults happen to. */
export interface World {
  readonly stack: Stack;
  readonly database: FaultyDatabase;
  readonly nats: FaultyNats | undefined;
  readonly stage: Stage;
  readonly keys: DevKeys;
  /** What the cluster's processes were started with, for more of them. */
  readonly environment: NodeJS.ProcessEnv;
  readonly random: () => number;
  readonly nextMarker: NextMarker;
}

/** Something that goes wrong. */
export interface Fault {
  /** For `--only` and the table. */
  readonly name: string;
  /** How often it happens in the storm, beside others. Not given: only by itself, when all is calm. */
  readonly weight?: number;
  /** Whether it needs NATS. */
  readonly ofNats?: true;
  /** Lets it happen and looks after what must hold. Resolves with that, in a few words; throws when it does not. */
  happen(world: World): Promise<string | Later>;
}

/** What can be said only later. */
export interface Later {
  readonly checked: string;
  /** Asked when all faults are over. */
  afterwards(): Promise<string>;
}

export const entryOf = (service: string) =>
  join(import.meta.dirname, '../..', service === 'gateway' ? service : `subgraphs/${service}`, 'main.ts');

/** Throws an error that says what does not hold. */
export function must(holds: unknown, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

/** Asks until it is so. Throws after `seconds`, with the last error if there was one. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false | null>,
  seconds = 30,
): Promise<T> {
  let last: unknown;
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await delay(50)) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`Not within ${seconds} s: ${what}`, { cause: last });
}

/** Kills all running processes whose name begins so: both parties, or with a number one of them. */
export function signal({ stack }: World, kind: string, how: NodeJS.Signals): number[] {
  const those = stack.processes.filter(({ name }) => name === kind || name === `${kind}-2`);
  const pids = those.flatMap(({ pid }) => pid() ?? []);
  for (const pid of pids) process.kill(pid, how);
  return pids;
}

/** The process that the first gateway asks, or the gateway itself. */
export async function firstOf({ stack }: World, name: string): Promise<number> {
  return until(`there is a ${name}`, async () => stack.processes.find((each) => each.name === name)?.pid());
}

const everything =
  '{ me { id party { id } guildMemberships { nodes { guild { id } } } groups { nodes { id } } } }';

/** Asks a gateway for something of each subgraph. */
export function askAll(url: string, token: string): Promise<{ data?: Data; errors?: Data }> {
  return post(url, { query: everything }, token);
}

/** Resolves when each gateway has everything to say. */
export async function calm({ stack, stage }: Pick<World, 'stack' | 'stage'>, seconds = 90): Promise<void> {
  const token = stage.logs[0]?.token ?? '';
  for (const url of stack.urls) {
    await until(`${url} answers`, async () => !(await askAll(url, token)).errors, seconds);
  }
}

/** A mutation of a scene, sent once; how it went counts in the end like any other. */
export async function sendOne(
  { nextMarker }: World,
  scene: Scene,
  url: string,
): Promise<Reply & { marker: string }> {
  const marker = nextMarker();
  const reply = await send(url, scene.write(marker));
  scene.sent.push({ marker, outcome: reply.outcome });
  return { ...reply, marker };
}

/** One that is sent until it is known how it went. */
export async function insistOnOne(
  { nextMarker, stack }: World,
  scene: Scene,
): Promise<{ tries: number; marker: string }> {
  const marker = nextMarker();
  let next = 0;
  const anyUrl = () => stack.urls[next++ % stack.urls.length] ?? stack.url;
  const { outcome, tries } = await insist(anyUrl, scene.write(marker), marker);
  scene.sent.push({ marker, outcome });
  return { tries, marker };
}

/** How many of the services' sessions wait for a lock. */
export async function waitingForLocks({ database: { sql } }: World): Promise<number> {
  const [row] = await sql<{ count: number }[]>`select count(*)::int as count from pg_stat_activity
    where application_name = 'fellowship' and wait_event_type = 'Lock'`;
  return row?.count ?? 0;
}

/** Holds a lock while `work` runs, in a transaction that changes nothing. */
export async function whileLocked<T>(
  { database: { sql } }: World,
  lock: string,
  subject: string,
  work: () => Promise<T>,
): Promise<T> {
  return (await sql.begin(async (tx) => {
    await tx.unsafe(lock, [subject]);
    return work();
  })) as T;
}

export const lockParty = 'select from party.parties where id = $1 for update';
export const lockHead = 'select from party.activity_heads where subject = $1 for update';
