import { join } from 'node:path';
import { startThrowawayStack, type ThrowawayStack, type Topology } from '@fellowship/start';
import { type Player, players } from './client.ts';
import { cursorIn } from './cursor.ts';
import type { TestDatabase } from './database.ts';
import { createGraphDatabase } from './graph-database.ts';

const asked = process.env['E2E_TOPOLOGIES']?.split(',') as readonly Topology[] | undefined;

/** What end-to-end tests run in. `pnpm test:cluster` asks for the third, whose eight processes take their time. */
export const topologies: readonly Topology[] = asked ?? ['process', 'services'];

export interface TestStack {
  readonly url: string;
  readonly stack: ThrowawayStack;
  readonly database: TestDatabase;
  player(...of: Parameters<ReturnType<typeof players>['player']>): Promise<Player>;
  /** A cursor of a log in the database, so many events (none unless told) before its end. */
  cursor(schema: string, subject: string, back?: number): Promise<string>;
  stop(): Promise<void>;
}

/** A whole graph on a database of its own, and its players. */
export async function startStack(
  topology: Topology,
  environment: NodeJS.ProcessEnv = {},
): Promise<TestStack> {
  const database = await createGraphDatabase();
  const stack = await startThrowawayStack(topology, {
    LOG_LEVEL: 'silent',
    DATABASE_URL: database.url,
    // What each process compiles the next one loads: a third of what starting it takes.
    NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/compiled'),
    ...environment,
  });
  const clients = players([stack.url, ...stack.urls.slice(1)], stack.state);
  return {
    url: stack.url,
    stack,
    database,
    player: clients.player,
    cursor: (schema, subject, back = 0) => cursorIn(database, schema, subject, back),
    async stop() {
      await clients.close();
      await stack.stop();
      await database.drop();
    },
  };
}
