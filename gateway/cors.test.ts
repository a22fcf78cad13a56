import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_SOCKET_LIMITS } from './subscriptions/socket.ts';
import { startTestGateway } from './testing/gateway.ts';

const GAME = 'https://game.example';
const allowed = 'access-control-allow-origin';

/** Starts a gateway, and calls it as a page of an origin. */
async function started(origins: readonly string[]) {
  const test = await startTestGateway('local', {
    socketLimits: { ...DEFAULT_SOCKET_LIMITS, origins },
    routes: (app) => void app.get('/explorer/token', async () => 'secret'),
  });
  const call = (origin: string, init: RequestInit = {}, path = '/graphql') =>
    fetch(`${test.url}${path}`, { ...init, headers: { origin, ...init.headers } });
  const preflight = (origin: string, path?: string) => {
    const asked = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    return call(origin, { method: 'OPTIONS', headers: asked }, path);
  };
  const post = (origin: string, query: string, more: Record<string, string> = {}) =>
    call(origin, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer Ada', ...more },
      body: JSON.stringify({ query }),
    });
  return { test, call, preflight, post };
}

describe('a page of an origin that is allowed', () => {
  let graph: Awaited<ReturnType<typeof started>>;
  beforeAll(async () => {
    graph = await started([GAME]);
  });
  afterAll(() => graph.test[Symbol.asyncDispose]());

  it('may send its token, and read answers, refusals and what their headers say', async () => {
    const { status, headers } = await graph.preflight(GAME);
    expect([status, headers.get(allowed)]).toEqual([204, GAME]);
    expect(headers.get('access-control-allow-headers')).toBe('authorization');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    for (const query of ['{ me { id } }', '{ nonsense }']) {
      const answer = await graph.post(GAME, query);
      expect(answer.headers.get(allowed)).toBe(GAME);
      expect(answer.headers.get('access-control-expose-headers')).toBe('x-request-id, retry-after');
    }
    const refused = await graph.post(GAME, '{ me { id } }', { authorization: 'Bearer bad' });
    expect([refused.status, refused.headers.get(allowed)]).toEqual([401, GAME]);
  });

  it.each(['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'])(
    'may read streams: %s',
    async (accept) => {
      const answer = await graph.post(GAME, 'subscription { partyActivity(partyId: 1) { id } }', { accept });
      expect([answer.status, answer.headers.get(allowed)]).toEqual([200, GAME]);
      await answer.body?.cancel();
    },
  );

  it('is the only one, and the graph is all it may call', async () => {
    expect((await graph.preflight('https://evil.example')).headers.get(allowed)).toBeNull();
    expect((await graph.post('https://evil.example', '{ me { id } }')).headers.get(allowed)).toBeNull();
    for (const path of ['/explorer/token', '/explorer/token?/graphql', '/healthz']) {
      expect((await graph.call(GAME, {}, path)).headers.get(allowed)).toBeNull();
      expect((await graph.preflight(GAME, path)).headers.get(allowed)).toBeNull();
    }
  });
});

it('is every page where that is said, and none by default', async () => {
  const all = await started(['*']);
  expect((await all.post('https://any.example', '{ me { id } }')).headers.get(allowed)).toBe('*');
  await all.test[Symbol.asyncDispose]();
  const none = await started([]);
  expect((await none.post(GAME, '{ me { id } }')).headers.get(allowed)).toBeNull();
  expect((await none.preflight(GAME)).headers.get(allowed)).toBeNull();
  await none.test[Symbol.asyncDispose]();
});
