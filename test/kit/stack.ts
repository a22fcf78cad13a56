import { randomUUID } from 'node:crypto';
import { startThrowawayStack, type ThrowawayStack, type Topology } from '@fellowship/start';
import postgres from 'postgres';
import { inject } from 'vitest';
import { type Player, players } from './client.ts';
import { cursorIn } from './cursor.ts';
import type { TestDatabase } from './database.ts';
import { createGraphDatabase } from './graph-database.ts';
import { type SharedStack, stackEnvironment } from './shared-stack.ts';

export { topologies } from './topologies.ts';

type Players = ReturnType<typeof players>;

/** A whole graph and its players. */
export interface TestStack extends Pick<SharedStack, 'urls' | 'services'> {
  readonly url: string;
  readonly database: Pick<TestDatabase, 'sql'>;
  player(...of: Parameters<Players['player']>): Promise<Player>;
  /** A cursor of a log in the database, so many events (none unless told) before its end. */
  cursor(schema: string, subject: string, back?: number): Promise<string>;
  stop(): Promise<void>;
}

/** A graph as it is by default: of several processes the one that files share, in a tenant of its own. */
export async function openStack(topology: Topology): Promise<TestStack> {
  const shared = inject('sharedStack');
  if (shared?.topology !== topology) return startStack(topology);
  const sql = postgres(shared.databaseUrl, { max: 2, onnotice: () => {} });
  const clients = players(urlsOf(shared), shared.state);
  const tenant = randomUUID();
  return {
    ...testStack(shared, { sql }),
    player: (name, claims) => clients.player(name, { tenant, ...claims }),
    async stop() {
      await clients.close();
      await sql.end();
    },
  };
}

/** One on a database of its own. */
export async function startStack(
  topology: Topology,
  environment: NodeJS.ProcessEnv = {},
): Promise<TestStack & { readonly stack: ThrowawayStack }> {
  const database = await createGraphDatabase();
  const stack = await startThrowawayStack(topology, { ...stackEnvironment(database.url), ...environment });
  const clients = players(urlsOf(stack), stack.state);
  return {
    ...testStack(stack, database),
    stack,
    player: clients.player,
    async stop() {
      await clients.close();
      await stack.stop();
      await database.drop();
    },
  };
}

function testStack(
  { urls, services }: Pick<SharedStack, 'urls' | 'services'>,
  database: Pick<TestDatabase, 'sql'>,
) {
  return {
    url: urls[0] ?? '',
    urls,
    services,
    database,
    cursor: (schema: string, subject: string, back = 0) => cursorIn(database, schema, subject, back),
  };
}

const urlsOf = ({ urls: [first = '', ...others] }: Pick<SharedStack, 'urls'>): [string, ...string[]] => [
  first,
  ...others,
];
