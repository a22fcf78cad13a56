import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startStack } from '../kit/stack.ts';
import { serveTestSubgraph } from './served-subgraph.ts';

/** One side of the protocol graphql-transport-ws, with what it takes to be let in. */
interface Target {
  readonly url: string;
  /** The payload of a good `connection_init`. */
  readonly params: object;
  /** The payload of a `subscribe` that goes on for ever. */
  subscription(): Promise<object>;
  stop(): Promise<void>;
}

async function gateway(): Promise<Target> {
  const graph = await startStack('process');
  const { token } = await graph.player('Ada');
  return {
    url: `${graph.url.replace('http', 'ws')}/graphql`,
    params: { authorization: `Bearer ${token}` },
    subscription: async () => ({ query: 'subscription { partyInbox { id } }' }),
    stop: graph.stop,
  };
}

/** One of them: the socket is the same code in all. */
async function subgraph(): Promise<Target> {
  const served = await serveTestSubgraph('party');
  return {
    url: served.endpoint.replace('http', 'ws'),
    params: {},
    subscription: () => served.subscription('subscription { partyInbox { id } }'),
    stop: served.close,
  };
}

// As PROTOCOL.md of graphql-ws has them. 4403, 4410, 4411 and 1001 are decisions of ours: their tests are in
// gateway/subscriptions/websocket.test.ts.
describe.each([
  ['the gateway', gateway],
  ['a subgraph', subgraph],
])('the socket of %s', (_, start) => {
  let target: Target;
  let silent: WebSocket;
  let silentCode: Promise<number>;
  beforeAll(async () => {
    target = await start();
    // Says nothing while the other tests run.
    silent = await open();
    silentCode = closeCode(silent);
  });
  afterAll(async () => {
    silent?.terminate();
    await target?.stop();
  });

  async function open(protocols: string[] = ['graphql-transport-ws']): Promise<WebSocket> {
    const socket = new WebSocket(target.url, protocols);
    await once(socket, 'open');
    return socket;
  }
  async function openAcknowledged(): Promise<WebSocket> {
    const socket = await open();
    send(socket, init());
    expect(await heard(socket)).toEqual({ type: 'connection_ack' });
    return socket;
  }
  const init = () => ({ type: 'connection_init', payload: target.params });
  const send = (socket: WebSocket, ...messages: object[]) => {
    for (const message of messages) socket.send(JSON.stringify(message));
  };
  const heard = async (socket: WebSocket) => JSON.parse(String((await once(socket, 'message'))[0]));
  const closeCode = async (socket: WebSocket): Promise<number> => (await once(socket, 'close'))[0];

  test('speaks graphql-transport-ws, and answers a ping with a pong and its payload', async () => {
    const socket = await openAcknowledged();
    expect(socket.protocol).toBe('graphql-transport-ws');
    send(socket, { type: 'ping', payload: { n: 1 } });
    expect(await heard(socket)).toEqual({ type: 'pong', payload: { n: 1 } });
    socket.close(1000);
    expect(await closeCode(socket)).toBe(1000);
  });

  test.each([
    ['no JSON', '{'],
    ['an unknown type', '{"type":"start"}'],
    ['an acknowledgement', '{"type":"connection_ack"}'],
    ['a result', '{"type":"next","id":"1","payload":{"data":{}}}'],
    ['a subscribe without an id', '{"type":"subscribe","payload":{"query":"{ __typename }"}}'],
    ['a subscribe without a query', '{"type":"subscribe","id":"1","payload":{}}'],
  ])('is closed with 4400 by %s', async (_, message) => {
    const socket = await openAcknowledged();
    socket.send(message);
    expect(await closeCode(socket)).toBe(4400);
  });

  test('is closed with 4401 by a subscribe before the connection is acknowledged', async () => {
    const socket = await open();
    send(socket, { type: 'subscribe', id: '1', payload: await target.subscription() });
    expect(await closeCode(socket)).toBe(4401);
  });

  test('is closed with 4406 without the subprotocol', async () => {
    expect(await closeCode(await open([]))).toBe(4406);
  });

  test('is closed with 4409 by an id that is in use', async () => {
    const socket = await openAcknowledged();
    const subscribe = { type: 'subscribe', id: '1', payload: await target.subscription() };
    send(socket, subscribe, subscribe);
    expect(await closeCode(socket)).toBe(4409);
  });

  test('is closed with 4429 by a second connection_init', async () => {
    const socket = await openAcknowledged();
    send(socket, init());
    expect(await closeCode(socket)).toBe(4429);
  });

  test('is closed with 1009 by a message over 256 KiB', async () => {
    const socket = await openAcknowledged();
    send(socket, { type: 'ping', payload: { text: 'x'.repeat(256 * 1024) } });
    expect(await closeCode(socket)).toBe(1009);
  });

  test('takes an id again when its operation was completed by the client', async () => {
    const socket = await openAcknowledged();
    const subscribe = { type: 'subscribe', id: '1', payload: await target.subscription() };
    const complete = { type: 'complete', id: '1' };
    send(socket, subscribe, complete, subscribe, complete, { type: 'ping' });
    expect(await heard(socket)).toEqual({ type: 'pong' });
    socket.terminate();
  });

  test('is closed with 4408 when connection_init does not come', async () => {
    expect(await silentCode).toBe(4408);
  });
});
