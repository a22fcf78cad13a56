import type { ClientTokens } from '@fellowship/identity';
import { createHttp, listen, type SubgraphName } from '@fellowship/server';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { createGraph, type OperationRequest } from './graph.ts';
import { mountHttp } from './http.ts';
import { DEFAULT_LIMITS, type Limits } from './limits/limits.ts';
import { createOperations } from './operations.ts';
import type { Source } from './sources/source.ts';
import { mountHttpStreams } from './subscriptions/http-streams.ts';
import { createPlaces } from './subscriptions/places.ts';
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
  readonly limits?: Limits;
  readonly socketLimits?: SocketLimits;
  /** What else is served, such as the explorer. */
  readonly routes?: (app: FastifyInstance, ask: AskAsVisitor) => void | Promise<void>;
  readonly now?: () => Date;
}

export interface Gateway {
  /** Starts to listen. Rejects when the port is taken (with `fallback`: and the next ones too). */
  listen(options: { host: string; port: number; fallback: boolean }): Promise<{ url: string; port: number }>;
  /** Runs a subscription without a transport; see `Subscriptions.subscribe`. */
  subscribe(request: OperationRequest): Results;
  /**
   * Takes nothing new, ends subscriptions (GOING_AWAY) and sockets (1001), lets requests in flight finish (10
   * s at most), then closes the sources.
   */
  close(): Promise<void>;
}

/** The gateway, with everything it needs passed in. Throws when the supergraph does not parse. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { sources, clientTokens, introspection, log, routes, now = () => new Date() } = options;
  const { limits = DEFAULT_LIMITS, socketLimits = DEFAULT_SOCKET_LIMITS } = options;
  const supergraph = parseSupergraph(options.supergraph);
  const operations = createOperations(supergraph, limits, introspection);
  const graph = createGraph(supergraph, operations, limits, sources, log);
  const subscriptions = createSubscriptions({
    graph,
    supergraph,
    sources,
    perPlayer: socketLimits.playerSubscriptions,
    log,
    now,
  });

  const each = Object.values(sources);
  const app = createHttp({
    log,
    ready: async () => {
      await Promise.all(each.map((source) => source.ready()));
    },
  });
  app.addHook('onClose', async () => {
    await Promise.all(each.map((source) => source.close()));
  });
  const places = createPlaces(socketLimits.sockets);
  app.addHook('preClose', async () => subscriptions.end());
  mountHttpStreams(app, { graph, subscriptions, clientTokens, limits: socketLimits, places, log });
  await mountHttp(app, { graph, supergraph, clientTokens, maxTokens: limits.tokens, log });
  mountWebSocket(app, {
    graph,
    schema: supergraph.apiSchema,
    subscriptions,
    clientTokens,
    limits: socketLimits,
    places,
    log,
    now,
  });
  await routes?.(app, askAsVisitor(graph, now));

  return {
    listen: (where) => listen(app, { ...where, variable: 'GATEWAY_PORT' }),
    subscribe: (request) => subscriptions.subscribe(request),
    close: () => app.close(),
  };
}
