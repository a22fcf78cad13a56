import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createGateway,
  createLocalSource,
  type GatewayConfig,
  loadManifest,
  loadTrust,
  pages,
  readGatewayConfig,
  type Source,
} from '@fellowship/gateway';
import { openRates } from '@fellowship/rate-limit';
import type { SubgraphName } from '@fellowship/server';
import { readDatabaseTimeouts } from '@fellowship/subgraph';
import { checkout } from './directories.ts';
import { movedPorts, USUAL_GATEWAY_PORT } from './ports.ts';
import type { Served, TopologyOptions } from './stack.ts';
import { type Surroundings, subgraphs } from './subgraphs.ts';

/** Gateway and subgraphs in this process: the gateway executes the subgraphs' schemas itself. */
export async function startInProcess(options: TopologyOptions): Promise<Served> {
  const { environment, configuration, state, createLog, resources } = options;
  const config = readGatewayConfig(environment);
  const { clientTokens, devKeys } = await loadTrust(config, state);
  let served: string | undefined;
  const gatewayUrl = () => {
    if (served === undefined) throw new Error('The gateway does not listen yet');
    return served;
  };
  const rates = await openRates(config.rateDatabase, createLog('rates'));
  resources.defer(() => rates.close());
  const gateway = await createGateway({
    supergraph: await readFile(join(checkout, 'schema/supergraph.graphql'), 'utf8'),
    sources: await openSources(options, config, { environment, gatewayUrl, rates }),
    clientTokens,
    introspection: config.introspection,
    manifest: config.manifest === undefined ? undefined : await loadManifest(config.manifest),
    limits: config.limits,
    showCost: config.explorer,
    executor: config.executor,
    socketLimits: config.socketLimits,
    rateLimits: config.rateLimits,
    rateStore: rates,
    trustedProxies: config.trustedProxies,
    routes: pages(config, devKeys, rates),
    log: createLog('gateway'),
  });
  resources.defer(() => gateway.close());

  const wish = { name: 'gateway', asked: configuration.ports.gateway, usual: USUAL_GATEWAY_PORT };
  const { url, port } = await gateway.listen({
    host: config.host,
    port: wish.asked ?? wish.usual,
    fallback: wish.asked === undefined,
  });
  served = url;
  return {
    url,
    urls: [url],
    services: {},
    processes: [],
    moved: movedPorts([wish], new Map([[wish.name, port]])),
  };
}

/** At once, although each migrates: they take turns by a lock in the database. */
async function openSources(
  options: TopologyOptions,
  { upstreamLimits, executor }: GatewayConfig,
  surroundings: Surroundings,
): Promise<Record<SubgraphName, Source>> {
  const { databases, configuration, environment, createLog, resources } = options;
  const { retentionDays, natsUrl } = configuration;
  const timeouts = readDatabaseTimeouts(environment);
  const sources = await Promise.all(
    subgraphs.map(async ({ name, create }) => {
      const log = createLog(name);
      const deps = { ...databases.of[name], retentionDays, natsUrl, timeouts, log };
      const subgraph = await create(deps, surroundings);
      resources.defer(() => subgraph.close());
      return [name, createLocalSource(subgraph, { limits: upstreamLimits, log, executor })] as const;
    }),
  );
  return Object.fromEntries(sources) as Record<SubgraphName, Source>;
}
