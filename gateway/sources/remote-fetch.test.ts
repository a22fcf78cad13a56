import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createIdentityVerifier, IDENTITY_HEADER } from '@fellowship/identity';
import type { Logger } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { until } from '../testing/client.ts';
import { ADA, silent, viewerNamed } from '../testing/gateway.ts';
import { DEFAULT_UPSTREAM_LIMITS, type UpstreamLimits } from './limits.ts';
import { createRemoteSource } from './remote.ts';
import type { Source } from './source.ts';

const SECRET = 'a secret of more than thirty-two characters';
const QUERY = { query: '{me{id}}', variables: {}, operationName: undefined };
const MUTATION = { query: 'mutation{a}', variables: {}, operationName: undefined };

const LIMITS: UpstreamLimits = { ...DEFAULT_UPSTREAM_LIMITS, responseBytes: 1_000_000, failures: 3 };

let server: Server;
let source: Source;
let requests = 0;
/** What is logged of the subgraph as a whole. */
let said: string[];

/** A subgraph that answers as told. */
async function serve(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
  differing: Partial<UpstreamLimits> = {},
) {
  requests = 0;
  said = [];
  server = createServer(async (request, response) => {
    requests++;
    let body = '';
    for await (const chunk of request) body += chunk;
    answer(request, response, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const say = (_: unknown, text: string) => said.push(text);
  const log = { ...silent, error: say, info: say, warn: () => {} } as unknown as Logger;
  const limits = { ...LIMITS, ...differing };
  source = createRemoteSource({ name: 'party', url, identitySecret: SECRET, log, limits });
}

afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await source.close();
});

const context = (signal = new AbortController().signal) => ({
  viewer: viewerNamed('Ada'),
  requestId: 'req-1',
  signal,
});
const unavailable = {
  message: 'The party service is not available: try again',
  extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
};

describe('a fetch', () => {
  it('carries who asks, signed for this body, and the request id', async () => {
    const verifier = createIdentityVerifier({ secret: SECRET, audience: 'party' });
    await serve(async ({ headers, url }, response, body) => {
      const viewer = await verifier.verify(String(headers[IDENTITY_HEADER]), body);
      response.end(
        JSON.stringify({
          data: { url, id: viewer.playerId, requestId: headers['x-request-id'], body: JSON.parse(body) },
        }),
      );
    });
    const request = { query: 'query Q($a:Int){b(a:$a)}', variables: { a: 1 }, operationName: 'Q' };
    const result = await source.fetch(request, context());
    expect(result.data).toEqual({ url: '/graphql', id: ADA, requestId: 'req-1', body: request });
  });

  it('passes a result with status 400: the subgraph refused the operation', async () => {
    const errors = [{ message: 'no', extensions: { code: 'BAD_USER_INPUT' } }];
    await serve((_, response) => response.writeHead(400).end(JSON.stringify({ errors })));
    expect(await source.fetch(QUERY, context())).toEqual({ errors });
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['401', (response) => response.writeHead(401).end('{"errors":[{"message":"secret"}]}')],
    ['500', (response) => response.writeHead(500).end('secret stack')],
    ['garbage', (response) => response.end('<html>')],
    ['other JSON', (response) => response.end('{"data":1}')],
    ['JSON null', (response) => response.end('null')],
    ['too much', (response) => response.end(`{"data":"${'x'.repeat(1_000_000)}"}`)],
    ['half an answer', (response) => response.write('{"data":', () => response.destroy())],
    ['silence', () => {}],
    ['headers, then silence', (response) => response.write('{')],
  ])('turns %s into one coded error that names the subgraph alone', async (_, answer) => {
    await serve((_request, response) => answer(response), { timeout: 200 });
    await expect(source.fetch(QUERY, context())).rejects.toMatchObject(unavailable);
  });

  it.each([QUERY, MUTATION])('is never sent again once it may have arrived: $query', async (request) => {
    await serve(({ socket }, response) => (requests === 1 ? response.end('{"data":{}}') : socket.destroy()));
    await source.fetch(QUERY, context());
    await expect(source.fetch(request, context())).rejects.toMatchObject(unavailable);
    expect(requests).toBe(2);
  });

  it('is sent over a new connection when the kept one was closed meanwhile', async () => {
    const closed: Promise<unknown>[] = [];
    await serve(({ socket }, response) => {
      closed.push(once(socket, 'close'));
      response.end('{"data":{"a":1}}', () => socket.end());
    });
    for (let i = 0; i < 3; i++) {
      expect(await source.fetch(MUTATION, context())).toEqual({ data: { a: 1 } });
      await Promise.all(closed);
    }
    expect(closed.length).toBe(3);
  });

  it('is cancelled when the client goes, unless it is a mutation', async () => {
    let cancelled = 0;
    await serve((_, response, body) => {
      response.on('close', () => cancelled++);
      if (body.includes('mutation')) response.end('{"data":{"a":1}}');
    });
    const gone = new AbortController();
    const query = source.fetch(QUERY, context(gone.signal));
    await until(() => requests === 1);
    gone.abort();
    await expect(query).rejects.toMatchObject(unavailable);
    await until(() => cancelled === 1);
    expect(await source.fetch(MUTATION, context(gone.signal))).toEqual({ data: { a: 1 } });
  });
});

describe('a subgraph that is away', () => {
  const ask = (request = QUERY, signal?: AbortSignal) => source.fetch(request, context(signal));
  const fail = async (times: number) => {
    for (let i = 0; i < times; i++) await expect(ask()).rejects.toMatchObject(unavailable);
  };
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const pause = () => vi.setSystemTime(Date.now() + LIMITS.pause);

  it('is left alone after some failures in a row, but for one probe each pause, until it is back', async () => {
    let isBack = false;
    await serve((_, response) => (isBack ? response.end('{"data":{}}') : response.writeHead(503).end()));
    await fail(2);
    isBack = true;
    await ask();
    isBack = false;
    await fail(5);
    expect(requests).toBe(6);
    pause();
    await fail(2);
    expect(requests).toBe(7);
    pause();
    isBack = true;
    await ask();
    await ask(MUTATION);
    expect(requests).toBe(9);
    expect(said).toEqual(['A subgraph is away: it is left alone but for probes', 'A subgraph is back']);
  });

  it('is tried by one request at a time, which is seen to its end although its client has gone', async () => {
    let answer = () => {};
    await serve((_, response) => {
      if (requests <= 3) response.writeHead(503).end();
      else answer = () => response.end('{"data":{}}');
    });
    await fail(3);
    pause();
    const client = new AbortController();
    const probe = ask(QUERY, client.signal);
    await until(() => requests === 4);
    await fail(2);
    client.abort();
    answer();
    expect(await probe).toEqual({ data: {} });
    const next = ask();
    await until(() => requests === 5);
    answer();
    await next;
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ['GraphQL errors', (response) => response.end('{"errors":[{"message":"no"}],"data":null}')],
    ['401', (response) => response.writeHead(401).end()],
    ['an answer that is too long', (response) => response.end('x'.repeat(1_000_001))],
  ])('is not one that answers with %s', async (_, answer) => {
    await serve((_request, response) => answer(response));
    for (let i = 0; i < 5; i++) await ask().catch(() => {});
    expect(requests).toBe(5);
  });

  it('is not one whose clients go', async () => {
    await serve(() => {});
    for (let i = 1; i <= 5; i++) {
      const client = new AbortController();
      const query = ask(QUERY, client.signal);
      await until(() => requests === i);
      client.abort();
      await expect(query).rejects.toMatchObject(unavailable);
    }
    expect(said).toEqual([]);
  });
});

describe('a subgraph that many ask at a time', () => {
  it('is sent so many, so many more wait for their turn, and the rest are refused at once', async () => {
    const answers: (() => void)[] = [];
    await serve((_, response) => answers.push(() => response.end('{"data":{}}')), {
      connections: 2,
      queue: 1,
    });
    const asked = [1, 2, 3].map(() => source.fetch(QUERY, context()));
    await until(() => requests === 2);
    await expect(source.fetch(MUTATION, context())).rejects.toMatchObject(unavailable);
    expect(requests).toBe(2);
    for (const i of [0, 1, 2]) {
      await until(() => answers.length > i);
      answers[i]?.();
    }
    for (const result of asked) expect(await result).toEqual({ data: {} });
  });

  it('answers all fetches of events, however many, and keeps half of the connections for requests', async () => {
    const answers: (() => void)[] = [];
    await serve((_, response) => answers.push(() => response.end('{"data":{}}')), {
      connections: 2,
      queue: 0,
    });
    const events = Array.from({ length: 20 }, () => source.fetch(QUERY, { ...context(), forEvent: true }));
    await until(() => requests === 1);
    const request = source.fetch(QUERY, context());
    await until(() => requests === 2);
    for (let nth = 0; nth < 21; nth += 1) {
      await until(() => answers.length > nth);
      answers[nth]?.();
    }
    for (const result of [request, ...events]) expect(await result).toEqual({ data: {} });
  });

  it('is not tried by those who waited while it turned out to be away', async () => {
    await serve((_, response) => response.writeHead(503).end(), { connections: 1, queue: 10 });
    const asked = Array.from({ length: 8 }, () => source.fetch(QUERY, context()));
    for (const result of asked) await expect(result).rejects.toMatchObject(unavailable);
    // One more may have its turn before the last failure counts.
    expect(requests).toBeLessThanOrEqual(LIMITS.failures + 1);
  });

  it('leaves nobody waiting beyond the deadline, those in line included', async () => {
    await serve(() => {}, { connections: 1, queue: 10, timeout: 200 });
    const asked = Array.from({ length: 5 }, () => source.fetch(QUERY, context()));
    for (const result of asked) await expect(result).rejects.toMatchObject(unavailable);
    expect(requests).toBeLessThan(asked.length);
  });
});
