import type { WebSocket } from 'ws';

/** Pings every `interval` milliseconds, and cuts off who did not answer by the next. Returns how to stop. */
export function startHeartbeat(socket: WebSocket, interval: number): () => void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, interval);
  socket.on('pong', () => {
    answered = true;
  });
  return () => clearInterval(timer);
}

/** What a client says in graphql-transport-ws. */
const OF_CLIENTS: ReadonlySet<unknown> = new Set([
  'connection_init',
  'ping',
  'pong',
  'subscribe',
  'complete',
]);

/**
 * Whether a message is one that servers send, such as `connection_ack`. The protocol closes the socket of a client
 * that does (4400); graphql-ws takes it for well-formed, and throws.
 */
export function isOfServers(message: string): boolean {
  try {
    return !OF_CLIENTS.has((JSON.parse(message) as { type?: unknown }).type);
  } catch {
    return false;
  }
}
