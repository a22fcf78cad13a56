import type { Logger, SubgraphName } from '@fellowship/server';
import { readConfiguration, type StartConfiguration } from './configuration.ts';
import { type Databases, openDatabases } from './database.ts';
import type { Directories } from './directories.ts';
import { startInProcess } from './in-process.ts';
import { openNats } from './nats.ts';
import { startServices } from './start-services.ts';
import type { Service } from './supervise.ts';

/** `cluster` is two sets of services on one database. */
export type Topology = 'process' | 'services' | 'cluster';

export interface StackOptions {
  /** Everything in this process, or gateway and subgraphs in processes of their own, once or twice. */
  readonly topology: Topology;
  /** Read by the parts as by their own commands: ports, databases, limits, the token issuer, ... */
  readonly environment: NodeJS.ProcessEnv;
  readonly directories: Directories;
  /** Whether the embedded database survives a crash of the machine; false for tests. */
  readonly durable: boolean;
  readonly createLog: (name: string) => Logger;
}

/** Where things are served. */
export interface Served {
  /** The gateway's URL, without a path. */
  readonly url: string;
  /** Every gateway's, the first included. */
  readonly urls: readonly string[];
  /** The first gateway's subgraphs, where they are processes of their own. */
  readonly services: Readonly<Partial<Record<SubgraphName, string>>>;
  /** All processes of their own, which start again when they end. */
  readonly processes: readonly Pick<Service, 'name' | 'pid'>[];
  /** Usual ports that were taken, by the name of who would have had them. */
  readonly moved: readonly { readonly name: string; readonly usual: number }[];
}

/** A graph that runs. */
export interface Stack extends Served {
  /** The embedded database; undefined where the environment names all databases. */
  readonly database: { readonly directory: string; readonly port: number } | undefined;
  /** Resolves, with a sentence, when something ended that is not started again. */
  readonly failed: Promise<string>;
  /** Drains gateway, then subgraphs, then stops the database. Idempotent. */
  stop(): Promise<void>;
}

/** What each topology is given. What it opens it defers to `resources`, which are released last first. */
export interface TopologyOptions extends Pick<StackOptions, 'environment' | 'createLog'> {
  readonly configuration: StartConfiguration;
  /** The state directory. */
  readonly state: string;
  readonly databases: Databases;
  readonly resources: AsyncDisposableStack;
}

/** Starts database, subgraphs and gateway. Rejects, with nothing left running, when one of them does not start. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { topology, environment, directories, durable, createLog } = options;
  const configuration = readConfiguration(environment);
  await using resources = new AsyncDisposableStack();

  const log = createLog('postgres');
  const { databases: named, production } = configuration;
  const databases = await openDatabases({ environment: named, production, directories, durable, log });
  const { embedded } = databases;
  if (embedded) resources.defer(() => embedded.stop());

  const { state } = directories;
  const nats = topology === 'cluster' ? await openNats(options, resources) : environment['NATS_URL'];
  const parts = {
    environment: { ...environment, NATS_URL: nats },
    configuration,
    state,
    databases,
    createLog,
    resources,
  };
  const served =
    topology === 'process'
      ? await startInProcess(parts)
      : await startServices(parts, topology === 'cluster' ? 2 : 1);

  const running = resources.move();
  let stopped: Promise<void> | undefined;
  const failed = Promise.withResolvers<string>();
  embedded?.exited.then(() => stopped ?? failed.resolve('The database has ended.'));
  return {
    ...served,
    database: embedded && { directory: directories.data, port: embedded.port },
    failed: failed.promise,
    stop() {
      stopped ??= running.disposeAsync();
      return stopped;
    },
  };
}
