import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const READY_WITHIN_MS = 60_000;
/** Linux counts processor time in hundredths of a second, whatever the machine (`USER_HZ`). */
const TICKS_A_SECOND = 100;

export interface Started {
  readonly pid: number;
  stop(): Promise<void>;
}

interface ProcessOptions {
  readonly args?: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Runs a script of ours or a peer's, as `startProgram` does. */
export const startProcess = (script: string, { args = [], ...options }: ProcessOptions = {}): Started =>
  startProgram(process.execPath, { ...options, args: [script, ...args] });

/** Runs a program. What it says is shown only when it ends before it is told to. */
export function startProgram(
  program: string,
  { args = [], environment = {}, cwd }: ProcessOptions = {},
): Started {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, APOLLO_TELEMETRY_DISABLED: 'true', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said = (said + chunk).slice(-4_000);
    });
  }
  let stopping = false;
  child.once('exit', (code) => {
    if (!stopping) console.error(`${[program, ...args].join(' ')} has ended (${code}):\n${said}`);
  });
  // Nothing is left behind when the bench itself breaks off.
  const end = () => child.kill('SIGTERM');
  process.once('exit', end);
  return {
    pid: child.pid ?? 0,
    async stop() {
      stopping = true;
      process.off('exit', end);
      await endOf(child);
    },
  };
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
  child.kill('SIGTERM');
  await once(child, 'exit');
  clearTimeout(late);
}

/** Waits until `attempt` no longer throws. Throws its last error after a minute. */
export async function untilAnswers<Answer>(attempt: () => Promise<Answer>): Promise<Answer> {
  for (const deadline = Date.now() + READY_WITHIN_MS; ; await delay(20)) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** The process and all that it started, and they. */
export async function familyOf(pid: number): Promise<number[]> {
  const children = new Map<number, number[]>();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await statOf(Number(entry));
    if (stat) children.set(stat.parent, [...(children.get(stat.parent) ?? []), Number(entry)]);
  }
  const family = [pid];
  for (const member of family) family.push(...(children.get(member) ?? []));
  return family;
}

/**
 * Seconds of processor that the processes have used, with those of children that have ended: a connection of
 * PostgreSQL is a process.
 */
export async function processorSeconds(pids: readonly number[]): Promise<number> {
  const stats = await Promise.all(pids.map(statOf));
  return stats.reduce((sum, stat) => sum + (stat?.ticks ?? 0), 0) / TICKS_A_SECOND;
}

async function statOf(pid: number): Promise<{ parent: number; ticks: number } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field, the program's name, may hold anything; the rest follows its last parenthesis.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  if (!fields) return undefined;
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), ticks };
}

/** MiB in memory: each process whole, as `ps` has it (RSS). */
export async function residentMiB(pids: readonly number[]): Promise<number> {
  return (await kibOf(pids, 'status', 'VmRSS')) / 1024;
}

/** MiB in memory, what is shared divided by its sharers (PSS): PostgreSQL's processes share its buffers. */
export async function proportionalMiB(pids: readonly number[]): Promise<number> {
  return (await kibOf(pids, 'smaps_rollup', 'Pss')) / 1024;
}

async function kibOf(pids: readonly number[], file: string, field: string): Promise<number> {
  const each = pids.map(async (pid) => {
    const text = await readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  });
  return (await Promise.all(each)).reduce((sum, kib) => sum + kib, 0);
}
