import { startThrowawayStack, type Topology } from '@fellowship/start';
import type { TestProject } from 'vitest/node';
import globalSetup from './global-setup.ts';
import { createGraphDatabase } from './graph-database.ts';
import { topologies } from './topologies.ts';

/** A graph in processes of its own, as test files find it. */
export interface SharedStack {
  readonly topology: Topology;
  readonly urls: readonly string[];
  /** The first gateway's subgraphs, by name. */
  readonly services: Readonly<Record<string, string>>;
  /** Where its development keys are. */
  readonly state: string;
  readonly databaseUrl: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** One for all files, which have a tenant each: starting its processes for every file took most of their time. */
    readonly sharedStack: SharedStack | undefined;
  }
}

/** The server for all files that need one, and the graph in several processes, where tests ask for such. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const stopServer = await globalSetup(project);
  const topology = topologies.find((each) => each !== 'process');
  if (!topology) {
    project.provide('sharedStack', undefined);
    return stopServer;
  }
  const database = await createGraphDatabase(project.getProvidedContext().postgresUrl);
  const stack = await startThrowawayStack(topology, stackEnvironment(database.url));
  const { urls, services, state } = stack;
  project.provide('sharedStack', { topology, urls, services, state, databaseUrl: database.url });
  return async () => {
    await stack.stop();
    await database.drop();
    await stopServer();
  };
}

export const stackEnvironment = (databaseUrl: string): NodeJS.ProcessEnv => ({
  LOG_LEVEL: 'silent',
  DATABASE_URL: databaseUrl,
});
