import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

export interface TestClient extends Client, AsyncDisposable {
  /** How the socket was closed. */
  readonly closed: Promise<{ code: number; reason: string }>;
}

/** A graphql-ws client that does not connect again. */
export function connectClient(
  url: string,
  token: string | null = 'Ada',
  options: Partial<ClientOptions> = {},
): TestClient {
  const closed = Promise.withResolvers<{ code: number; reason: string }>();
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(token !== null && { connectionParams: { authorization: `Bearer ${token}` } }),
    on: { closed: (event) => closed.resolve(event as { code: number; reason: string }) },
    ...options,
  });
  return {
    ...client,
    closed: closed.promise,
    async [Symbol.asyncDispose]() {
      await client.dispose();
    },
  };
}

/** Polls until the condition holds; fails after a minute. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('It did not happen within a minute');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
