import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connectClient, until } from '../testing/client.ts';
import { startTestGateway, type TestGateway, TOPOLOGIES } from '../testing/gateway.ts';
import { DEFAULT_SOCKET_LIMITS } from './socket.ts';

const ACTIVITY =
  'subscription ($id: ID!) { partyActivity(partyId: $id) { id actor { id guilds { name } } } }';
const activity = { query: ACTIVITY, variables: { id: '1' } };
const event = (id: string, actor = 'Ada') => ({
  partyActivity: { id, actor: { id: actor, guilds: [{ name: `Guild of ${actor}` }] } },
});

describe.each(TOPOLOGIES)('over WebSocket, subgraphs %s', (topology) => {
  let test: TestGateway;
  beforeEach(async () => {
    test = await startTestGateway(topology);
  });
  afterEach(() => test[Symbol.asyncDispose]());

  it('streams events with what they select of other subgraphs, in order', async () => {
    await using client = connectClient(test.url);
    const results = client.iterate(activity);
    const first = results.next();
    await until(() => test.activity.listeners === 1);
    for (const id of ['1', '2', '3']) test.activity.publish({ id, actorId: id === '2' ? 'Bea' : 'Ada' });
    expect(await first).toEqual({ done: false, value: { data: event('1') } });
    expect((await results.next()).value).toEqual({ data: event('2', 'Bea') });
    expect((await results.next()).value).toEqual({ data: event('3') });
    test.activity.end();
    expect(await results.next()).toEqual({ done: true, value: undefined });
  });

  it('asks the subgraph of the event for more, when another one leads back to it', async () => {
    await using client = connectClient(test.url);
    const query =
      'subscription { partyActivity(partyId: 1) { id actor { guilds { leader { id party { name } } } } } }';
    const results = client.iterate({ query });
    const first = results.next();
    await until(() => test.activity.listeners === 1);
    for (const id of ['1', '2']) test.activity.publish({ id, actorId: 'Ada' });
    const actor = { guilds: [{ leader: { id: 'Lea', party: { name: 'Party 1' } } }] };
    expect((await first).value).toEqual({ data: { partyActivity: { id: '1', actor } } });
    expect((await results.next()).value).toEqual({ data: { partyActivity: { id: '2', actor } } });
  });

  it('makes a context anew for every event and every fetch of it', async () => {
    await using client = connectClient(test.url);
    const results = client.iterate(activity);
    const first = results.next();
    await until(() => test.activity.listeners === 1);
    test.activity.publish({ id: '1', actorId: 'Ada' });
    await first;
    const before = test.contexts.length;
    test.activity.publish({ id: '2', actorId: 'Ada' });
    await results.next();
    expect(test.contexts.slice(before).map(({ subgraph }) => subgraph)).toEqual(['party', 'guild']);
  });

  it('passes errors of an event, masked, and goes on', async () => {
    await using client = connectClient(test.url);
    const query = 'subscription { partyActivity(partyId: 1) { id fault actor { guilds { id } } } }';
    const results = client.iterate({ query });
    const first = results.next();
    await until(() => test.activity.listeners === 1);
    test.activity.publish({ id: '1', actorId: 'Ada', text: 'fault' });
    test.activity.publish({ id: '2', actorId: 'Ada' });
    const actor = { guilds: [{ id: 'guild-of-Ada' }] };
    const { value } = await first;
    expect(value).toEqual({
      data: { partyActivity: { id: '1', fault: null, actor } },
      errors: [
        {
          message: 'Internal server error',
          path: ['partyActivity', 'fault'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
        },
      ],
    });
    expect((await results.next()).value).toEqual({
      data: { partyActivity: { id: '2', fault: null, actor } },
    });
  });

  it('ends with the coded error of a subgraph that refuses the subscription', async () => {
    await using client = connectClient(test.url);
    const results = client.iterate({ query: 'subscription { guarded { id } }' });
    expect((await results.next()).value).toMatchObject({
      errors: [{ message: 'The cursor is too old', extensions: { code: 'CURSOR_EXPIRED' } }],
    });
    expect((await results.next()).done).toBe(true);
  });

  it('frees the subgraph at once when the client unsubscribes, while no event comes', async () => {
    await using client = connectClient(test.url);
    const results = client.iterate(activity);
    results.next();
    await until(() => test.activity.listeners === 1);
    await results.return?.();
    await until(() => test.activity.listeners === 0);
  });

  it('frees the subgraph at once when the client disappears', async () => {
    const client = connectClient(test.url);
    client
      .iterate(activity)
      .next()
      .catch(() => {});
    await until(() => test.activity.listeners === 1);
    client.terminate();
    await until(() => test.activity.listeners === 0);
  });

  it('ends with TOKEN_EXPIRED, and nothing more, when the token expires', async () => {
    await using client = connectClient(test.url, 'Ada:300');
    const results = client.iterate(activity);
    const first = results.next();
    await until(() => test.activity.listeners === 1);
    test.activity.publish({ id: '1', actorId: 'Ada' });
    expect((await first).value).toEqual({ data: event('1') });
    expect((await results.next()).value).toMatchObject({
      errors: [{ extensions: { code: 'TOKEN_EXPIRED' } }],
    });
    expect(test.activity.listeners).toBe(0);
    expect((await results.next()).done).toBe(true);
    expect(await client.closed).toMatchObject({ code: 4410, reason: 'Token expired' });
  });

  it('ends with GOING_AWAY, then 1001, when the gateway stops', async () => {
    await using client = connectClient(test.url);
    const results = client.iterate(activity);
    const first = results.next();
    await until(() => test.activity.listeners === 1);
    const closing = test.gateway.close();
    expect((await first).value).toMatchObject({ errors: [{ extensions: { code: 'GOING_AWAY' } }] });
    expect((await results.next()).done).toBe(true);
    expect(await client.closed).toMatchObject({ code: 1001 });
    await closing;
    expect(test.activity.listeners).toBe(0);
  });

  it('runs queries and mutations, as HTTP does', async () => {
    await using client = connectClient(test.url);
    const query = 'query ($id: ID!) { party(id: $id) { members { guilds { id } } } crash }';
    const { value } = await client.iterate({ query, variables: { id: '1' } }).next();
    expect(value).toMatchObject({
      data: {
        party: { members: [{ guilds: [{ id: 'guild-of-Ada' }] }, { guilds: [{ id: 'guild-of-Bea' }] }] },
      },
      errors: [{ message: 'Internal server error', path: ['crash'] }],
    });
    const rename = await client.iterate({ query: 'mutation { partyRename(name: "X") { name } }' }).next();
    expect(rename.value).toEqual({ data: { partyRename: { name: 'X' } } });
  });
});

describe('a remote subgraph that stops', () => {
  it('ends its subscriptions with SUBGRAPH_UNAVAILABLE; new ones connect again', async () => {
    await using test = await startTestGateway('remote');
    await using client = connectClient(test.url);
    const results = client.iterate(activity);
    const first = results.next();
    await until(() => test.activity.listeners === 1);
    await test.stopSubgraph('party');
    const { value } = await first;
    expect(value).toMatchObject({
      errors: [
        {
          message: 'The party service is not available: try again',
          extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
        },
      ],
    });
    const again = await client.iterate(activity).next();
    expect(again.value).toMatchObject({ errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }] });
  });
});

describe('a socket', () => {
  let test: TestGateway;
  beforeEach(async () => {
    const socketLimits = {
      ...DEFAULT_SOCKET_LIMITS,
      operations: 2,
      maxBufferedBytes: 100_000,
      sendTimeout: 200,
      heartbeat: 60_000,
    };
    test = await startTestGateway('local', { socketLimits });
  });
  afterEach(() => test[Symbol.asyncDispose]());

  it.each([
    ['bad', 'Token expired'],
    [null, 'Token is missing: send { "authorization": "Bearer <token>" }'],
  ])('is closed with 4403 when the token is %s', async (token, reason) => {
    await using client = connectClient(test.url, token);
    client
      .iterate({ query: '{ __typename }' })
      .next()
      .catch(() => {});
    expect(await client.closed).toMatchObject({ code: 4403, reason });
  });

  it('refuses what HTTP refuses, with the same codes', async () => {
    await using client = connectClient(test.url);
    const ask = async (query: string, variables = {}) => {
      const error = await client
        .iterate({ query, variables })
        .next()
        .catch((errors) => errors);
      return error[0].extensions.code;
    };
    expect(await ask('{ me {')).toBe('GRAPHQL_PARSE_FAILED');
    expect(await ask('{ mee { id } }')).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(await ask(`{ ${Array.from({ length: 11 }, () => 'crash').join(' ')} }`)).toBe(
      'TOO_MANY_ROOT_FIELDS',
    );
    expect(await ask('query ($t: String) { echo(text: $t) }', { t: '\0' })).toBe('BAD_USER_INPUT');
    expect(await ask('subscription ($s: Boolean!) { guarded @skip(if: $s) { id } }', { s: false })).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    );
  });

  it('may have so many operations running', async () => {
    await using client = connectClient(test.url);
    for (let i = 0; i < 2; i++)
      client
        .iterate({ ...activity, variables: { id: String(i) } })
        .next()
        .catch(() => {});
    await until(() => test.activity.listeners === 2);
    const third = await client
      .iterate(activity)
      .next()
      .catch((errors) => errors);
    expect(third).toMatchObject([{ extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } }]);
  });

  it('is closed by name when its client does not read', async () => {
    const socket = await subscribeRaw(test.url, 'subscription { partyActivity(partyId: 1) { id text } }');
    await until(() => test.activity.listeners === 1);
    socket.pause();
    const text = 'x'.repeat(500_000);
    for (let id = 0; id < 40; id++) test.activity.publish({ id: String(id), actorId: 'Ada', text });
    await until(() => test.activity.listeners === 0);
    socket.resume();
    const [code, reason] = await once(socket, 'close');
    expect([code, String(reason)]).toEqual([4411, 'Slow consumer']);
  });

  it.each([
    [undefined, 101],
    ['same', 101],
    ['https://game.example', 101],
    ['https://evil.example', 403],
    ['null', 403],
  ])('from a page at %s is answered %i', async (origin, status) => {
    const limits = { ...DEFAULT_SOCKET_LIMITS, origins: ['https://game.example'] };
    await using open = await startTestGateway('local', { socketLimits: limits });
    const url = `${open.url.replace('http', 'ws')}/graphql`;
    const options = origin === undefined ? {} : { origin: origin === 'same' ? open.url : origin };
    expect(await upgradeStatus(url, options)).toBe(status);
  });

  it('is not opened where all places are taken, and is when one has left', async () => {
    await using small = await startTestGateway('local', {
      socketLimits: { ...DEFAULT_SOCKET_LIMITS, sockets: 1 },
    });
    const url = `${small.url.replace('http', 'ws')}/graphql`;
    const first = new WebSocket(url, 'graphql-transport-ws');
    await once(first, 'open');
    expect(await upgradeStatus(url)).toBe(503);
    first.close();
    await once(first, 'close');
    expect(await upgradeStatus(url)).toBe(101);
  });

  it('is closed with 4408 when connection_init does not come', async () => {
    const limits = { ...DEFAULT_SOCKET_LIMITS, initTimeout: 50 };
    await using quick = await startTestGateway('local', { socketLimits: limits });
    const socket = new WebSocket(`${quick.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const [code] = await once(socket, 'close');
    expect(code).toBe(4408);
  });

  it('is cut off when its client answers no ping', async () => {
    const limits = { ...DEFAULT_SOCKET_LIMITS, heartbeat: 50 };
    await using quick = await startTestGateway('local', { socketLimits: limits });
    const url = `${quick.url.replace('http', 'ws')}/graphql`;
    const dead = new WebSocket(url, 'graphql-transport-ws', { autoPong: false });
    const alive = new WebSocket(url, 'graphql-transport-ws');
    await once(dead, 'close');
    expect(alive.readyState).toBe(WebSocket.OPEN);
    alive.terminate();
  });

  it('is closed with 1009 by a message over 256 KiB', async () => {
    const socket = await subscribeRaw(test.url, ' '.repeat(300 * 1024));
    const [code] = await once(socket, 'close');
    expect(code).toBe(1009);
  });

  it('gets no second chance without connection_init', async () => {
    const socket = new WebSocket(`${test.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ __typename }' } }));
    const [code] = await once(socket, 'close');
    expect(code).toBe(4401);
  });

  it('takes small bursts whole', async () => {
    expect(DEFAULT_SOCKET_LIMITS.operations).toBeGreaterThan(2);
    await using client = connectClient(test.url);
    const results = client.iterate(activity);
    const first = results.next();
    await until(() => test.activity.listeners === 1);
    for (let id = 0; id < 300; id++) test.activity.publish({ id: String(id), actorId: 'Ada' });
    const ids = [(await first).value];
    while (ids.length < 300) ids.push((await results.next()).value);
    expect(ids).toEqual(Array.from({ length: 300 }, (_, id) => ({ data: event(String(id)) })));
  });
});

async function upgradeStatus(url: string, options: { origin?: string } = {}): Promise<number | undefined> {
  const socket = new WebSocket(url, 'graphql-transport-ws', options);
  const { promise, resolve } = Promise.withResolvers<number | undefined>();
  // Of a socket that is given up before it is open.
  socket.on('error', () => {});
  socket.once('unexpected-response', (_, response) => resolve(response.statusCode));
  socket.once('open', () => resolve(101));
  const status = await promise;
  socket.terminate();
  return status;
}

async function subscribeRaw(url: string, query: string): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer Ada' } }));
  await once(socket, 'message');
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
  return socket;
}
