import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import type { ServerAccount } from './account.ts';
import type { Binaries } from './binaries.ts';
import { type Cluster, serverEnvironment } from './cluster.ts';
import { findProcess, isRunning } from './processes.ts';

export interface PostmasterOptions {
  readonly binaries: Binaries;
  readonly account: ServerAccount;
  readonly cluster: Cluster;
  readonly port: number;
  readonly durable: boolean;
  readonly logFile: string;
}

/** Where crash recovery of a much used database still gets through. */
const READY_WITHIN_MS = 60_000;

/**
 * Starts the server and resolves once it has answered a query; rejects with the end of its log.
 *
 * It gets a process group of its own (`detached`): Ctrl-C in a terminal goes to the whole foreground
 * group, and the database has to outlive those who are still draining.
 */
export async function startPostmaster(options: PostmasterOptions): Promise<ChildProcess> {
  const { cluster, port, durable, logFile } = options;
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] %q%u@%d ',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);

  // The log of the run before is kept, those before it are not: a log that nobody reads stays small.
  await rename(logFile, `${logFile}.1`).catch(() => {});
  const output = await open(logFile, 'a', 0o600);
  try {
    const server = spawn(options.binaries.postgres, ['-D', cluster.directory, ...args], {
      cwd: cluster.directory,
      env: serverEnvironment(),
      stdio: ['ignore', output.fd, output.fd],
      detached: true,
      ...options.account,
    });
    await once(server, 'spawn');
    await untilReady(server, options);
    return server;
  } finally {
    await output.close();
  }
}

async function untilReady(
  server: ChildProcess,
  { cluster, port, logFile }: PostmasterOptions,
): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  // Who else has the port may leave a connection hanging, while our server has long given up.
  const exit = once(server, 'exit').then(() => new Error('It exited.'));
  let problem: unknown;
  while (server.exitCode === null && server.signalCode === null && Date.now() < deadline) {
    problem = await Promise.race([tryConnection(port, cluster.password), exit]);
    if (problem === undefined) return;
    await sleep(30);
  }
  if (server.pid !== undefined) await stopPostmaster(server.pid);
  const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-20);
  throw new Error(`PostgreSQL did not start. The end of ${logFile}:\n${lines.join('\n')}`, {
    cause: problem,
  });
}

async function tryConnection(port: number, password: string): Promise<unknown> {
  const sql = postgres({
    host: '127.0.0.1',
    port,
    database: 'postgres',
    username: 'postgres',
    password,
    max: 1,
    connect_timeout: 2,
  });
  try {
    await sql`select 1`;
    return undefined;
  } catch (error) {
    return error;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/**
 * Stops a server: first as one that is going down in order (SIGINT, "fast": open transactions are rolled
 * back, a checkpoint is written), then at once (SIGQUIT: the next start recovers). Resolves when it has gone.
 */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [signal, within] of [['SIGINT', 20_000] as const, ['SIGQUIT', 10_000] as const]) {
    if (!isRunning(pid)) return;
    process.kill(pid, signal);
    const deadline = Date.now() + within;
    while (Date.now() < deadline) {
      if (!isRunning(pid)) return;
      await sleep(10);
    }
  }
  throw new Error(`PostgreSQL (pid ${pid}) does not stop.`);
}

/**
 * A server that outlived its launcher (kill -9) still runs on these files. It is stopped, not adopted:
 * nobody is connected who counts, the caller holds the lock, and a server that we start ourselves has
 * the settings, port and programs that were asked for. Returns whether there was one.
 */
export async function stopOrphan(clusterDirectory: string): Promise<boolean> {
  const pidFile = join(clusterDirectory, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  const found = pid > 0 ? findProcess(pid) : undefined;
  if (found === undefined) return false; // PostgreSQL deals with a dead one's file itself.
  if (found.args.includes(`-D ${clusterDirectory} `)) {
    await stopPostmaster(pid);
    return true;
  }
  // The id has gone to another program since, which PostgreSQL would take for a running server.
  await rm(pidFile);
  return false;
}
