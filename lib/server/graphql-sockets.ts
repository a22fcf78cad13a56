import type { FastifyInstance } from 'fastify';
import { handleProtocols, makeServer, type Server, type ServerOptions } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { GRAPHQL_PATH } from './graphql-http.ts';
import type { Logger } from './log.ts';
import { isOfServers, startHeartbeat } from './socket-health.ts';

/** Bytes of one message from a client; ws allows 100 MiB. A longer one closes the socket (1009). */
const MAX_PAYLOAD = 256 * 1024;
/** Milliseconds for `connection_init` to arrive; else 4408. */
const INIT_TIMEOUT = 3_000;
/** Milliseconds for the other side to answer a close before it is cut off; ws waits 30 s. */
const CLOSE_TIMEOUT = 2_000;
/** Milliseconds between signs of life. */
const HEARTBEAT = 12_000;

/**
 * Serves graphql-ws at `/graphql` on the app's own port. When the app closes, every socket is closed first, with
 * 1001 "Going away".
 *
 * The upgrade is passed on by hand: a `WebSocketServer` that is given the HTTP server re-emits its errors, and a
 * port that is taken, which `listen` handles, would end the process.
 */
export function mountSockets(
  app: FastifyInstance,
  log: Logger,
  options: ServerOptions<undefined, object>,
): void {
  const server = makeServer({ connectionInitWaitTimeout: INIT_TIMEOUT, ...options });
  // Not written into the call: @types/ws does not know `closeTimeout` yet.
  const limits = { maxPayload: MAX_PAYLOAD, closeTimeout: CLOSE_TIMEOUT };
  const sockets = new WebSocketServer({ noServer: true, path: GRAPHQL_PATH, handleProtocols, ...limits });
  app.server.on('upgrade', (request, stream, head) => {
    sockets.handleUpgrade(request, stream, head, (socket) => serve(socket, server, log));
  });
  app.addHook('preClose', async () => {
    for (const socket of sockets.clients) socket.close(1001, 'Going away');
    await new Promise((resolve) => sockets.close(resolve));
  });
}

/** In place of `graphql-ws/use/ws`, which prints what a client does wrong to stderr, with a stack. */
function serve(socket: WebSocket, server: Server<object>, log: Logger): void {
  const closed = server.opened(
    {
      protocol: socket.protocol,
      send: (data) => send(socket, data),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) => socket.on('message', (data) => take(socket, String(data), handle, log)),
    },
    {},
  );
  const stopHeartbeat = startHeartbeat(socket, HEARTBEAT);
  // Protocol violations of the client, such as a message over the limit. ws closes the socket by itself.
  socket.on('error', (error) => log.debug({ err: error }, 'WebSocket error'));
  socket.once('close', (code, reason) => {
    stopHeartbeat();
    closed(code, String(reason)).catch((error: unknown) =>
      log.error({ err: error }, 'WebSocket operation failed'),
    );
  });
}

function send(socket: WebSocket, data: string): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) resolve();
    else socket.send(data, (error) => (error ? reject(error) : resolve()));
  });
}

/** Settles when the operation that the message starts has ended. */
async function take(
  socket: WebSocket,
  message: string,
  handle: (message: string) => Promise<void>,
  log: Logger,
): Promise<void> {
  try {
    await handle(message);
  } catch (error) {
    if (isOfServers(message)) return socket.close(4400, 'Invalid message received');
    log.error({ err: error }, 'WebSocket operation failed');
    socket.close(4500, 'Internal server error');
  }
}
