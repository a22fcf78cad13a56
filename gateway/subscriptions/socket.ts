import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { isOfServers, startHeartbeat } from '@fellowship/server';
import type { Server } from 'graphql-ws';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { CLOSE_CODES, type Close } from './close-codes.ts';

export interface SocketLimits {
  /** Clients that are connected at a time: WebSockets, and HTTP streams. */
  readonly sockets: number;
  /** Operations that one WebSocket may have running at a time. */
  readonly operations: number;
  /** Subscriptions that one player may have running at a time, over all connections. */
  readonly playerSubscriptions: number;
  /** Bytes of one message from a client. */
  readonly messageBytes: number;
  /** Milliseconds for `connection_init` to arrive. */
  readonly initTimeout: number;
  /** Pages that may open a WebSocket, see `originAllowed`, or call over HTTP, see `allowOrigins`. */
  readonly origins: readonly string[];
  /** Bytes that may wait in the process for the client to take them. */
  readonly maxBufferedBytes: number;
  /** Milliseconds that one message may wait for the client to take it. */
  readonly sendTimeout: number;
  /** Milliseconds between signs of life. Who did not answer a ping by the next is gone. */
  readonly heartbeat: number;
  /** Milliseconds between two looks at whether the tokens of who is connected still hold. */
  readonly tokenCheck: number;
}

export const DEFAULT_SOCKET_LIMITS: SocketLimits = {
  sockets: 10_000,
  operations: 100,
  playerSubscriptions: 200,
  messageBytes: 256 * 1024,
  initTimeout: 5_000,
  origins: [],
  maxBufferedBytes: 1024 * 1024,
  sendTimeout: 10_000,
  heartbeat: 15_000,
  tokenCheck: 60_000,
};

const COALESCED = 16 * 1024;

/** One client's socket, as the graphql-ws server and the gateway see it. */
export interface Connection {
  /**
   * Aborts when the socket is closed by the client, or begins to be closed by us: nothing reaches it any
   * more.
   */
  readonly gone: AbortSignal;
  close(close: Close, reason?: string): void;
  /** Sends a message. The promise, if there is one, resolves when the client has taken it. */
  send(data: string): Promise<void> | void;
  /** Closes once every running operation has ended, or after `grace` milliseconds. */
  closeWhenIdle(close: Close, grace: number): Promise<void>;
}

/** Ties a ws socket to the graphql-ws server; in place of `graphql-ws/use/ws`, which bounds no buffer. */
export function openConnection<Extra>(
  socket: WebSocket,
  stream: Duplex,
  server: Server<Extra>,
  extraOf: (connection: Connection) => Extra,
  limits: SocketLimits,
  log: Logger,
): Connection {
  const gone = new AbortController();
  const running = new Set<Promise<void>>();
  /** Whether something was sent in this turn of the event loop, and whether what follows is held back. */
  let sent = false;
  let holding = false;

  const connection: Connection = {
    gone: gone.signal,
    send,
    close({ code, reason }, detail = reason) {
      socket.close(code, detail);
      // Now, not when the client has answered: one that does not read would hold its subscriptions till then.
      finish(code, detail);
    },
    async closeWhenIdle(close, grace) {
      await Promise.race([
        Promise.allSettled(running),
        delay(grace, undefined, { signal: gone.signal, ref: false }),
      ]).catch(() => {});
      connection.close(close);
    },
  };

  /**
   * Nearly always the kernel takes it at once, and then there is nothing to await and no timer to set. What follows
   * in the same turn of the event loop is held back to its end, or until it is COALESCED bytes: of a burst, each
   * socket then costs one system call for many messages, and it is those that the time goes into.
   */
  function send(data: string): Promise<void> | void {
    if (socket.readyState !== socket.OPEN) return;
    const waiting = socket.bufferedAmount;
    if (waiting > limits.maxBufferedBytes) return connection.close(CLOSE_CODES.SLOW_CONSUMER);
    if (waiting > 0 && !holding) return sendSlowly(data);
    if (!sent) {
      sent = true;
      process.nextTick(endTurn);
    } else if (!holding) {
      holding = true;
      stream.cork();
    }
    socket.send(data);
    if (waiting > COALESCED) release();
  }

  function endTurn(): void {
    sent = false;
    release();
  }

  function release(): void {
    if (!holding) return;
    holding = false;
    stream.uncork();
  }

  function sendSlowly(data: string): Promise<void> {
    return new Promise((resolve) => {
      const stuck = setTimeout(() => connection.close(CLOSE_CODES.SLOW_CONSUMER), limits.sendTimeout);
      socket.send(data, () => {
        clearTimeout(stuck);
        resolve();
      });
    });
  }

  function take(message: string, handle: (message: string) => Promise<void>): void {
    const work = handle(message).catch((error: unknown) => {
      if (!isOfServers(message)) throw error;
      connection.close(CLOSE_CODES.BAD_REQUEST);
    });
    run(work);
  }

  function run(work: Promise<void>): void {
    const settled = work
      .catch((error) => {
        log.error({ err: error }, 'WebSocket operation failed');
        connection.close(CLOSE_CODES.INTERNAL_ERROR);
      })
      .finally(() => running.delete(settled));
    running.add(settled);
  }

  const closed = server.opened(
    {
      protocol: socket.protocol,
      send,
      close: (code, reason) => socket.close(code, reason),
      // Settles when the operation that the message starts has ended.
      onMessage: (handle) => socket.on('message', (data) => take(String(data), handle)),
    },
    extraOf(connection),
  );
  const stopHeartbeat = startHeartbeat(socket, limits.heartbeat);
  // Protocol violations of the client, such as a message over the limit. ws closes the socket by itself.
  socket.on('error', (error) => log.debug({ err: error }, 'WebSocket error'));
  socket.once('close', (code, reason) => finish(code, String(reason)));

  function finish(code: number, reason: string): void {
    if (gone.signal.aborted) return;
    gone.abort();
    stopHeartbeat();
    run(closed(code, reason));
  }
  return connection;
}
