import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@fellowship/embedded-postgres';
import type { Logger } from '@fellowship/server';
import { PortTaken } from './port-taken.ts';

export interface ServiceOptions {
  readonly name: string;
  /** The script to run. */
  readonly entry: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where it says that it is ready: `http://127.0.0.1:8084/readyz`. */
  readonly readyUrl: string;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/** A process that is kept running. */
export interface Service {
  readonly name: string;
  /** Its process now; undefined between two. */
  pid(): number | undefined;
  /** Drains it (SIGTERM), or ends it when that takes more than 30 s. */
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 30_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A process that lived this long did not fail for the same reason as the one before. */
const STABLE_AFTER_MS = 10_000;

/**
 * Starts a service, resolves when it is ready and starts it again whenever it ends, after a pause that grows
 * from 0.25 to 10 s. Rejects, with nothing left running, when it ends or is not ready within 60 s at first; with
 * `PortTaken` where another port may help.
 */
export async function superviseService(options: ServiceOptions): Promise<Service> {
  const { name, readyUrl, log } = options;
  let stopping = false;
  const wake = new AbortController();
  let child = launch(options);

  const stop = async () => {
    stopping = true;
    wake.abort();
    await end(child);
  };
  try {
    await untilReady(child, name, readyUrl);
  } catch (error) {
    await stop();
    throw error;
  }

  const keepRunning = async () => {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const since = Date.now();
      await ended(child);
      if (stopping) return;
      if (Date.now() - since > STABLE_AFTER_MS) pause = FIRST_PAUSE_MS;
      log.error(
        { service: name, ...howItEnded(child) },
        `The ${name} service has ended; it starts again in ${pause} ms`,
      );
      await sleep(pause, undefined, { signal: wake.signal }).catch(() => {});
      if (stopping) return;
      child = launch(options);
    }
  };
  keepRunning();
  return { name, pid: () => (hasEnded(child) ? undefined : child.pid), stop };
}

/**
 * In a process group of its own, so that Ctrl-C reaches the launcher alone, which stops the services in order;
 * and on an IPC channel, whose end tells it that the launcher has gone.
 */
function launch({ entry, environment }: ServiceOptions): ChildProcess {
  return spawn(process.execPath, ['--import', join(import.meta.dirname, 'follow-launcher.ts'), entry], {
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
}

/** Ready is the child that listens there itself: another's answer may come before the child has missed its port. */
async function untilReady(child: ChildProcess, name: string, url: string): Promise<void> {
  const port = Number(new URL(url).port);
  let listens = false;
  const hear = (message: unknown) => {
    listens ||= (message as { readonly listening?: unknown }).listening === port;
  };
  child.on('message', hear);
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline) {
    if (hasEnded(child)) {
      if ((await freePort(port)) === undefined) throw new PortTaken(`Port ${port} of ${name} was taken.`);
      throw new Error(`The ${name} service ended while starting; its log is above.`);
    }
    if (listens && (await isReady(url))) {
      child.off('message', hear);
      return;
    }
    await sleep(50);
  }
  throw new Error(`The ${name} service was not ready within ${READY_WITHIN_MS / 1000} s (${url}).`);
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok ?? false;
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended(child);
  clearTimeout(late);
}

async function ended(child: ChildProcess): Promise<void> {
  if (!hasEnded(child)) await once(child, 'exit');
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function howItEnded({ exitCode, signalCode }: ChildProcess): { code?: number; signal?: string } {
  return { ...(exitCode !== null && { code: exitCode }), ...(signalCode !== null && { signal: signalCode }) };
}
