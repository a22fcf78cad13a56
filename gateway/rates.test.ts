import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectClient } from './testing/client.ts';
import {
  nameTokens,
  post,
  type Reply,
  startTestGateway,
  type TestGateway,
  viewerNamed,
} from './testing/gateway.ts';

const limits = { seconds: 60, player: 12, service: 100, address: 4 };
const WRITE = 'mutation { partyRename(name: "Nine") { name } }';
const refused = { code: 'RATE_LIMITED', retryAfter: expect.any(Number), requestId: expect.any(String) };

let test: TestGateway;
beforeEach(async () => {
  test = await startTestGateway('local', {
    rateLimits: limits,
    trustedProxies: ['127.0.0.1'],
    clientTokens: {
      async verify(token) {
        if (token === 'server') return { ...viewerNamed('server'), scopes: ['service:combat'] };
        return nameTokens.verify(token);
      },
    },
  });
});
afterEach(() => test[Symbol.asyncDispose]());

const as = (token: string, more: Record<string, string> = {}) => ({
  authorization: `Bearer ${token}`,
  ...more,
});
const times = async (count: number, ask: () => Promise<Reply>) => {
  const replies: Reply[] = [];
  for (let time = 0; time < count; time++) replies.push(await ask());
  return replies;
};
const statuses = (replies: readonly Reply[]) => replies.map(({ status }) => status);
const written = () => test.contexts.length;

describe('points of a player', () => {
  it.each(['application/json', 'application/graphql-response+json'])(
    'are spent by writing sooner than by reading, and then the answer is 429 (%s)',
    async (accept) => {
      const headers = as('Ada', { accept });
      expect(statuses(await times(2, () => post(test.url, WRITE, {}, headers)))).toEqual([200, 200]);
      expect(statuses(await times(2, () => post(test.url, '{ me { id } }', {}, headers)))).toEqual([
        200, 200,
      ]);
      const before = written();
      const { status, headers: answered, body } = await post(test.url, '{ me { id } }', {}, headers);
      expect(status).toBe(429);
      expect(Number(answered.get('retry-after'))).toBeGreaterThan(50);
      expect(answered.get('content-type')).toContain(accept);
      const wait = Number(answered.get('retry-after'));
      const message = `Too many requests: try again in ${wait} s`;
      expect(body).toEqual({ errors: [{ message, extensions: { ...refused, retryAfter: wait } }] });
      expect(written()).toBe(before);
      expect((await post(test.url, '{ me { id } }', {}, as('Bea'))).status).toBe(200);
    },
  );

  it.each(['application/json, text/event-stream', 'multipart/mixed;subscriptionSpec=1.0, application/json'])(
    'are taken once where a stream would be accepted too (%s)',
    async (accept) => {
      const read = () => post(test.url, '{ me { id } }', {}, as('Ada', { accept }));
      expect(statuses(await times(13, read))).toEqual([...Array.from({ length: 12 }, () => 200), 429]);
    },
  );

  it('are taken for each root field, wherever it stands', async () => {
    const three = `mutation { a: partyRename(name: "A") { id } ...F }
      fragment F on Mutation { b: partyRename(name: "B") { id } ... { c: partyRename(name: "C") { id } } }`;
    expect((await post(test.url, three)).status).toBe(429);
    expect(written()).toBe(0);
  });

  it('are taken for operations that are refused, before these are planned', async () => {
    const replies = await times(13, () => post(test.url, '{ nonsense }'));
    expect(statuses(replies).slice(11)).toEqual([400, 429]);
  });

  it.each([
    ['by POST', '/graphql', { method: 'POST', body: '{"query":"{"}' }],
    [
      'by POST, of an odd client',
      '/graphql',
      { method: 'POST', body: '{"query":"{"}', accept: 'application/json;q=0.5' },
    ],
    ['without a query', '/graphql', { method: 'POST', body: '{}' }],
    ['by GET', '/graphql?query={', { method: 'GET' }],
  ])(
    'are taken for what does not parse, %s',
    async (_, path, init: { method: string; body?: string; accept?: string }) => {
      const headers = {
        ...as('Ada', { accept: init.accept ?? '*/*' }),
        ...(init.method === 'POST' && { 'content-type': 'application/json' }),
      };
      const ask = async () =>
        (await fetch(test.url + path, { method: init.method, body: init.body ?? null, headers })).status;
      for (let time = 0; time < limits.player; time++) expect(await ask()).toBe(400);
      expect(await ask()).toBe(429);
      expect((await post(test.url, '{ me { id } }')).status).toBe(429);
      expect((await post(test.url, '{ me { id } }', {}, as('Bea'))).status).toBe(200);
    },
  );

  it.each(['GET', 'POST'])('are taken once for what does parse, by %s past the usual', async (method) => {
    const query = '{ me { id } }';
    const path = method === 'GET' ? `/graphql?query=${encodeURIComponent(query)}` : '/graphql';
    const headers = {
      ...as('Ada', { accept: 'application/json;q=0.5' }),
      'content-type': 'application/json',
    };
    const body = method === 'GET' ? null : JSON.stringify({ query });
    const ask = async () => (await fetch(test.url + path, { method, headers, body })).status;
    for (let time = 0; time < limits.player; time++) expect(await ask()).toBe(200);
    expect(await ask()).toBe(429);
  });

  it('are one and the same over WebSocket, HTTP streams and HTTP', async () => {
    await using client = connectClient(test.url);
    const ask = async (query: string) => {
      for await (const result of client.iterate({ query })) return result;
      return undefined;
    };
    expect(await ask(WRITE)).toEqual({ data: { partyRename: { name: 'Nine' } } });
    expect((await post(test.url, WRITE)).status).toBe(200);
    const subscription = 'subscription { partyActivity(partyId: 1) { id } }';
    await expect(ask(subscription)).rejects.toMatchObject([{ extensions: refused }]);
    expect(test.activity.listeners).toBe(0);
    expect((await post(test.url, '{ me { id } }')).status).toBe(429);
    for (const accept of ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0, application/json']) {
      const { status, headers, body } = await post(test.url, subscription, {}, as('Ada', { accept }));
      expect([status, body.errors]).toMatchObject([429, [{ extensions: refused }]]);
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
    }
    expect(test.activity.listeners).toBe(0);
  });
});

it('a service has points of its own, and more', async () => {
  const replies = await times(21, () => post(test.url, WRITE, {}, as('server')));
  expect(statuses(replies)).toEqual([...Array.from({ length: 20 }, () => 200), 429]);
});

describe('points of an address', () => {
  const from = (address: string, more = {}) => ({ 'x-forwarded-for': address, ...more });
  const anonymous = (address: string) => post(test.url, '{ __typename }', {}, from(address));

  it('are those of who has no token, and of whoever sends one that does not hold', async () => {
    expect(statuses(await times(2, () => anonymous('192.0.2.1')))).toEqual([200, 200]);
    const bad = () => post(test.url, '{ me { id } }', {}, from('192.0.2.1', as('bad')));
    expect(statuses(await times(3, bad))).toEqual([401, 401, 429]);
    const { status, headers, body } = await anonymous('192.0.2.1');
    expect([status, body.errors]).toMatchObject([429, [{ extensions: refused }]]);
    expect(headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await anonymous('192.0.2.2')).status).toBe(200);
    const player = await post(test.url, '{ me { id } }', {}, from('192.0.2.1', as('Ada')));
    expect(player.status).toBe(200);
  });

  it('are taken over WebSocket too', async () => {
    for (let time = 0; time < 5; time++) {
      await using client = connectClient(test.url, 'bad');
      void client
        .iterate({ query: '{ __typename }' })
        .next()
        .catch(() => {});
      const reason =
        time < 4 ? 'Token expired' : expect.stringContaining('Too many requests without a token');
      expect(await client.closed).toMatchObject({ code: 4403, reason });
    }
  });

  it('are those of a household, where it has IPv6', async () => {
    const own = (host: number) => anonymous(`2001:db8:0:1::${host}`);
    let host = 0;
    expect(statuses(await times(5, () => own(++host)))).toEqual([200, 200, 200, 200, 429]);
    expect((await anonymous('2001:db8:0:2::1')).status).toBe(200);
  });
});

it('nobody but a trusted proxy says where a request comes from', async () => {
  await using other = await startTestGateway('local', { rateLimits: limits });
  let host = 0;
  const replies = await times(5, () =>
    post(other.url, '{ __typename }', {}, { 'x-forwarded-for': `192.0.2.${++host}` }),
  );
  expect(statuses(replies)).toEqual([200, 200, 200, 200, 429]);
});
