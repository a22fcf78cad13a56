import { createLog, type Subgraph, type SubgraphName, serveSubgraph } from '@fellowship/server';
import { readSubgraphConfig, type SubgraphConfig } from './config.ts';
import type { SubgraphDeps } from './store.ts';
import { readDatabaseTimeouts } from './timeouts.ts';

/** A subgraph as a process of its own: reads its environment, migrates, serves, and drains on SIGTERM. */
export async function runSubgraph(
  name: SubgraphName,
  createSubgraph: (deps: SubgraphDeps, config: SubgraphConfig) => Promise<Subgraph>,
): Promise<void> {
  try {
    await run(name, createSubgraph);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}

async function run(
  name: SubgraphName,
  createSubgraph: (deps: SubgraphDeps, config: SubgraphConfig) => Promise<Subgraph>,
): Promise<void> {
  const config = readSubgraphConfig(name, process.env);
  const { host, port, url, migrationUrl, retentionDays, natsUrl, introspection } = config;
  const log = createLog({ name, level: config.logLevel, pretty: !config.production });
  const timeouts = readDatabaseTimeouts(process.env);
  const deps = { url, migrationUrl, retentionDays, natsUrl, timeouts, log };
  const subgraph = await createSubgraph(deps, config);
  const served = await serveSubgraph(subgraph, {
    host,
    port,
    fallback: false,
    identitySecret: config.identitySecret,
    previousIdentitySecret: config.previousIdentitySecret,
    introspection,
    executor: config.executor,
    log,
  });
  log.info(`The ${name} subgraph is served at ${served.url}/graphql`);

  const stop = async () => {
    log.info('Stopping');
    await served.close();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
