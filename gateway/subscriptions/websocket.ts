import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { InvalidToken, type Viewer } from '@fellowship/identity';
import { RateLimited } from '@fellowship/rate-limit';
import { GRAPHQL_PATH, requestIdFrom } from '@fellowship/server';
import type { FastifyInstance } from 'fastify';
import type { ExecutionArgs, GraphQLSchema } from 'graphql';
import { type Context, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import { countedAs } from '../address.ts';
import { cleanErrors, coded } from '../errors.ts';
import type { AdmittedRequest, Graph } from '../graph.ts';
import { type Authentication, bearerToken, type Sender } from '../identity.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { CLOSE_CODES } from './close-codes.ts';
import { onExpiry } from './expiry.ts';
import { jsonOf } from './json.ts';
import { originAllowed } from './origin.ts';
import type { Places } from './places.ts';
import type { Revocations } from './revocations.ts';
import { type Connection, openConnection, type SocketLimits } from './socket.ts';
import type { Subscriptions } from './subscriptions.ts';

/** Milliseconds that running operations get to end, when the token has expired or the server stops. */
const EXPIRY_GRACE = 1_000;
const DRAIN_GRACE = 5_000;
/** Milliseconds for the client to answer a close before it is cut off; ws waits 30 s. */
const CLOSE_TIMEOUT = 2_000;
const HOW_TO = 'Token is missing: send { "authorization": "Bearer <token>" }';

export interface WebSocketOptions {
  readonly graph: Graph;
  readonly manifest: Manifest | undefined;
  readonly schema: GraphQLSchema;
  readonly subscriptions: Subscriptions;
  readonly authentication: Authentication;
  readonly revocations: Revocations;
  /** The address that a request comes from, for whom its proxies say. */
  readonly addressOf: (request: IncomingMessage) => string;
  readonly limits: SocketLimits;
  readonly places: Places;
  readonly log: Logger;
  readonly now: () => Date;
}

interface Extra {
  readonly connection: Connection;
  sender: Sender;
}
type SocketContext = Context<Record<string, unknown> | undefined, Extra>;

/**
 * Serves graphql-ws (protocol graphql-transport-ws) at `/graphql`: subscriptions, queries and mutations,
 * through the same checks and execution as HTTP. Who connects brings a token in
 * `connectionParams.authorization`. When the app closes, sockets are closed with 1001 once their operations have
 * ended.
 */
export function mountWebSocket(app: FastifyInstance, options: WebSocketOptions): void {
  const { addressOf, limits, places, log } = options;
  const server = createServer(options);
  const connections = new Set<Connection>();
  const ws = { maxPayload: limits.messageBytes, closeTimeout: CLOSE_TIMEOUT };
  const sockets = new WebSocketServer({ noServer: true, path: GRAPHQL_PATH, handleProtocols, ...ws });
  let draining = false;

  // By hand: a WebSocketServer that is given the HTTP server re-emits its errors, a taken port for example.
  app.server.on('upgrade', (request, stream, head) => {
    if (!originAllowed(request, limits.origins)) return refuseUpgrade(stream, '403 Forbidden');
    const leave = draining ? undefined : places.take();
    if (!leave) return refuseUpgrade(stream, '503 Service Unavailable');
    stream.once('close', leave);
    const address = countedAs(addressOf(request));
    return sockets.handleUpgrade(request, stream, head, (socket) => {
      const connection = openConnection(
        socket,
        stream,
        server,
        (connection) => ({ connection, sender: { viewer: null, address } }),
        limits,
        log,
      );
      connections.add(connection);
      connection.gone.addEventListener('abort', () => connections.delete(connection));
    });
  });

  app.addHook('preClose', async () => {
    draining = true;
    const closing = [...connections].map((each) => each.closeWhenIdle(CLOSE_CODES.GOING_AWAY, DRAIN_GRACE));
    await Promise.all(closing);
  });
}

function refuseUpgrade(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
}

function createServer({
  graph,
  manifest,
  schema,
  subscriptions,
  authentication,
  revocations,
  limits,
  log,
  now,
}: WebSocketOptions) {
  return makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: limits.initTimeout,

    async onConnect({ connectionParams, extra }) {
      const { connection, sender } = extra;
      const token = tokenOf(connectionParams);
      let viewer: Viewer;
      try {
        viewer = await authentication.ofToken(token, sender.address, HOW_TO);
        extra.sender = { ...sender, viewer, token };
      } catch (error) {
        if (!(error instanceof InvalidToken || error instanceof RateLimited)) throw error;
        connection.close(CLOSE_CODES.FORBIDDEN, error.message);
        return false;
      }
      const expire = () => connection.closeWhenIdle(CLOSE_CODES.TOKEN_EXPIRED, EXPIRY_GRACE);
      const revoke = (reason: string) =>
        void connection.closeWhenIdle({ ...CLOSE_CODES.FORBIDDEN, reason }, EXPIRY_GRACE);
      const cancels = [onExpiry(viewer.expiresAt, now, expire), revocations.watch(token ?? '', revoke)];
      const cancel = () => cancels.forEach((each) => void each());
      if (connection.gone.aborted) cancel();
      connection.gone.addEventListener('abort', cancel);
      return true;
    },

    async onSubscribe(context, id, payload) {
      const requestId = requestIdFrom(payload.extensions?.['requestId']);
      try {
        if (Object.keys(context.subscriptions).length > limits.operations) {
          const most = `${limits.operations} operations at a time`;
          throw coded('TOO_MANY_SUBSCRIPTIONS', `One connection may run ${most}`);
        }
        const request = await graph.admit(requestOf(context, payload, requestId, manifest));
        return argsOf(schema, { id, request, connection: context.extra.connection });
      } catch (error) {
        return cleanErrors([error], requestId, log);
      }
    },

    execute: ({ contextValue }) => graph.execute((contextValue as Running).request),
    subscribe: ({ contextValue }) => sendResults(contextValue as Running, subscriptions),
  });
}

function tokenOf(params: Readonly<Record<string, unknown>> | undefined): string | undefined {
  return bearerToken(params?.['authorization'] ?? params?.['Authorization']);
}

function requestOf(
  { extra }: SocketContext,
  payload: SubscribePayload,
  requestId: string,
  manifest: Manifest | undefined,
) {
  return {
    source: manifest?.sourceOf(payload) ?? payload.query,
    operationName: payload.operationName || undefined,
    variables: payload.variables ?? {},
    ...extra.sender,
    requestId,
    signal: extra.connection.gone,
  };
}

/** An operation, as graphql-ws hands it from one of its hooks to the next. */
interface Running {
  readonly id: string;
  readonly request: AdmittedRequest;
  readonly connection: Connection;
}

/** graphql-ws reads the document to tell subscriptions from the rest; everything else is in the context. */
function argsOf(schema: GraphQLSchema, running: Running): ExecutionArgs {
  const { operation, operationName } = running.request;
  return { schema, document: operation.document, operationName, contextValue: running };
}

/**
 * Sends a subscription's results past graphql-ws, which would write each one's JSON anew for every socket: all that
 * differs is the id. To graphql-ws this is an iterator that yields nothing, ends with the subscription, and whose
 * `return()` ends it.
 */
function sendResults({ id, request, connection }: Running, subscriptions: Subscriptions) {
  const results = subscriptions.subscribe(request);
  const head = `{"id":${JSON.stringify(id)},"type":"next","payload":`;

  const iterator: AsyncGenerator<never, undefined, void> = {
    async next() {
      for (let next = await results.next(); !next.done; next = await results.next()) {
        const taken = connection.send(`${head}${jsonOf(next.value)}}`);
        if (taken) await taken;
      }
      return done;
    },
    async return() {
      await results.return();
      return done;
    },
    async throw(error) {
      await results.return();
      throw error;
    },
    [Symbol.asyncIterator]: () => iterator,
    async [Symbol.asyncDispose]() {
      await results.return();
    },
  };
  return iterator;
}

const done = { done: true, value: undefined } as const;
