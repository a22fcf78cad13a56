import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type EmbeddedPostgres,
  provisionDatabase,
  startEmbeddedPostgres,
} from '@fellowship/embedded-postgres';
import type { SubgraphName } from '@fellowship/server';
import postgres from 'postgres';
import { type NetworkProxy, startProxy } from '../kit/proxy.ts';

const owner = { name: 'fellowship_owner', password: 'owner' };
export const service = { name: 'fellowship_service', password: 'service' };
const log = { info: () => {}, error: () => {} };
const RESTART_WITHIN_MS = 60_000;

/** A durable database that can be ended and started again at the same address, and networks in front of it. */
export interface FaultyDatabase {
  /** For the services, which each have a network of their own. */
  readonly environment: NodeJS.ProcessEnv;
  readonly networks: Readonly<Record<SubgraphName, NetworkProxy>>;
  /** The superuser's, past the networks: to look, to lock and to cut. */
  readonly sql: postgres.Sql;
  /** As a service, past the networks. */
  readonly serviceUrl: string;
  /** How often the server's log says something, since it was last started. */
  logged(text: string): Promise<number>;
  /** Ends all connections of services at once. */
  cutConnections(): Promise<void>;
  /** SIGKILL to the server, or SIGQUIT, which is `pg_ctl stop -m immediate`; and starts it again. */
  end(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void>;
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
  const sql = postgres(server.url('fellowship'), { max: 6, onnotice: () => {}, max_lifetime: null });
  const serviceUrl = server.url('fellowship', service);
  const network = () => startProxy({ host: '127.0.0.1', port });
  const networks = { party: await network(), guild: await network(), group: await network() };
  const through = ({ port }: NetworkProxy) => {
    const url = new URL(serviceUrl);
    url.port = String(port);
    return url.href;
  };

  async function start(): Promise<EmbeddedPostgres> {
    for (const deadline = Date.now() + RESTART_WITHIN_MS; ; await delay(200)) {
      try {
        return await startEmbeddedPostgres({ dataDirectory: directory, durable: true, port, log });
      } catch (error) {
        // The killed server's last children hold its memory for a moment.
        if (Date.now() > deadline) throw error;
      }
    }
  }

  return {
    environment: {
      PARTY_DATABASE_URL: through(networks.party),
      GUILD_DATABASE_URL: through(networks.guild),
      GROUP_DATABASE_URL: through(networks.group),
      PARTY_MIGRATION_DATABASE_URL: server.url('fellowship', owner),
      GUILD_MIGRATION_DATABASE_URL: server.url('fellowship', owner),
      GROUP_MIGRATION_DATABASE_URL: server.url('fellowship', owner),
    },
    networks,
    sql,
    serviceUrl,
    async logged(text) {
      return (await readFile(join(directory, 'postgres.log'), 'utf8')).split(text).length - 1;
    },
    async cutConnections() {
      await sql`select pg_terminate_backend(pid) from pg_stat_activity where usename = ${service.name}`;
    },
    async end(signal) {
      const pid = Number.parseInt(await readFile(join(directory, 'cluster/data/postmaster.pid'), 'utf8'), 10);
      process.kill(pid, signal);
      await server.exited;
      server = await start();
    },
    async stop() {
      await sql.end({ timeout: 1 });
      await Promise.all(Object.values(networks).map((network) => network.close()));
      await server.stop();
    },
  };
}
