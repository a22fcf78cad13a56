import { setTimeout as sleep } from 'node:timers/promises';
import { subscriptionBody } from '@fellowship/identity';
import { type Client, createClient } from 'graphql-ws';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type ServedSubgraph, serveSubgraph } from './serve-subgraph.ts';
import { identitySecret, recordingLog, sign, TestSubgraph } from './test-subgraph.ts';

let subgraph: TestSubgraph;
let served: ServedSubgraph;
let client: Client;
let entries: Record<string, unknown>[];
let closes: { code: number; reason: string }[];
const url = () => served.url.replace('http', 'ws').concat('/graphql');

beforeEach(async () => {
  const recording = recordingLog('warn');
  entries = recording.entries;
  subgraph = new TestSubgraph();
  const options = { host: '127.0.0.1', port: 0, fallback: false, identitySecret, introspection: false };
  served = await serveSubgraph(subgraph, { ...options, log: recording.log });
  const heard: typeof closes = [];
  closes = heard;
  client = createClient({
    url: url(),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    on: {
      closed: (event) => {
        const { code, reason } = event as { code: number; reason: string };
        heard.push({ code, reason });
      },
    },
  });
});
afterEach(async () => {
  await client.dispose();
  await served.close();
});

interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
  readonly extensions?: Record<string, unknown>;
}

/** An operation with a good identity, unless `extensions` says otherwise. */
async function signed(operation: Operation): Promise<Operation> {
  const identity = await sign(subscriptionBody(operation.query, operation.variables));
  return { ...operation, extensions: { identity, requestId: 'r1', ...operation.extensions } };
}

/** All results of an operation, and the errors that ended it. */
async function run(operation: Operation): Promise<{ results: unknown[]; errors: unknown }> {
  const results: unknown[] = [];
  try {
    for await (const result of client.iterate({ ...operation })) results.push(result);
    return { results, errors: undefined };
  } catch (errors) {
    return { results, errors };
  }
}

const error = (code: string, message: unknown) => [
  { message, extensions: { code, requestId: expect.any(String) } },
];

describe('a signed subscription', () => {
  it('gets its events, each executed with a fresh context', async () => {
    const query = 'subscription ($to: Int!) { count(to: $to) }';
    const { results } = await run(await signed({ query, variables: { to: 3 } }));
    expect(results).toEqual([{ data: { count: 2 } }, { data: { count: 3 } }, { data: { count: 4 } }]);
  });

  it('ends its stream when the client completes it', async () => {
    const stream = client.iterate({ ...(await signed({ query: 'subscription { silent }' })) });
    void stream.next();
    await expect.poll(() => subgraph.contexts).toBe(1);
    await stream.return?.();
    await expect.poll(() => subgraph.endedStreams).toBe(1);
  });

  it('ends its stream when the socket is gone', async () => {
    const cut = client.iterate({ ...(await signed({ query: 'subscription { silent }' })) }).next();
    await expect.poll(() => subgraph.contexts).toBe(1);
    client.terminate();
    await expect(cut).rejects.toMatchObject({ code: 4499 });
    await expect.poll(() => subgraph.endedStreams).toBe(1);
  });
});

describe('a subscription is refused', () => {
  it.each([
    ['without an identity', { identity: undefined }],
    ['with an identity that is no text', { identity: { sub: 'me' } }],
    ['with nonsense', { identity: 'a.b.c' }],
  ])('%s', async (_, extensions) => {
    const { results, errors } = await run(await signed({ query: 'subscription { endless }', extensions }));
    expect([results, errors]).toEqual([[], error('UNAUTHENTICATED', expect.any(String))]);
    expect(subgraph.contexts).toBe(0);
  });

  it('in a mode that its identity is not for, or that there is none of', async () => {
    const query = 'subscription { endless }';
    const mode = { kind: 'shared', after: null };
    const unsigned = await run(await signed({ query, extensions: { mode } }));
    expect([unsigned.results, unsigned.errors]).toEqual([[], error('UNAUTHENTICATED', expect.any(String))]);
    for (const unknown of ['shared', { kind: 'any' }, { ...mode, more: 1 }]) {
      const { errors } = await run(await signed({ query, extensions: { mode: unknown } }));
      expect(errors).toEqual(error('BAD_REQUEST', 'Unknown mode'));
    }
    expect(subgraph.contexts).toBe(0);
  });

  it('with the identity of other variables, another query, another subgraph or another time', async () => {
    const query = 'subscription ($to: Int!) { count(to: $to) }';
    const body = subscriptionBody(query, { to: 1 });
    const tokens = [
      await sign(subscriptionBody(query, { to: 2 })),
      await sign(subscriptionBody(`${query} `, { to: 1 })),
      await sign(subscriptionBody(query, { to: 1 }, { kind: 'probe' })),
      await sign(query),
      await sign(body, 'guild'),
      await sign(body, 'party', new Date(Date.now() - 121_000)),
    ];
    for (const identity of tokens) {
      const { results, errors } = await run({ query, variables: { to: 1 }, extensions: { identity } });
      expect([results, errors]).toEqual([[], error('UNAUTHENTICATED', expect.any(String))]);
    }
    expect(subgraph.contexts).toBe(0);
  });

  it.each([
    ['subscription {', {}, 'GRAPHQL_PARSE_FAILED'],
    ['subscription { nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription ($to: Int!) { count(to: $to) }', {}, 'BAD_USER_INPUT'],
    ['subscription ($to: Int!) { count(to: $to) }', { to: 'x' }, 'BAD_USER_INPUT'],
    ['{ me }', {}, 'BAD_REQUEST'],
    ['subscription A { endless } subscription B { lost }', {}, 'BAD_REQUEST'],
  ])('when it is wrong: %s %j', async (query, variables, code) => {
    const { results, errors } = await run(await signed({ query, variables, operationName: 'A' }));
    expect([results, errors]).toEqual([[], error(code, expect.any(String))]);
  });

  it('alone: the others on the socket go on', async () => {
    const stream = client.iterate({ ...(await signed({ query: 'subscription { endless }' })) });
    expect((await stream.next()).value).toEqual({ data: { endless: 0 } });
    await run({ query: 'subscription { endless }' });
    await run(await signed({ query: 'subscription { noStream }' }));
    await run(await signed({ query: 'subscription { endless }', extensions: { requestId: 'no-context' } }));
    const { results } = await run(await signed({ query: 'subscription { count(to: 1) }' }));
    expect(results).toHaveLength(1);
    expect(closes).toEqual([]);
    await stream.return?.();
  });
});

describe('errors', () => {
  const masked = (path: object) => [
    {
      message: 'Internal server error',
      ...path,
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
    },
  ];

  it('of a stream that ends by name keep the name, after the events before it', async () => {
    const { results, errors } = await run(await signed({ query: 'subscription { lost }' }));
    expect(results).toEqual([{ data: { lost: '1' } }]);
    expect(errors).toEqual([
      { message: 'No longer a member', extensions: { code: 'ACCESS_LOST', requestId: 'r1' } },
    ]);
  });

  it('on opening a stream keep a public code', async () => {
    const { results } = await run(await signed({ query: 'subscription { denied }' }));
    expect(results).toMatchObject([
      { errors: [{ message: 'Needs service:combat', extensions: { code: 'FORBIDDEN' } }] },
    ]);
    expect(JSON.stringify(results)).not.toContain('secret');
  });

  it('that are unexpected are masked and logged, from the stream', async () => {
    const { errors } = await run(await signed({ query: 'subscription { broken }' }));
    expect(errors).toEqual(masked({}));
    expect(entries).toMatchObject([{ requestId: 'r1', err: { message: expect.stringContaining('secret') } }]);
  });

  it('that are unexpected are masked and logged, from an event', async () => {
    const { results } = await run(await signed({ query: 'subscription { brokenEvent }' }));
    expect(results).toEqual([{ data: { brokenEvent: null }, errors: masked({ path: ['brokenEvent'] }) }]);
    expect(entries).toHaveLength(1);
  });

  it.each([
    ['subscription { noStream }', 'r1'],
    ['subscription { endless }', 'no-context'],
  ])('that are unexpected are masked and logged, before there is a stream: %s', async (query, requestId) => {
    const { results } = await run(await signed({ query, extensions: { requestId } }));
    expect(results).toMatchObject([
      { errors: [{ message: 'Internal server error', extensions: { requestId } }] },
    ]);
    expect(entries).toHaveLength(1);
  });
});

describe('a socket', () => {
  async function closeOf(socket: WebSocket): Promise<[code: number, reason: string]> {
    return new Promise((resolve) => socket.once('close', (code, reason) => resolve([code, String(reason)])));
  }
  async function open(protocol = 'graphql-transport-ws', address = url()): Promise<WebSocket> {
    const socket = new WebSocket(address, protocol);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return socket;
  }

  it('that says nothing is closed', async () => {
    expect(await closeOf(await open())).toEqual([4408, 'Connection initialisation timeout']);
  }, 5_000);

  it('that sends too much is closed', async () => {
    const socket = await open();
    const closed = closeOf(socket);
    const printed = vi.spyOn(console, 'error');
    socket.send(JSON.stringify({ type: 'ping', payload: { text: 'x'.repeat(256 * 1024) } }));
    expect((await closed)[0]).toBe(1009);
    expect(printed).not.toHaveBeenCalled();
  });

  it.each(['connection_ack', 'next', 'error'])('that sends what servers send is closed: %s', async (type) => {
    const socket = await open();
    const closed = closeOf(socket);
    const printed = vi.spyOn(console, 'error');
    const payload = { next: {}, error: [{ message: 'No' }] }[type];
    socket.send(JSON.stringify({ type, ...(payload && { id: '1', payload }) }));
    expect(await closed).toEqual([4400, 'Invalid message received']);
    expect(printed).not.toHaveBeenCalled();
  });

  it('that subscribes before it is acknowledged is closed', async () => {
    const socket = await open();
    const closed = closeOf(socket);
    socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: await signed({ query: '{ me }' }) }));
    expect(await closed).toEqual([4401, 'Unauthorized']);
  });

  it('elsewhere than /graphql is refused', async () => {
    await expect(open('graphql-transport-ws', url().replace('graphql', 'other'))).rejects.toThrow('400');
  });

  it('is closed by name when the process goes, and its streams end before the subgraph', async () => {
    void client
      .iterate({ ...(await signed({ query: 'subscription { silent }' })) })
      .next()
      .catch(() => {});
    await expect.poll(() => subgraph.contexts).toBe(1);
    await served.close();
    expect(subgraph.endedStreams).toBe(1);
    expect(subgraph.isClosed).toBe(true);
    await expect.poll(() => closes).toMatchObject([{ code: 1001, reason: 'Going away' }]);
  });

  it('whose other end does not answer a close does not hold up the process', async () => {
    const socket = await open();
    socket.pause();
    await served.close();
    socket.terminate();
    await sleep(0);
  });
});
