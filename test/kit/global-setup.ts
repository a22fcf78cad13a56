import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@fellowship/embedded-postgres';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of a throwaway server, connecting as its superuser to the database `postgres`. */
    readonly postgresUrl: string;
  }
}

/**
 * One PostgreSQL server for all test files that need one: TEST_DATABASE_URL if given (a superuser's), else an
 * embedded one in a temporary directory, which goes with it.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) {
    project.provide('postgresUrl', given);
    return async () => {};
  }
  const dataDirectory = await mkdtemp(join(tmpdir(), 'fellowship-test-'));
  const server = await startEmbeddedPostgres({
    dataDirectory,
    durable: false,
    log: { info: () => {}, error: console.error },
  });
  project.provide('postgresUrl', server.url('postgres'));
  return async () => {
    await server.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
}
