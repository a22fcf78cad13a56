import type { ExecutionResult } from 'graphql';
import { createClient, type Client as Socket } from 'graphql-ws';
import { WebSocket } from 'ws';
import { post } from './post.ts';

/** What a graph answers: as deep as was asked. */
// biome-ignore lint/suspicious/noExplicitAny: who asks knows the shape; a wrong path is undefined and fails.
export type Data = any;

/** One player's connection to a graph, made as a game's would be: HTTP, and graphql-ws for what is live. */
export interface Client {
  /** Sends an operation and returns its data. Throws on a top-level error. */
  run(query: string, variables?: object): Promise<Data>;
  /** Runs the mutation `name` with its `input`; returns its payload, with `errors { code message path }`. */
  mutate(name: string, input: object, payload: string): Promise<Data>;
  /** Opens a subscription; resolves when the server has taken the socket. */
  subscribe(query: string, variables?: object): Promise<Listening>;
  close(): Promise<void>;
}

/** A subscription, to be read event by event. */
export interface Listening {
  /** The next result. Throws when the subscription has ended. */
  next(): Promise<ExecutionResult<Record<string, Data>>>;
  close(): Promise<void>;
}

export function connect(url: string, token: string): Client {
  const sockets = new Set<Socket>();
  const run: Client['run'] = async (query, variables = {}) => {
    const { data, errors, text } = await post(url, { query, variables }, token);
    if (errors || data === undefined) throw new Error(`The graph answered: ${text}`);
    return data;
  };
  return {
    run,
    async mutate(name, input, payload) {
      const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
      const query = `mutation ($input: ${type}) { ${name}(input: $input) { ${payload} errors { code message path } } }`;
      return (await run(query, { input }))[name];
    },
    async subscribe(query, variables = {}) {
      const socket = await open(url, token);
      sockets.add(socket);
      const results = socket.iterate<Record<string, Data>>({ query, variables: { ...variables } });
      return {
        async next() {
          const { value, done } = await results.next();
          if (done) throw new Error('The subscription has ended');
          return value as ExecutionResult<Record<string, Data>>;
        },
        async close() {
          await results.return?.();
          await socket.dispose();
          sockets.delete(socket);
        },
      };
    },
    async close() {
      await Promise.all([...sockets].map((socket) => socket.dispose()));
    },
  };
}

/** A socket that does not connect again: who wants that resumes with a cursor. */
async function open(url: string, token: string): Promise<Socket> {
  const connected = Promise.withResolvers<void>();
  const socket = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: connected.reject,
    on: { connected: () => connected.resolve() },
  });
  await connected.promise;
  return socket;
}
