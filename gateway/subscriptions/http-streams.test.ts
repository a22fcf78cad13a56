import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../testing/client.ts';
import { startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { DEFAULT_SOCKET_LIMITS } from './socket.ts';

const SSE = 'text/event-stream';
const MULTIPART = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json';
const ACTIVITY = 'subscription { partyActivity(partyId: 1) { id cursor actor { guilds { id } } } }';
const result = (id: string) =>
  `{"data":{"partyActivity":{"id":"${id}","cursor":"cursor ${id}","actor":{"guilds":[{"id":"guild-of-Ada"}]}}}}`;

let test: TestGateway;
beforeEach(async () => {
  const socketLimits = { ...DEFAULT_SOCKET_LIMITS, sockets: 2, heartbeat: 100, sendTimeout: 200 };
  test = await startTestGateway('local', { socketLimits });
});
afterEach(() => test[Symbol.asyncDispose]());

function ask(accept: string, query: string, token: string | null = 'Ada'): Promise<Response> {
  return fetch(`${test.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept,
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query }),
  });
}

const publish = (id: string, text = '') => test.activity.publish({ id, actorId: 'Ada', text });
const withoutRequestId = (text: string) => text.replace(/"requestId":"[^"]*"/g, '"requestId":"r"');

describe('a stream', () => {
  it('of events reads as graphql-sse has it', async () => {
    const response = await ask(SSE, ACTIVITY);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await until(() => test.activity.listeners === 1);
    publish('1');
    publish('2');
    await new Promise((resolve) => setTimeout(resolve, 150));
    test.activity.end();
    const text = await response.text();
    expect(text).toMatch(/^:\n\n/);
    expect(text.replace(/^:\n\n/gm, '')).toBe(
      `event: next\ndata: ${result('1')}\n\nevent: next\ndata: ${result('2')}\n\nevent: complete\ndata:\n\n`,
    );
  });

  it('of parts reads as Apollo has it, with heartbeats, and says why it ends', async () => {
    const response = await ask(MULTIPART, ACTIVITY);
    expect(response.headers.get('content-type')).toBe(
      'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
    );
    await until(() => test.activity.listeners === 1);
    publish('1');
    await new Promise((resolve) => setTimeout(resolve, 150));
    const closed = test.gateway.close();
    const text = `\r\n${withoutRequestId(await response.text())}`;
    await closed;
    const head = '\r\ncontent-type: application/json\r\n\r\n';
    const [before, ...parts] = text.split('\r\n--graphql');
    expect(before).toBe('');
    const isHeartbeat = (part: string) => part === `${head}{}`;
    expect(parts.filter(isHeartbeat).length).toBeGreaterThan(0);
    const [event, last, end, ...none] = parts.filter((part) => !isHeartbeat(part));
    expect(event).toBe(`${head}{"payload":${result('1')}}`);
    expect(last).toContain('{"payload":null,"errors":[{"message":"The server is going away');
    expect(last).toContain('"extensions":{"code":"GOING_AWAY","requestId":"r","cursor":"cursor 1"}');
    expect([end, none]).toEqual(['--\r\n', []]);
  });

  it('is opened by GET too, but for mutations', async () => {
    const get = (query: string) =>
      fetch(`${test.url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { accept: SSE, authorization: 'Bearer Ada' },
      });
    const response = await get('query { me { party { name } } }');
    expect(await response.text()).toContain('data: {"data":{"me":{"party":{"name":"Party 1"}}}}');
    expect((await get('mutation { partyRename(name: "x") { id } }')).status).toBeGreaterThanOrEqual(400);
  });

  it.each(['bad', null])('is answered 401 when the token is %s', async (token) => {
    for (const accept of [SSE, MULTIPART]) {
      const response = await ask(accept, ACTIVITY, token);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
  });

  it('tells a refusal in a way that its client reads', async () => {
    const events = await (await ask(SSE, 'subscription { nope }')).text();
    expect(events).toContain('"code":"GRAPHQL_VALIDATION_FAILED"');
    expect(events).toMatch(/event: complete\ndata:\n\n$/);
    const json = await ask(MULTIPART, 'subscription { nope }');
    expect(json.status).toBe(400);
    expect(await json.json()).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
    const guarded = await (await ask(SSE, 'subscription { guarded { id } }')).text();
    expect(guarded).toContain('"code":"CURSOR_EXPIRED"');
  });

  it('ends with TOKEN_EXPIRED when the token expires', async () => {
    expect(await (await ask(SSE, ACTIVITY, 'Ada:200')).text()).toContain('"code":"TOKEN_EXPIRED"');
    expect(test.activity.listeners).toBe(0);
  });

  it('frees the subgraph and its place when the client leaves', async () => {
    const leaving = new AbortController();
    const open = () =>
      fetch(`${test.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: SSE, authorization: 'Bearer Ada' },
        body: JSON.stringify({ query: ACTIVITY }),
        signal: leaving.signal,
      });
    await Promise.all([open(), open()]);
    await until(() => test.activity.listeners === 1);
    const full = await ask(SSE, ACTIVITY);
    expect(full.status).toBe(503);
    expect(await full.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    leaving.abort();
    await until(() => test.activity.listeners === 0);
    const again = await ask(SSE, ACTIVITY, 'Ada:50');
    expect(again.status).toBe(200);
    await again.text();
  });

  it.each([SSE, MULTIPART])('is cut off when its client does not read: %s', async (accept) => {
    const response = await ask(accept, 'subscription { partyActivity(partyId: 1) { id text } }');
    await until(() => test.activity.listeners === 1);
    const text = 'x'.repeat(500_000);
    for (let id = 0; id < 40; id++) publish(String(id), text);
    await expect.poll(() => test.activity.listeners).toBe(0);
    await expect(response.text()).rejects.toThrow();
  });

  it('is for subscriptions, unless the client takes nothing else', async () => {
    const both = await ask(`application/json, ${SSE}, multipart/mixed`, '{ me { party { name } } }');
    expect(await both.json()).toEqual({ data: { me: { party: { name: 'Party 1' } } } });
    const plain = await ask('application/json', ACTIVITY);
    expect(await plain.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
  });
});
