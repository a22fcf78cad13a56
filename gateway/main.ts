import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openRates } from '@fellowship/rate-limit';
import { createLog } from '@fellowship/server';
import { type GatewayConfig, loadTrust, readGatewayConfig } from './config.ts';
import { loadManifest } from './manifest/manifest.ts';
import { pages } from './routes.ts';
import { createGateway } from './server.ts';
import { createRemoteSource } from './sources/remote.ts';

const ROOT = join(import.meta.dirname, '..');

/** The gateway as a process of its own, with every subgraph at a URL. `pnpm start` is the all-in-one. */
async function main(): Promise<void> {
  const config = readGatewayConfig(process.env);
  const log = createLog({ name: 'gateway', level: config.logLevel, pretty: !config.production });
  const state = config.stateDirectory ?? join(ROOT, '.fellowship');
  const { clientTokens, identitySecret, devKeys } = await loadTrust(config, state);
  const remote = (name: 'party' | 'guild' | 'group') =>
    createRemoteSource({
      name,
      url: requiredUrl(config, name),
      identitySecret,
      limits: config.upstreamLimits,
      log,
    });

  const rateStore = await openRates(config.rateDatabase, log);
  const gateway = await createGateway({
    supergraph: await readFile(join(ROOT, 'schema/supergraph.graphql'), 'utf8'),
    sources: { party: remote('party'), guild: remote('guild'), group: remote('group') },
    clientTokens,
    introspection: config.introspection,
    manifest: config.manifest === undefined ? undefined : await loadManifest(config.manifest),
    limits: config.limits,
    showCost: config.explorer,
    executor: config.executor,
    socketLimits: config.socketLimits,
    rateLimits: config.rateLimits,
    rateStore,
    trustedProxies: config.trustedProxies,
    routes: pages(config, devKeys, rateStore),
    log,
  });
  const { url } = await gateway.listen({ host: config.host, port: config.port, fallback: false });
  log.info(`The graph is served at ${url}/graphql`);

  const stop = async () => {
    log.info('Stopping');
    await gateway.close();
    await rateStore.close();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

function requiredUrl({ urls }: GatewayConfig, name: 'party' | 'guild' | 'group'): string {
  const url = urls[name];
  if (!url) throw new Error(`${name.toUpperCase()}_URL must be set, for example to http://127.0.0.1:8084`);
  return url;
}

await main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
