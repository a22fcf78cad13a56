import { join } from 'node:path';
import { loadTrust, readGatewayConfig } from '@fellowship/gateway';
import type { SubgraphName } from '@fellowship/server';
import { compiledDirectory } from './compile-cache.ts';
import { checkout } from './directories.ts';
import { startWherePortsHold } from './port-taken.ts';
import { choosePorts, movedPorts, type PortWish, USUAL_GATEWAY_PORT } from './ports.ts';
import type { Served, TopologyOptions } from './stack.ts';
import { subgraphs } from './subgraphs.ts';
import { type Service, superviseService } from './supervise.ts';

/** A gateway and the subgraphs it asks, which are all processes of their own. */
interface ServiceSet {
  /** Empty for the first, which has the usual names and ports. */
  readonly suffix: string;
  readonly wishes: readonly PortWish[];
}

/**
 * Gateway and subgraphs in processes of their own, as an operator would run them. They read the environment
 * themselves; here it is completed by what this launcher chose: ports, URLs, databases and the shared secret.
 * With more than one set, each gateway asks the subgraphs of its own set, and all share the databases.
 */
export function startServices(options: TopologyOptions, count = 1): Promise<Served> {
  const { resources, createLog } = options;
  return startWherePortsHold({ resources, log: createLog('start') }, (opened) =>
    startSets({ ...options, resources: opened }, count),
  );
}

async function startSets(options: TopologyOptions, count: number): Promise<Served> {
  const { environment, configuration, state } = options;
  const config = readGatewayConfig(environment);
  const { identitySecret } = await loadTrust(config, state);
  const sets = Array.from({ length: count }, (_, index) => setOf(index, configuration));
  const wishes = sets.flatMap((set) => set.wishes);
  const ports = await choosePorts(wishes);
  const publicUrl = `http://${hereFor(config.host)}:${ports.get('gateway')}`;
  const shared: NodeJS.ProcessEnv = {
    NODE_COMPILE_CACHE: compiledDirectory,
    ...environment,
    // In production what links say is for the operator to decide.
    ...(!config.production && !environment['GATEWAY_PUBLIC_URL'] && { GATEWAY_PUBLIC_URL: publicUrl }),
    FELLOWSHIP_STATE: state,
    IDENTITY_SECRET: identitySecret,
    ...(count > 1 && !environment['RATE_LIMIT_DATABASE_URL'] && rateDatabase(options)),
    // For the gateways alone, which are on this machine.
    SUBGRAPH_HOST: '127.0.0.1',
  };
  const started = [];
  for (const { suffix } of sets) {
    started.push(await startSet(suffix, ports, hereFor(config.host), shared, options));
  }
  const [first] = started;
  if (!first) throw new Error('There is nothing to start');
  return {
    url: first.url,
    urls: started.map(({ url }) => url),
    services: first.services,
    processes: started.flatMap(({ processes }) => processes),
    moved: movedPorts(wishes, ports),
  };
}

/** Where processes of a kind count together what one sender may do: any of the databases will do. */
function rateDatabase({ databases: { of } }: TopologyOptions) {
  const { url, migrationUrl } = of.party;
  return { RATE_LIMIT_DATABASE_URL: url, RATE_LIMIT_MIGRATION_DATABASE_URL: migrationUrl };
}

/** The second set's usual ports are ten above the first's; only the first's can be asked for. */
function setOf(index: number, { ports }: TopologyOptions['configuration']): ServiceSet {
  const suffix = index === 0 ? '' : `-${index + 1}`;
  const wish = (name: 'gateway' | SubgraphName, usual: number): PortWish => {
    const asked = ports[name];
    return {
      name: name + suffix,
      asked: index === 0 || asked === 0 ? asked : undefined,
      usual: usual + 10 * index,
    };
  };
  const wishes = [
    wish('gateway', USUAL_GATEWAY_PORT),
    ...subgraphs.map(({ name, usualPort }) => wish(name, usualPort)),
  ];
  return { suffix, wishes };
}

async function startSet(
  suffix: string,
  ports: ReadonlyMap<string, number>,
  host: string,
  shared: NodeJS.ProcessEnv,
  { databases, createLog, resources }: TopologyOptions,
) {
  const portOf = (name: string) => ports.get(name + suffix);
  const urlOf = (name: SubgraphName) => `http://127.0.0.1:${portOf(name)}`;
  const own = subgraphs.map(({ name }) => {
    const prefix = name.toUpperCase();
    return {
      [`${prefix}_PORT`]: String(portOf(name)),
      [`${prefix}_URL`]: urlOf(name),
      [`${prefix}_DATABASE_URL`]: databases.of[name].url,
      [`${prefix}_MIGRATION_DATABASE_URL`]: databases.of[name].migrationUrl,
    };
  });
  const environment = Object.assign({ ...shared, GATEWAY_PORT: String(portOf('gateway')) }, ...own);

  const log = createLog('start');
  const processes: Service[] = [];
  const start = async (name: string, folder: string, url: string) => {
    const entry = join(checkout, folder, 'main.ts');
    const readyUrl = `${url}/readyz`;
    const service = await superviseService({ name: name + suffix, entry, environment, readyUrl, log });
    resources.defer(() => service.stop());
    processes.push(service);
  };
  // Each to its end: what is still starting when another fails would be left running.
  const starts = subgraphs.map(({ name }) => start(name, `subgraphs/${name}`, urlOf(name)));
  await Promise.allSettled(starts);
  await Promise.all(starts);
  const url = `http://${host}:${portOf('gateway')}`;
  await start('gateway', 'gateway', url);
  const services = Object.fromEntries(subgraphs.map(({ name }) => [name, urlOf(name)] as const));
  return { url, services, processes };
}

/** Where something that listens on this address is reached from this machine. */
function hereFor(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
