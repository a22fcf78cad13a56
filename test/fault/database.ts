import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type EmbeddedPostgres,
  provisionDatabase,
  startEmbeddedPostgres,
} from '@fellowship/embedded-postgres';
import postgres from 'postgres';

const owner = { name: 'fellowship_owner', password: 'owner' };
const service = { name: 'fellowship_service', password: 'service' };
const log = { info: () => {}, error: () => {} };
const RESTART_WITHIN_MS = 60_000;

/** A durable database that can be killed and started again at the same address. */
export interface FaultyDatabase {
  readonly environment: NodeJS.ProcessEnv;
  /** The superuser's, to look and to cut. */
  readonly url: () => string;
  /** Ends all connections of services at once. */
  cutConnections(): Promise<void>;
  /** Kill -9, and start again; resolves when it is back. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export async function startDatabase(directory: string): Promise<FaultyDatabase> {
  let server: EmbeddedPostgres = await startEmbeddedPostgres({
    dataDirectory: directory,
    durable: true,
    log,
  });
  const { port } = server;
  await provisionDatabase(server, { database: 'fellowship', owner, roles: [service] });
  const url = () => server.url('fellowship');

  async function start(): Promise<EmbeddedPostgres> {
    const deadline = Date.now() + RESTART_WITHIN_MS;
    for (;;) {
      try {
        return await startEmbeddedPostgres({ dataDirectory: directory, durable: true, port, log });
      } catch (error) {
        // The killed server's last children hold its memory for a moment.
        if (Date.now() > deadline) throw error;
        await delay(200);
      }
    }
  }

  return {
    environment: {
      DATABASE_URL: server.url('fellowship', service),
      MIGRATION_DATABASE_URL: server.url('fellowship', owner),
    },
    url,
    async cutConnections() {
      const sql = postgres(url(), { max: 1, onnotice: () => {} });
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${service.name}`;
      await sql.end();
    },
    async kill() {
      const pid = Number.parseInt(await readFile(join(directory, 'cluster/data/postmaster.pid'), 'utf8'), 10);
      process.kill(pid, 'SIGKILL');
      await server.exited;
      server = await start();
    },
    stop: () => server.stop(),
  };
}
