import { createIdentityVerifier } from '@fellowship/identity';
import type { ExecutorKind } from './execution/executor.ts';
import { createHttp } from './http.ts';
import { listen } from './listen.ts';
import type { Logger } from './log.ts';
import type { Subgraph } from './subgraph.ts';
import { mountSubgraphHttp } from './subgraph-http.ts';
import { mountSubgraphSockets } from './subgraph-sockets.ts';

export interface ServeSubgraphOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Whether the next free port will do. */
  readonly fallback: boolean;
  /** Shared with the gateway; see `signIdentity`. */
  readonly identitySecret: string;
  /** The one before, while gateways may still have it. */
  readonly previousIdentitySecret?: string | undefined;
  readonly log: Logger;
  /** Whether the schema may be read by introspection; the caller says no in production. */
  readonly introspection: boolean;
  readonly executor?: ExecutorKind;
}

export interface ServedSubgraph {
  /** `http://127.0.0.1:8084`; GraphQL is at `/graphql`, over HTTP and WebSocket. */
  readonly url: string;
  /** Stops accepting, closes sockets (1001), lets requests finish (10 s at most), closes the subgraph. */
  close(): Promise<void>;
}

/** Bytes. More than a client may send: the gateway asks for many entities of a subgraph in one request. */
const BODY_LIMIT = 1024 * 1024;

/**
 * Serves a subgraph in a process of its own: for the gateway alone, which signs who asks. Rejects, with the
 * subgraph closed, when the port is taken.
 */
export async function serveSubgraph(
  subgraph: Subgraph,
  options: ServeSubgraphOptions,
): Promise<ServedSubgraph> {
  const { host, port, fallback, log, introspection, executor = 'compiled' } = options;
  const { identitySecret: secret, previousIdentitySecret: previousSecret } = options;
  const verifier = createIdentityVerifier({ secret, previousSecret, audience: subgraph.name });
  const app = createHttp({ log, bodyLimit: BODY_LIMIT, ready: () => subgraph.ready() });
  app.addHook('onClose', () => subgraph.close());
  try {
    await mountSubgraphHttp(app, subgraph, { verifier, introspection, log, executor });
    mountSubgraphSockets(app, subgraph, { verifier, log });
    const variable = `${subgraph.name.toUpperCase()}_PORT`;
    const { url } = await listen(app, { host, port, fallback, variable });
    return { url, close: () => app.close() };
  } catch (error) {
    await app.close();
    throw error;
  }
}
