import type { ChildProcess } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closedDirectory, makeOpenDirectory, serverAccount } from './account.ts';
import { findBinaries } from './binaries.ts';
import { type Cluster, openCluster } from './cluster.ts';
import { lockDirectory } from './lock.ts';
import { anyFreePort, preferredPort } from './port.ts';
import { type PostmasterOptions, startPostmaster, stopOrphan, stopPostmaster } from './postmaster.ts';

export interface EmbeddedPostgresOptions {
  /**
   * An absolute path, made when missing. It will hold the cluster, the password of its superuser
   * (`cluster/password`), the server's log (`postgres.log`), its last port and a lock. When we are root,
   * the user nobody (uid 65534) must be able to enter every directory above it.
   */
  readonly dataDirectory: string;
  /** Fails when it is taken. Without: the one that it had last, else a free one. */
  readonly port?: number;
  /** False for tests: nothing is forced to the disk, so a crash of the machine loses or spoils the data. */
  readonly durable: boolean;
  readonly log: { info(message: string): void; error(message: string): void };
}

/** A running PostgreSQL server, listening on 127.0.0.1 only. */
export interface EmbeddedPostgres {
  readonly port: number;
  /** The connection URL of a database, for a role (default: the superuser). */
  url(database: string, role?: { readonly name: string; readonly password: string }): string;
  /** Resolves when the server has ended, by `stop` or by itself. */
  readonly exited: Promise<void>;
  /** Stops the server and gives the data directory back. Idempotent. Rejects after about 30 s. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL on a data directory, making it when it is empty. Rejects with one clear sentence when
 * another process has the directory, and with the end of the server's log when it does not start. A server
 * that was left behind by a killed process is stopped first.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDirectory, durable, log } = options;
  const account = serverAccount();
  await makeDataDirectory(dataDirectory, account.uid !== undefined);
  const lock = lockDirectory(dataDirectory);
  try {
    const binaries = await findBinaries(account);
    const cluster = await openCluster({ dataDirectory, binaries, account, durable });
    if (await stopOrphan(cluster.directory)) {
      log.info('Stopped the PostgreSQL server that a killed process had left behind.');
    }
    const logFile = join(dataDirectory, 'postgres.log');
    const portFile = join(dataDirectory, 'port');
    const { server, port } = await startOnPort(options.port, portFile, {
      binaries,
      account,
      cluster,
      durable,
      logFile,
    });
    return running(server, port, cluster, {
      ended: lock.release,
      lost: () => log.error(`PostgreSQL has ended by itself. Its log is ${logFile}.`),
    });
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function makeDataDirectory(directory: string, forNobody: boolean): Promise<void> {
  if (forNobody) await makeOpenDirectory(directory);
  else await mkdir(directory, { recursive: true });
  await chmod(directory, forNobody ? 0o711 : 0o700);
  const closed = forNobody ? await closedDirectory(directory) : undefined;
  if (closed !== undefined) {
    throw new Error(
      `PostgreSQL can’t run as root, and the user that it runs as instead (nobody, uid 65534) can’t enter ` +
        `${closed}, so the data can’t lie in ${directory}.`,
    );
  }
}

/** Between choosing a free port and listening on it, another process may take it: then another is tried. */
async function startOnPort(
  wanted: number | undefined,
  portFile: string,
  options: Omit<PostmasterOptions, 'port'>,
): Promise<{ server: ChildProcess; port: number }> {
  let port = wanted ?? (await preferredPort(portFile));
  for (let attempt = 1; ; attempt++) {
    try {
      const server = await startPostmaster({ ...options, port });
      await writeFile(portFile, String(port));
      return { server, port };
    } catch (error) {
      const taken = error instanceof Error && error.message.includes('could not bind IPv4 address');
      if (!taken || wanted !== undefined || attempt === 5) throw error;
      port = await anyFreePort();
    }
  }
}

function running(
  server: ChildProcess,
  port: number,
  cluster: Cluster,
  on: { ended(): void; lost(): void },
): EmbeddedPostgres {
  const pid = server.pid ?? 0;
  const superuser = { name: 'postgres', password: cluster.password };
  // A process that exits without `stop` (a second Ctrl-C) leaves the server at least on its way down.
  const shutDown = () => process.kill(pid, 'SIGINT');
  process.once('exit', shutDown);

  let stopped: Promise<void> | undefined;
  const exited = new Promise<void>((resolve) => {
    server.once('exit', () => {
      process.off('exit', shutDown);
      on.ended();
      if (stopped === undefined) on.lost();
      resolve();
    });
  });
  return {
    port,
    exited,
    url: (database, role = superuser) =>
      `postgres://${role.name}:${encodeURIComponent(role.password)}@127.0.0.1:${port}/${database}`,
    stop: () => {
      stopped ??= stopPostmaster(pid).then(() => exited);
      return stopped;
    },
  };
}
