import type { FastifyInstance } from 'fastify';
import type { ServerOptions } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { GRAPHQL_PATH } from './graphql-http.ts';

/** Bytes of one message from a client; ws allows 100 MiB. A longer one closes the socket (1009). */
const MAX_PAYLOAD = 256 * 1024;
/** Milliseconds for `connection_init` to arrive; else 4408. */
const INIT_TIMEOUT = 3_000;
/** Milliseconds for the other side to answer a close before it is cut off; ws waits 30 s. */
const CLOSE_TIMEOUT = 2_000;

/**
 * Serves graphql-ws at `/graphql` on the app's own port. When the app closes, every socket is closed first, with
 * 1001 "Going away".
 *
 * The upgrade is passed on by hand: a `WebSocketServer` that is given the HTTP server re-emits its errors, and a
 * port that is taken, which `listen` handles, would end the process.
 */
export function mountSockets(app: FastifyInstance, options: ServerOptions<undefined, Extra>): void {
  // Not written into the call: @types/ws does not know `closeTimeout` yet.
  const limits = { maxPayload: MAX_PAYLOAD, closeTimeout: CLOSE_TIMEOUT };
  const sockets = new WebSocketServer({ noServer: true, path: GRAPHQL_PATH, ...limits });
  // `isProd`: a close reason never holds the message of an unexpected error.
  const served = useServer({ connectionInitWaitTimeout: INIT_TIMEOUT, isProd: true, ...options }, sockets);
  app.server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });
  app.addHook('preClose', async () => {
    await served.dispose();
  });
}
