import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createGateway,
  createLocalSource,
  loadTrust,
  pages,
  readGatewayConfig,
  type Source,
} from '@fellowship/gateway';
import type { SubgraphName } from '@fellowship/server';
import { checkout } from './directories.ts';
import { movedPorts, USUAL_GATEWAY_PORT } from './ports.ts';
import type { Served, TopologyOptions } from './stack.ts';
import { subgraphs } from './subgraphs.ts';

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
  const gateway = await createGateway({
    supergraph: await readFile(join(checkout, 'schema/supergraph.graphql'), 'utf8'),
    sources: await openSources(options, gatewayUrl),
    clientTokens,
    introspection: config.introspection,
    limits: config.limits,
    socketLimits: config.socketLimits,
    routes: pages(config, devKeys),
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
  gatewayUrl: () => string,
): Promise<Record<SubgraphName, Source>> {
  const { databases, configuration, environment, createLog, resources } = options;
  const { retentionDays, natsUrl } = configuration;
  const sources = await Promise.all(
    subgraphs.map(async ({ name, create }) => {
      const deps = { ...databases.of[name], retentionDays, natsUrl, log: createLog(name) };
      const subgraph = await create(deps, { environment, gatewayUrl });
      resources.defer(() => subgraph.close());
      return [name, createLocalSource(subgraph)] as const;
    }),
  );
  return Object.fromEntries(sources) as Record<SubgraphName, Source>;
}
