import { join } from 'node:path';
import { loadTrust, readGatewayConfig } from '@fellowship/gateway';
import { checkout } from './directories.ts';
import { choosePorts, movedPorts, USUAL_GATEWAY_PORT } from './ports.ts';
import type { Served, TopologyOptions } from './stack.ts';
import { subgraphs } from './subgraphs.ts';
import { superviseService } from './supervise.ts';

/**
 * Gateway and subgraphs in processes of their own, as an operator would run them. They read the environment
 * themselves; here it is completed by what this launcher chose: ports, URLs, databases and the shared secret.
 */
export async function startServices(options: TopologyOptions): Promise<Served> {
  const { environment, configuration, state, createLog, resources } = options;
  const config = readGatewayConfig(environment);
  const { identitySecret } = await loadTrust(config, state);
  const wishes = [
    { name: 'gateway', asked: configuration.ports.gateway, usual: USUAL_GATEWAY_PORT },
    ...subgraphs.map(({ name, usualPort }) => ({ name, asked: configuration.ports[name], usual: usualPort })),
  ];
  const ports = await choosePorts(wishes);
  const services = Object.fromEntries(
    subgraphs.map(({ name }) => [name, `http://127.0.0.1:${ports.get(name)}`] as const),
  );
  const url = `http://${hereFor(config.host)}:${ports.get('gateway')}`;
  const completed: NodeJS.ProcessEnv = {
    ...environment,
    // In production what links say is for the operator to decide.
    ...(!config.production && !environment['GATEWAY_PUBLIC_URL'] && { GATEWAY_PUBLIC_URL: url }),
    FELLOWSHIP_STATE: state,
    IDENTITY_SECRET: identitySecret,
    GATEWAY_PORT: String(ports.get('gateway')),
    // For the gateway alone, which is on this machine.
    SUBGRAPH_HOST: '127.0.0.1',
    ...Object.assign({}, ...subgraphs.map(({ name }) => environmentOf(name, ports, options))),
  };

  const log = createLog('start');
  const start = async (name: string, folder: string, url: string) => {
    const entry = join(checkout, folder, 'main.ts');
    const readyUrl = `${url}/readyz`;
    const service = await superviseService({ name, entry, environment: completed, readyUrl, log });
    resources.defer(() => service.stop());
  };
  await Promise.all(Object.entries(services).map(([name, url]) => start(name, `subgraphs/${name}`, url)));
  await start('gateway', 'gateway', url);
  return { url, services, moved: movedPorts(wishes, ports) };
}

/** What a subgraph reads of the environment, and the gateway about it. */
function environmentOf(
  name: (typeof subgraphs)[number]['name'],
  ports: ReadonlyMap<string, number>,
  { databases }: TopologyOptions,
): NodeJS.ProcessEnv {
  const prefix = name.toUpperCase();
  return {
    [`${prefix}_PORT`]: String(ports.get(name)),
    [`${prefix}_URL`]: `http://127.0.0.1:${ports.get(name)}`,
    [`${prefix}_DATABASE_URL`]: databases.of[name].url,
    [`${prefix}_MIGRATION_DATABASE_URL`]: databases.of[name].migrationUrl,
  };
}

/** Where something that listens on this address is reached from this machine. */
function hereFor(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
