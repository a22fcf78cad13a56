import {
  type ClientTokens,
  DEMO_TENANT_ID,
  InvalidToken,
  playerIdOf,
  type Viewer,
} from '@fellowship/identity';
import { createLog, type SubgraphName, serveSubgraph } from '@fellowship/server';
import { createGateway, type Gateway, type GatewayOptions } from '../server.ts';
import { DEFAULT_UPSTREAM_LIMITS, type UpstreamLimits } from '../sources/limits.ts';
import { createLocalSource } from '../sources/local.ts';
import { createRemoteSource } from '../sources/remote.ts';
import type { Source } from '../sources/source.ts';
import { createTestSubgraphs, type TestSubgraphs } from './subgraphs.ts';

export type Topology = 'local' | 'remote';
export const TOPOLOGIES: readonly Topology[] = ['local', 'remote'];

export const silent = createLog({ name: 'test', level: 'silent' });

const IDENTITY_SECRET = 'a secret of more than thirty-two characters';
const HOUR = 3_600_000;

export const ADA = playerIdOf('Ada');

export function viewerNamed(name: string, expiresAt = new Date(Date.now() + HOUR)): Viewer {
  return { playerId: playerIdOf(name), tenantId: DEMO_TENANT_ID, communities: [], scopes: [], expiresAt };
}

/** The token `Ada` is Ada's for an hour, `Ada:500` for half a second; `bad` does not hold. */
export const nameTokens: ClientTokens = {
  async verify(token) {
    if (token === 'bad') throw new InvalidToken('Token expired');
    const [name = '', milliseconds = HOUR] = token.split(':');
    return viewerNamed(name, new Date(Date.now() + Number(milliseconds)));
  },
};

export interface TestGateway extends TestSubgraphs, AsyncDisposable {
  readonly gateway: Gateway;
  readonly url: string;
  /** Stops a subgraph's server, where there is one. */
  stopSubgraph(name: SubgraphName): Promise<void>;
}

/**
 * A gateway on a free port over the test subgraphs: in this process, or each behind real HTTP and WebSockets.
 */
export async function startTestGateway(
  topology: Topology,
  options: Partial<GatewayOptions> = {},
  upstreamLimits: Partial<UpstreamLimits> = {},
): Promise<TestGateway> {
  const limits = { ...DEFAULT_UPSTREAM_LIMITS, ...upstreamLimits };
  const test = createTestSubgraphs();
  const served = new Map<SubgraphName, { url: string; close(): Promise<void> }>();
  const names: SubgraphName[] = ['party', 'guild', 'group'];
  if (topology === 'remote') {
    for (const name of names) {
      const where = { host: '127.0.0.1', port: 0, fallback: false };
      const { log = silent } = options;
      const how = { identitySecret: IDENTITY_SECRET, log, introspection: false };
      served.set(name, await serveSubgraph(test.subgraphs[name], { ...where, ...how }));
    }
  }

  function sourceOf(name: SubgraphName): Source {
    const url = served.get(name)?.url;
    if (url === undefined) return createLocalSource(test.subgraphs[name], { limits });
    return createRemoteSource({ name, url, identitySecret: IDENTITY_SECRET, limits, log: silent });
  }

  const gateway = await createGateway({
    supergraph: test.supergraph,
    sources: { party: sourceOf('party'), guild: sourceOf('guild'), group: sourceOf('group') },
    clientTokens: nameTokens,
    introspection: true,
    log: silent,
    ...options,
  });
  const { url } = await gateway.listen({ host: '127.0.0.1', port: 0, fallback: false });
  return {
    ...test,
    gateway,
    url,
    stopSubgraph: async (name) => served.get(name)?.close(),
    async [Symbol.asyncDispose]() {
      await gateway.close();
      await Promise.all([...served.values()].map((server) => server.close()));
    },
  };
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { data?: unknown; errors?: { message: string; path?: unknown; extensions: unknown }[] };
}

/** POSTs an operation as Ada, unless other headers are given. */
export async function post(
  url: string,
  query: string,
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = { authorization: 'Bearer Ada' },
): Promise<Reply> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Reply['body'],
  };
}
