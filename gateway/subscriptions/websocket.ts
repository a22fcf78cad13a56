import { type ClientTokens, InvalidToken, type Viewer } from '@fellowship/identity';
import { GRAPHQL_PATH, requestIdFrom } from '@fellowship/server';
import type { FastifyInstance } from 'fastify';
import type { ExecutionArgs, GraphQLSchema } from 'graphql';
import { type Context, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { cleanErrors, coded } from '../errors.ts';
import type { AdmittedRequest, Graph } from '../graph.ts';
import { bearerToken } from '../identity.ts';
import { CLOSE_CODES } from './close-codes.ts';
import { onExpiry } from './expiry.ts';
import { type Connection, openConnection, type SocketLimits } from './socket.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Bytes of one message from a client; ws allows 100 MiB. */
const MAX_PAYLOAD = 256 * 1024;
/** Milliseconds for `connection_init` to arrive. */
const INIT_TIMEOUT = 5_000;
/** Milliseconds that running operations get to end, when the token has expired or the server stops. */
const EXPIRY_GRACE = 1_000;
const DRAIN_GRACE = 5_000;
/** Milliseconds for the client to answer a close before it is cut off; ws waits 30 s. */
const CLOSE_TIMEOUT = 2_000;

export interface WebSocketOptions {
  readonly graph: Graph;
  readonly schema: GraphQLSchema;
  readonly subscriptions: Subscriptions;
  readonly clientTokens: ClientTokens;
  readonly limits: SocketLimits;
  readonly log: Logger;
  readonly now: () => Date;
}

interface Extra {
  readonly connection: Connection;
  viewer?: Viewer;
}
type SocketContext = Context<Record<string, unknown> | undefined, Extra>;

/**
 * Serves graphql-ws (protocol graphql-transport-ws) at `/graphql`: subscriptions, queries and mutations,
 * through the same checks and execution as HTTP. Who connects brings a token in
 * `connectionParams.authorization`. When the app closes, subscriptions end with GOING_AWAY and sockets with
 * 1001.
 */
export function mountWebSocket(app: FastifyInstance, options: WebSocketOptions): void {
  const { subscriptions, limits, log } = options;
  const server = createServer(options);
  const connections = new Set<Connection>();
  const ws = { maxPayload: MAX_PAYLOAD, closeTimeout: CLOSE_TIMEOUT };
  const sockets = new WebSocketServer({ noServer: true, path: GRAPHQL_PATH, handleProtocols, ...ws });
  let draining = false;

  // By hand: a WebSocketServer that is given the HTTP server re-emits its errors, a taken port for example.
  app.server.on('upgrade', (request, stream, head) => {
    if (draining) return stream.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
    return sockets.handleUpgrade(request, stream, head, (socket) => {
      const connection = openConnection(socket, server, (connection) => ({ connection }), limits, log);
      connections.add(connection);
      connection.gone.addEventListener('abort', () => connections.delete(connection));
    });
  });

  app.addHook('preClose', async () => {
    draining = true;
    subscriptions.end();
    const closing = [...connections].map((each) => each.closeWhenIdle(CLOSE_CODES.GOING_AWAY, DRAIN_GRACE));
    await Promise.all(closing);
  });
}

function createServer({ graph, schema, subscriptions, clientTokens, limits, log, now }: WebSocketOptions) {
  return makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: INIT_TIMEOUT,

    async onConnect({ connectionParams, extra }) {
      const { connection } = extra;
      try {
        extra.viewer = await clientTokens.verify(tokenOf(connectionParams));
      } catch (error) {
        if (!(error instanceof InvalidToken)) throw error;
        connection.close(CLOSE_CODES.FORBIDDEN, error.message);
        return false;
      }
      const expire = () => connection.closeWhenIdle(CLOSE_CODES.TOKEN_EXPIRED, EXPIRY_GRACE);
      const cancel = onExpiry(extra.viewer.expiresAt, now, expire);
      if (connection.gone.aborted) cancel();
      connection.gone.addEventListener('abort', cancel);
      return true;
    },

    onSubscribe(context, _id, payload) {
      const requestId = requestIdFrom(payload.extensions?.['requestId']);
      try {
        if (Object.keys(context.subscriptions).length > limits.operations) {
          const most = `${limits.operations} operations at a time`;
          throw coded('TOO_MANY_SUBSCRIPTIONS', `One connection may run ${most}`);
        }
        return argsOf(schema, graph.admit(requestOf(context, payload, requestId)));
      } catch (error) {
        return cleanErrors([error], requestId, log);
      }
    },

    execute: ({ contextValue }) => graph.execute(contextValue as AdmittedRequest),
    subscribe: ({ contextValue }) => subscriptions.subscribe(contextValue as AdmittedRequest),
  });
}

function tokenOf(params: Readonly<Record<string, unknown>> | undefined): string {
  const token = bearerToken(params?.['authorization'] ?? params?.['Authorization']);
  if (token === undefined)
    throw new InvalidToken('Token is missing: send { "authorization": "Bearer <token>" }');
  return token;
}

function requestOf({ extra }: SocketContext, payload: SubscribePayload, requestId: string) {
  return {
    source: payload.query,
    operationName: payload.operationName || undefined,
    variables: payload.variables ?? {},
    viewer: extra.viewer ?? null,
    requestId,
    signal: extra.connection.gone,
  };
}

/** graphql-ws reads the document to tell subscriptions from the rest; everything else is in the request. */
function argsOf(schema: GraphQLSchema, request: AdmittedRequest): ExecutionArgs {
  const { operation, operationName } = request;
  return { schema, document: operation.document, operationName, contextValue: request };
}
