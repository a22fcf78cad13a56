import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createHttp, type HttpOptions } from './http.ts';
import { recordingLog } from './test-subgraph.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const apps: FastifyInstance[] = [];
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

function create(options: Partial<HttpOptions> = {}) {
  const { log, entries } = recordingLog();
  const app = createHttp({ log, ...options });
  apps.push(app);
  app.post('/echo', async (request) => request.body);
  app.get('/fail', async () => {
    throw new Error('secret: select 1 at /srv/app.ts');
  });
  app.get('/refuse', async () => {
    throw new GraphQLError('Who are you?', {
      extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
    });
  });
  return { app, entries };
}

function post(app: FastifyInstance, payload: string | Buffer, type = 'application/json') {
  return app.inject({ method: 'POST', url: '/echo', payload, headers: { 'content-type': type } });
}

const error = (code: string, message: string) => ({
  errors: [{ message, extensions: { code, requestId: expect.stringMatching(UUID) } }],
});

describe('request ids', () => {
  it.each(['abc-1', 'A:b.c_d', 'x'.repeat(128)])('takes the sane one it is given: %s', async (id) => {
    const { app } = create();
    const reply = await app.inject({ url: '/healthz', headers: { 'x-request-id': id } });
    expect(reply.headers['x-request-id']).toBe(id);
  });

  it.each(['', 'a b', 'x'.repeat(129), '<script>', '{"a":1}', 'é'])(
    'makes one in place of %j',
    async (id) => {
      const { app } = create();
      const reply = await app.inject({ url: '/none', headers: { 'x-request-id': id } });
      expect(reply.headers['x-request-id']).toMatch(UUID);
      expect(reply.json().errors[0].extensions.requestId).toBe(reply.headers['x-request-id']);
    },
  );
});

describe('refusals', () => {
  it('a body over the limit', async () => {
    const reply = await post(create().app, JSON.stringify('x'.repeat(256 * 1024)));
    expect(reply.statusCode).toBe(413);
    expect(reply.json()).toEqual(error('PAYLOAD_TOO_LARGE', 'Request body is too large'));
  });

  it('a body over a limit of its own', async () => {
    expect((await post(create({ bodyLimit: 10 }).app, '"1234567890"')).statusCode).toBe(413);
  });

  it.each(['{', '', 'null x', '{"__proto__": {}}', Buffer.from([0xff, 0xfe])])(
    'malformed JSON: %j',
    async (body) => {
      const reply = await post(create().app, body);
      expect(reply.statusCode).toBe(400);
      expect(reply.json()).toEqual(error('BAD_REQUEST', 'Request is malformed'));
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'x'])(
    'a body of type %s',
    async (type) => {
      const reply = await post(create().app, 'a=b', type);
      expect(reply.statusCode).toBe(415);
      expect(reply.json()).toEqual(error('UNSUPPORTED_MEDIA_TYPE', 'Request body must be application/json'));
    },
  );

  it.each([
    [Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])],
    [Buffer.from('{"a":"é"}', 'latin1')],
    [Buffer.from('{"a":"b"}', 'utf16le')],
    [Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ])('a body that is no UTF-8: %s', async (body) => {
    const reply = await post(create().app, body);
    expect([reply.statusCode, reply.json()]).toEqual([400, error('BAD_REQUEST', 'Request is malformed')]);
  });

  it.each(['utf-16', 'UTF-16LE', '"iso-8859-1"', 'us-ascii', ''])('a body in %s', async (charset) => {
    const reply = await post(create().app, '{}', `application/json; charset=${charset}`);
    expect(reply.statusCode).toBe(415);
    expect(reply.json()).toEqual(error('UNSUPPORTED_MEDIA_TYPE', 'Request body must be application/json'));
  });

  it.each(['utf-8', 'UTF-8', '"utf-8"', 'utf8'])('but not one in %s', async (charset) => {
    const reply = await post(create().app, '{"a":"é✓"}', `application/json; charset=${charset}`);
    expect([reply.statusCode, reply.json()]).toEqual([200, { a: 'é✓' }]);
  });

  it.each(['gzip', 'br', 'deflate', 'zstd', 'identity, gzip'])('a body encoded as %s', async (encoding) => {
    const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
    const payload = gzipSync(JSON.stringify('x'.repeat(1024 * 1024)));
    const reply = await create().app.inject({ method: 'POST', url: '/echo', headers, payload });
    expect(reply.statusCode).toBe(415);
    expect(reply.json()).toEqual(error('UNSUPPORTED_MEDIA_TYPE', 'Request body must be application/json'));
  });

  it('an unknown route', async () => {
    const reply = await create().app.inject({ url: '/secret?token=1' });
    expect(reply.statusCode).toBe(404);
    expect(reply.json()).toEqual(error('NOT_FOUND', 'Not found'));
  });

  it('a path that does not decode', async () => {
    const reply = await create().app.inject({ url: '/%zz' });
    expect(reply.statusCode).toBe(400);
    expect(reply.json()).toEqual(error('BAD_REQUEST', 'Request is malformed'));
  });

  it('with the status that a GraphQLError names', async () => {
    const reply = await create().app.inject({ url: '/refuse' });
    expect(reply.statusCode).toBe(401);
    expect(reply.json()).toEqual(error('UNAUTHENTICATED', 'Who are you?'));
  });

  it('an unexpected error, which is in the log and not in the reply', async () => {
    const { app, entries } = create();
    const reply = await app.inject({ url: '/fail' });
    expect(reply.statusCode).toBe(500);
    expect(reply.json()).toEqual(error('INTERNAL_SERVER_ERROR', 'Internal server error'));
    const requestId = reply.headers['x-request-id'];
    expect(entries).toContainEqual(
      expect.objectContaining({
        requestId,
        err: expect.objectContaining({ message: expect.stringContaining('secret') }),
      }),
    );
  });
});

describe('odd text', () => {
  it.each(['"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '"\u0000"'])('does no harm: %j', async (text) => {
    const { app } = create();
    expect([200, 400]).toContain((await post(app, `{"a":${text}}`)).statusCode);
    expect((await app.inject({ url: '/healthz' })).statusCode).toBe(200);
  });
});

describe('health', () => {
  it('is well while the process is up, whatever it depends on', async () => {
    const { app } = create({ ready: () => Promise.reject(new Error('away')) });
    expect((await app.inject({ url: '/healthz' })).json()).toEqual({ status: 'ok' });
  });

  it('is ready when it says so, or says nothing', async () => {
    for (const options of [{}, { ready: async () => {} }]) {
      const reply = await create(options).app.inject({ url: '/readyz' });
      expect([reply.statusCode, reply.json()]).toEqual([200, { status: 'ready' }]);
    }
  });

  it('is not ready when it rejects, and does not say why', async () => {
    const { app } = create({ ready: () => Promise.reject(new Error('secret')) });
    const reply = await app.inject({ url: '/readyz' });
    expect([reply.statusCode, reply.json()]).toEqual([503, { status: 'unavailable' }]);
  });

  it('is not ready when there is no answer', async () => {
    const { app } = create({ ready: () => new Promise(() => {}) });
    expect((await app.inject({ url: '/readyz' })).statusCode).toBe(503);
  }, 5_000);
});

describe('the log', () => {
  it('has one line a request, without its query string or headers', async () => {
    const { app, entries } = create();
    await app.inject({ url: '/none?q=secret', headers: { authorization: 'secret', 'x-request-id': 'r1' } });
    await app.inject({ url: '/healthz' });
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ requestId: 'r1', method: 'GET', path: '/none', status: 404 });
    expect(JSON.stringify(entries)).not.toContain('secret');
  });
});

describe('closing', () => {
  it('lets a request in flight finish, then frees its kept-alive connection', async () => {
    const { app } = create();
    const arrived = Promise.withResolvers<void>();
    app.get('/slow', () => {
      arrived.resolve();
      return sleep(300, { done: true });
    });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const inFlight = fetch(`${url}/slow`);
    await arrived.promise;
    const cut = vi.spyOn(app.server, 'closeAllConnections');
    await app.close();
    expect(cut).not.toHaveBeenCalled();
    expect(await (await inFlight).json()).toEqual({ done: true });
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  it('is not held up by a connection that says nothing', async () => {
    const { app } = create();
    await app.listen({ host: '127.0.0.1', port: 0 });
    const address = app.server.address();
    const socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    await once(app.server, 'connection');
    const cut = vi.spyOn(app.server, 'closeAllConnections');
    await app.close();
    expect(cut).not.toHaveBeenCalled();
  });
});
