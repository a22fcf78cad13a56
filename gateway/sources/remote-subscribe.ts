import { signIdentity, subscriptionBody } from '@fellowship/identity';
import type { ExecutionResult, GraphQLFormattedError } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createQueue } from '../queue.ts';
import type { UpstreamLimits } from './limits.ts';
import type { Remote } from './remote.ts';
import type { Source } from './source.ts';
import { unavailable } from './unavailable.ts';

/** Events of one subscription that may wait for its client before the subscription ends as SLOW_CONSUMER. */
const MAX_QUEUED = 1_000;
/**
 * Milliseconds. How often the socket is probed, and how long an answer may take before it counts as broken.
 */
const PROBE_INTERVAL = 10_000;
const PROBE_TIMEOUT = 5_000;
/**
 * Milliseconds that a socket nobody uses is kept: for a client that unsubscribes to subscribe anew. Not long,
 * because the timer, which `dispose` does not clear, keeps a process from ending.
 */
const IDLE_TIMEOUT = 1_000;

/**
 * Subscriptions over one socket to the subgraph, opened at the first one. A running subscription is never
 * reopened behind the client's back: what happened in between would be missing. It ends with an error, and
 * the client resumes after the last event it has.
 */
export function createRemoteSubscribe(remote: Remote): Pick<Source, 'subscribe' | 'close'> {
  const { name, identitySecret, log, now, breaker } = remote;
  const running = new Set<(error: Error) => void>();
  const { client, acknowledged } = createSocket(remote, () => {
    if (running.size > 0)
      log.warn({ subgraph: name, subscriptions: running.size }, 'Lost the socket to a subgraph');
    for (const fail of [...running]) fail(unavailable(name));
  });

  return {
    async *subscribe({ query, variables, mode }, { viewer, requestId, signal }) {
      const body = subscriptionBody(query, variables, mode);
      const identity = await signIdentity(identitySecret, viewer, name, body, now());
      if (signal.aborted) return;
      const queue = createQueue<ExecutionResult>(MAX_QUEUED);
      let unsubscribe = () => {};
      const opened = breaker.run(() => {
        unsubscribe = client.subscribe(
          { query, variables: { ...variables }, extensions: { identity, requestId, mode } },
          {
            next: (result) => {
              if (!queue.push(result as ExecutionResult)) release();
            },
            error: (error) => (isRefusal(error) ? refuse(error) : queue.end(unavailable(name))),
            complete: () => queue.end(),
          },
        );
        return acknowledged();
      });
      opened.catch(() => queue.end(unavailable(name)));
      const release = (error?: Error) => {
        running.delete(release);
        queue.end(error);
        unsubscribe();
      };
      function refuse(errors: readonly GraphQLFormattedError[]): void {
        queue.push({ errors } as unknown as ExecutionResult);
        queue.end();
      }
      running.add(release);
      signal.addEventListener('abort', () => release(), { once: true });
      try {
        yield* queue;
      } finally {
        release();
      }
    },
    // Rejects when it is still connecting to a subgraph that is away, which is as good as closed.
    close: async () => Promise.resolve(client.dispose()).catch(() => {}),
  };
}

/** The subgraph answered the subscription with GraphQL errors; anything else is the socket's fault. */
function isRefusal(error: unknown): error is readonly GraphQLFormattedError[] {
  return Array.isArray(error);
}

/** The one socket, opened and closed as subscriptions need it, and a promise of the subgraph's first word on it. */
function createSocket({ endpoint, limits }: Remote, onClosed: () => void) {
  const url = new URL(endpoint);
  url.protocol = endpoint.protocol === 'https:' ? 'wss:' : 'ws:';
  let probe: NodeJS.Timeout | undefined;
  let open = acknowledgement();
  const client = createClient({
    url: url.href,
    webSocketImpl: subgraphSocket(limits),
    retryAttempts: 0,
    connectionAckWaitTimeout: limits.connectTimeout,
    lazyCloseTimeout: IDLE_TIMEOUT,
    keepAlive: PROBE_INTERVAL,
    on: {
      connected: () => open.resolve(),
      // graphql-ws sends pings and leaves it to us to miss the answer, as on a half-open connection.
      ping: (received) => {
        if (!received) probe = setTimeout(() => client.terminate(), PROBE_TIMEOUT);
      },
      pong: (received) => {
        if (received) clearTimeout(probe);
      },
      closed: () => {
        clearTimeout(probe);
        open.reject(new Error('The socket was closed before the subgraph acknowledged it'));
        open = acknowledgement();
        onClosed();
      },
    },
  });
  return { client, acknowledged: () => open.promise };
}

function acknowledgement(): PromiseWithResolvers<void> {
  const resolvers = Promise.withResolvers<void>();
  // Nobody may be waiting for it.
  resolvers.promise.catch(() => {});
  return resolvers;
}

function subgraphSocket({ connectTimeout, responseBytes }: UpstreamLimits) {
  return class extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { maxPayload: responseBytes, handshakeTimeout: connectTimeout });
    }
  };
}
