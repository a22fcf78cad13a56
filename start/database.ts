import {
  type EmbeddedPostgres,
  provisionDatabase,
  startEmbeddedPostgres,
} from '@fellowship/embedded-postgres';
import type { Logger, SubgraphName } from '@fellowship/server';
import type { DatabaseEnvironment } from './configuration.ts';
import type { Directories } from './directories.ts';
import { loadOrCreateSecrets } from './secrets.ts';

/** How one subgraph gets to its database. */
export interface SubgraphDatabase {
  /** As the service: bound to its tenants by row level security. */
  readonly url: string;
  /** As the owner, for migrations. */
  readonly migrationUrl: string;
}

export interface Databases {
  readonly of: Readonly<Record<SubgraphName, SubgraphDatabase>>;
  /** The server that we started, for the subgraphs whose database nobody named. */
  readonly embedded: EmbeddedPostgres | undefined;
}

export interface DatabaseOptions {
  /** `PARTY_…` and the like go before the common ones. */
  readonly environment: DatabaseEnvironment;
  readonly directories: Directories;
  /** Then every database must be named: what is forgotten would be kept where nobody looks for it. */
  readonly production: boolean;
  readonly durable: boolean;
  readonly log: Pick<Logger, 'info' | 'error'>;
}

/** The databases of the environment, and for subgraphs that it has none for, one of our own. */
export async function openDatabases(options: DatabaseOptions): Promise<Databases> {
  const { environment, production } = options;
  const given = {
    party: fromEnvironment(environment, 'PARTY_'),
    guild: fromEnvironment(environment, 'GUILD_'),
    group: fromEnvironment(environment, 'GROUP_'),
  };
  const { party, guild, group } = given;
  if (party && guild && group) return { of: { party, guild, group }, embedded: undefined };
  if (production) throw new Error('In production DATABASE_URL must be set');
  const { server, database } = await startOwn(options);
  return {
    of: { party: party ?? database, guild: guild ?? database, group: group ?? database },
    embedded: server,
  };
}

/** Where only one URL is given it serves for both, and lib/postgres steps down to the service's role. */
function fromEnvironment(
  environment: DatabaseEnvironment,
  prefix: 'PARTY_' | 'GUILD_' | 'GROUP_',
): SubgraphDatabase | undefined {
  const own = environment[`${prefix}DATABASE_URL`];
  const url = own ?? environment.DATABASE_URL;
  if (url === undefined) return undefined;
  const common = own === undefined ? environment.MIGRATION_DATABASE_URL : undefined;
  return { url, migrationUrl: environment[`${prefix}MIGRATION_DATABASE_URL`] ?? common ?? url };
}

async function startOwn({
  directories,
  durable,
  log,
}: DatabaseOptions): Promise<{ server: EmbeddedPostgres; database: SubgraphDatabase }> {
  const secrets = await loadOrCreateSecrets(directories.state);
  const server = await startEmbeddedPostgres({ dataDirectory: directories.data, durable, log });
  try {
    const owner = { name: 'fellowship_owner', password: secrets.ownerPassword };
    const service = { name: 'fellowship_service', password: secrets.servicePassword };
    await provisionDatabase(server, { database: 'fellowship', owner, roles: [service] });
    const database = {
      url: server.url('fellowship', service),
      migrationUrl: server.url('fellowship', owner),
    };
    return { server, database };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
