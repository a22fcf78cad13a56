import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { anyFreePort } from '@fellowship/embedded-postgres';

const READY_WITHIN_MS = 60_000;

/** The `nats-server` of this machine, or undefined. Debian's package puts it where users' PATH does not lead. */
export function findNatsServer(): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return directories.map((directory) => join(directory, 'nats-server')).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A running `nats-server` with JetStream, listening on 127.0.0.1 only. */
export interface NatsServer {
  readonly url: string;
  /** Ends it: in order, or as with `kill -9`. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts it again at the same address, with what it held unless `wiped`. */
  restart(options?: { readonly wiped: boolean }): Promise<void>;
}

/** Starts the program on a directory, made when missing, at a free port. Rejects when it does not answer. */
export async function startNatsServer(program: string, directory: string): Promise<NatsServer> {
  const port = await anyFreePort();
  let server = await launch(program, directory, port);

  async function stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill(signal);
    await once(server, 'exit');
  }
  return {
    url: `nats://127.0.0.1:${port}`,
    stop,
    async restart({ wiped } = { wiped: false }) {
      await stop();
      if (wiped) await rm(directory, { recursive: true, force: true });
      server = await launch(program, directory, port);
    },
  };
}

async function launch(program: string, directory: string, port: number): Promise<ChildProcess> {
  await mkdir(directory, { recursive: true });
  const args = ['--addr', '127.0.0.1', '--port', String(port), '--jetstream', '--store_dir', directory];
  // A group of its own: Ctrl-C goes to the launcher, which ends it last.
  const server = spawn(program, args, { stdio: 'ignore', detached: true });
  await once(server, 'spawn');
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until; await delay(30)) {
    if (server.exitCode !== null) break;
    if (await answers(port)) return server;
  }
  server.kill('SIGKILL');
  throw new Error(`${program} does not answer on port ${port}`);
}

function answers(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: '127.0.0.1', port });
  socket.once('data', () => resolve(true));
  socket.once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}
