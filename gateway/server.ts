import proxyAddr from '@fastify/proxy-addr';
import type { ClientTokens } from '@fellowship/identity';
import { memoryRates, type RateStore } from '@fellowship/rate-limit';
import { createHttp, type ExecutorKind, listen, type SubgraphName } from '@fellowship/server';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { allowOrigins } from './cors.ts';
import { createGraph, type OperationRequest } from './graph.ts';
import { mountHttp } from './http.ts';
import { createAuthentication } from './identity.ts';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.ts';
import { createRates, DEFAULT_RATE_LIMITS, type RateLimits } from './limits/rates.ts';
import { mountManifest } from './manifest/http.ts';
import type { Manifest } from './manifest/manifest.ts';
import { onlyRegistered } from './manifest/registered.ts';
import { createOperations } from './operations.ts';
import type { Source } from './sources/source.ts';
import { mountHttpStreams } from './subscriptions/http-streams.ts';
import { createPlaces } from './subscriptions/places.ts';
import { createRevocations } from './subscriptions/revocations.ts';
import { DEFAULT_SOCKET_LIMITS, type SocketLimits } from './subscriptions/socket.ts';
import { createSubscriptions, type Results } from './subscriptions/subscriptions.ts';
import { mountWebSocket } from './subscriptions/websocket.ts';
import { parseSupergraph } from './supergraph.ts';
import { type AskAsVisitor, askAsVisitor } from './visitor.ts';

export interface GatewayOptions {
  /** SDL, as composed. */
  readonly supergraph: string;
  readonly sources: Readonly<Record<SubgraphName, Source>>;
  readonly clientTokens: ClientTokens;
  /** Whether the schema may be read by introspection, also without a token. */
  readonly introspection: boolean;
  readonly log: Logger;
  /** Where only registered operations are served. */
  readonly manifest?: Manifest | undefined;
  readonly limits?: Limits;
  /** See `GraphOptions`. */
  readonly showCost?: boolean;
  /** Who runs query plans; compiled unless told. */
  readonly executor?: ExecutorKind;
  readonly socketLimits?: SocketLimits;
  readonly rateLimits?: RateLimits;
  /** Where senders' points are counted; in memory unless told. Belongs to who made it. */
  readonly rateStore?: RateStore;
  /** Whose `X-Forwarded-For` counts: addresses, networks (`10.0.0.0/8`), `loopback`, ... Nobody's unless told. */
  readonly trustedProxies?: readonly string[];
  /** What else is served, such as the explorer. */
  readonly routes?: (app: FastifyInstance, ask: AskAsVisitor) => void | Promise<void>;
  readonly now?: () => Date;
}

export interface Gateway {
  /** Starts to listen. Rejects when the port is taken (with `fallback`: and the next ones too). */
  listen(options: { host: string; port: number; fallback: boolean }): Promise<{ url: string; port: number }>;
  /** Runs a subscription without a transport; see `Graph.admit` and `Subscriptions.subscribe`. */
  subscribe(request: OperationRequest): Promise<Results>;
  /**
   * Takes nothing new, ends subscriptions (GOING_AWAY) and sockets (1001), lets requests in flight finish (10
   * s at most), then closes the sources.
   */
  close(): Promise<void>;
}

/**
 * The gateway, with everything it needs passed in. Throws when the supergraph does not parse, or an operation of the
 * manifest can't be served.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { sources, clientTokens, introspection, manifest, log, routes, now = () => new Date() } = options;
  const { limits = DEFAULT_LIMITS, socketLimits = DEFAULT_SOCKET_LIMITS, showCost = false } = options;
  const { rateLimits = DEFAULT_RATE_LIMITS, rateStore = memoryRates(), trustedProxies = [] } = options;
  const supergraph = parseSupergraph(options.supergraph, options.executor);
  const operations = createOperations(supergraph, limits, introspection);
  const rates = createRates(rateStore, rateLimits);
  const authentication = createAuthentication(clientTokens, rates);
  const registered = manifest ? onlyRegistered(operations, manifest) : operations;
  const common = { supergraph, limits, rates, sources, log, showCost };
  const graph = createGraph({ ...common, operations: registered });
  // What our own pages ask is in no manifest.
  const ownGraph = createGraph({ ...common, operations });
  const revocations = createRevocations(clientTokens, socketLimits.tokenCheck, log);
  const subscriptions = createSubscriptions({
    revocations,
    supergraph,
    sources,
    perPlayer: socketLimits.playerSubscriptions,
    log,
    now,
  });

  const each = Object.values(sources);
  const app = createHttp({
    log,
    trustedProxies,
    ready: async () => {
      await Promise.all(each.map((source) => source.ready()));
    },
  });
  app.addHook('onClose', async () => {
    await Promise.all(each.map((source) => source.close()));
  });
  await allowOrigins(app, socketLimits.origins);
  const places = createPlaces(socketLimits.sockets);
  app.addHook('preClose', async () => {
    revocations.close();
    subscriptions.end();
  });
  if (manifest) mountManifest(app, manifest);
  mountHttpStreams(app, { graph, subscriptions, authentication, limits: socketLimits, places, log });
  await mountHttp(app, { graph, supergraph, authentication, rates, maxTokens: limits.tokens, log });
  mountWebSocket(app, {
    graph,
    manifest,
    schema: supergraph.apiSchema,
    subscriptions,
    authentication,
    revocations,
    addressOf: (request) => proxyAddr(request, [...trustedProxies]),
    limits: socketLimits,
    places,
    log,
    now,
  });
  await routes?.(app, askAsVisitor(ownGraph, now));

  return {
    listen: (where) => listen(app, { ...where, variable: 'GATEWAY_PORT' }),
    subscribe: async (request) => subscriptions.subscribe(await graph.admit(request)),
    close: () => app.close(),
  };
}
