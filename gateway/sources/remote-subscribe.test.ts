import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createIdentityVerifier, subscriptionBody } from '@fellowship/identity';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { until } from '../testing/client.ts';
import { ADA, silent, viewerNamed } from '../testing/gateway.ts';
import { DEFAULT_UPSTREAM_LIMITS } from './limits.ts';
import { createRemoteSource } from './remote.ts';
import type { Source } from './source.ts';

const SECRET = 'a secret of more than thirty-two characters';
const REQUEST = {
  query: 'subscription($id:ID!){a(id:$id)}',
  variables: { id: '1' },
  operationName: undefined,
  mode: { kind: 'own' },
} as const;

interface Message {
  readonly id: string;
  readonly type: string;
  readonly payload: { readonly extensions: Record<string, string> };
}

let server: WebSocketServer;
let source: Source;
/** What the subgraph got, in order; and its sockets. */
let received: Message[];
let sockets: WebSocket[];

beforeEach(async () => {
  received = [];
  sockets = [];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      received.push(message);
      if (message.type === 'connection_init') socket.send('{"type":"connection_ack"}');
    });
  });
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  source = createRemoteSource({ name: 'party', url, identitySecret: SECRET, log: silent });
});
afterEach(async () => {
  await source.close();
  for (const socket of sockets) socket.terminate();
  server.close();
});

function subscribe(signal = new AbortController().signal) {
  return source.subscribe(REQUEST, { viewer: viewerNamed('Ada'), requestId: 'req-1', signal });
}
const subscribed = () => received.filter(({ type }) => type === 'subscribe');
const send = (id: string, value: number) =>
  sockets[0]?.send(JSON.stringify({ id, type: 'next', payload: { data: { value } } }));

it('carries each operation over one socket, with who asks signed for it', async () => {
  const streams = [subscribe(), subscribe()];
  const results = streams.map((stream) => stream.next());
  await until(() => subscribed().length === 2);
  expect(sockets.length).toBe(1);
  const verifier = createIdentityVerifier({ secret: SECRET, audience: 'party' });
  for (const { id, payload } of subscribed()) {
    const { identity = '', requestId } = payload.extensions;
    const body = subscriptionBody(REQUEST.query, REQUEST.variables, REQUEST.mode);
    expect((await verifier.verify(identity, body)).playerId).toBe(ADA);
    expect(requestId).toBe('req-1');
    send(id, 1);
  }
  for (const result of results) expect(await result).toEqual({ done: false, value: { data: { value: 1 } } });
});

it('ends when the socket closes, even normally, and is not reopened behind the back of its consumer', async () => {
  const next = subscribe().next();
  await until(() => subscribed().length === 1);
  sockets[0]?.close(1000);
  await expect(next).rejects.toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(subscribed().length).toBe(1);

  const again = subscribe().next();
  await until(() => subscribed().length === 2);
  sockets[1]?.send(JSON.stringify({ id: subscribed()[1]?.id, type: 'complete' }));
  expect((await again).done).toBe(true);
});

it('unsubscribes at once when its signal aborts', async () => {
  const end = new AbortController();
  const next = subscribe(end.signal).next();
  await until(() => subscribed().length === 1);
  end.abort();
  expect((await next).done).toBe(true);
  await until(() => received.at(-1)?.type === 'complete');
});

it('ends as SLOW_CONSUMER when a thousand events wait, and unsubscribes then, not when they are taken', async () => {
  const stream = subscribe();
  const first = stream.next();
  await until(() => subscribed().length === 1);
  const { id = '' } = subscribed()[0] ?? {};
  for (let value = 0; value < 1_100; value++) send(id, value);
  await until(() => received.at(-1)?.type === 'complete');
  expect((await first).value).toEqual({ data: { value: 0 } });
  let taken = 1;
  const drain = async () => {
    for (; !(await stream.next()).done; taken++);
  };
  await expect(drain()).rejects.toMatchObject({ extensions: { code: 'SLOW_CONSUMER' } });
  expect(taken).toBeGreaterThanOrEqual(1_000);
});

it('is refused at once, without connecting, while the subgraph is known to be away', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    let upgrades = 0;
    let isAway = true;
    server.options.verifyClient = () => {
      upgrades++;
      return !isAway;
    };
    const { failures, pause } = DEFAULT_UPSTREAM_LIMITS;
    for (let i = 0; i < failures + 3; i++) {
      await expect(subscribe().next()).rejects.toMatchObject({
        extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
      });
    }
    expect(upgrades).toBe(failures);

    vi.setSystemTime(Date.now() + pause);
    isAway = false;
    const results = subscribe().next();
    await until(() => subscribed().length === 1);
    send(subscribed()[0]?.id ?? '', 1);
    expect((await results).value).toEqual({ data: { value: 1 } });
  } finally {
    vi.useRealTimers();
  }
});
