import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedSubgraph, serveSubgraph } from './serve-subgraph.ts';
import { identitySecret, recordingLog, sign, TestSubgraph, viewer } from './test-subgraph.ts';

let subgraph: TestSubgraph;
let served: ServedSubgraph;
let entries: Record<string, unknown>[];

async function serve(options: { introspection?: boolean } = {}) {
  const recording = recordingLog('warn');
  entries = recording.entries;
  subgraph = new TestSubgraph();
  served = await serveSubgraph(subgraph, {
    host: '127.0.0.1',
    port: 0,
    fallback: false,
    identitySecret,
    log: recording.log,
    introspection: false,
    ...options,
  });
}

beforeEach(() => serve());
afterEach(() => served.close());

interface Answer {
  readonly data: Record<string, unknown>;
  readonly errors: { readonly extensions: { readonly code: string; readonly requestId: string } }[];
}

/** Posts a body with a good identity for it, unless headers say otherwise. */
async function post(body: string, headers: Record<string, string> = {}) {
  const identity = { 'fellowship-identity': await sign(body) };
  const response = await fetch(`${served.url}/graphql`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...identity, ...headers },
  });
  return { status: response.status, headers: response.headers, json: (await response.json()) as Answer };
}

const query = (text: string, variables?: object) => post(JSON.stringify({ query: text, variables }));
const codes = (json: Answer) => json.errors?.map((error) => error.extensions.code);

describe('a signed request', () => {
  it('is answered for the viewer it names', async () => {
    expect((await query('{ me }')).json).toEqual({ data: { me: viewer.playerId } });
  });

  it('carries its request id', async () => {
    const { json, headers } = await post('{"query":"{ requestId }"}', { 'x-request-id': 'gateway-1' });
    expect(json).toEqual({ data: { requestId: 'gateway-1' } });
    expect(headers.get('x-request-id')).toBe('gateway-1');
  });

  it('has a context of its own', async () => {
    await Promise.all([query('{ me }'), query('{ me }')]);
    expect(subgraph.contexts).toBe(2);
  });

  it.each(['\u0000', '\ud800', 'é 🎲', '__proto__'])('carries any text: %j', async (text) => {
    const { json } = await query('query ($text: String) { echo(text: $text) }', { text, __proto__: null });
    expect(json.data['echo']).toBe(text);
    expect((await query('{ me }')).status).toBe(200);
  });
});

describe('401 before anything is parsed', () => {
  async function expectRefused(body: string, headers: Record<string, string>) {
    const { status, json } = await post(body, headers);
    expect([status, codes(json)]).toEqual([401, ['UNAUTHENTICATED']]);
    expect(json.errors[0]?.extensions.requestId).toEqual(expect.any(String));
    expect(subgraph.contexts).toBe(0);
  }

  it('without an identity, whatever the body and its type', async () => {
    for (const type of ['application/json', 'text/plain', 'x']) {
      for (const body of ['{"query":"{ me }"}', '{', 'x'.repeat(2_000_000)]) {
        const response = await fetch(`${served.url}/graphql`, {
          method: 'POST',
          body,
          headers: { 'content-type': type },
        });
        expect([response.status, codes((await response.json()) as Answer)]).toEqual([
          401,
          ['UNAUTHENTICATED'],
        ]);
      }
    }
    expect(subgraph.contexts).toBe(0);
  });

  it('for another body', async () => {
    const token = await sign('{"query":"{ me }"}');
    await expectRefused('{"query":"{ me } "}', { 'fellowship-identity': token });
    await expectRefused('not JSON', { 'fellowship-identity': token });
  });

  it('for another subgraph', async () => {
    const body = '{"query":"{ me }"}';
    await expectRefused(body, { 'fellowship-identity': await sign(body, 'guild') });
  });

  it('when it is stale', async () => {
    const body = '{"query":"{ me }"}';
    const stale = await sign(body, 'party', new Date(Date.now() - 121_000));
    await expectRefused(body, { 'fellowship-identity': stale });
  });

  it.each(['', 'x', 'a.b.c'])('for nonsense: %j', async (token) => {
    await expectRefused('{"query":"{ me }"}', { 'fellowship-identity': token });
  });

  it('without a body', async () => {
    const response = await fetch(`${served.url}/graphql`, {
      method: 'POST',
      headers: { 'fellowship-identity': await sign('{"query":"{ me }"}') },
    });
    expect(response.status).toBe(401);
  });
});

describe('a signed request that is wrong', () => {
  it.each([
    ['{', 'BAD_REQUEST'],
    ['null', 'BAD_REQUEST'],
    ['[]', 'BAD_REQUEST'],
    ['[{"query":"{ me }"}]', 'BAD_REQUEST'],
    ['{}', 'BAD_REQUEST'],
    ['{"query":"{"}', 'GRAPHQL_PARSE_FAILED'],
    ['{"query":"{ nobody }"}', 'GRAPHQL_VALIDATION_FAILED'],
    ['{"query":"query ($t: String!) { echo(text: $t) }"}', 'BAD_USER_INPUT'],
    ['{"query":"subscription { endless }"}', 'BAD_REQUEST'],
  ])('%s', async (body, code) => {
    const { status, json } = await post(body);
    expect([status, codes(json)]).toEqual([400, [code]]);
    expect(Object.keys(json.errors[0]?.extensions ?? {})).toEqual(['code', 'requestId']);
  });

  it('too large', async () => {
    const { status, json } = await post(JSON.stringify({ query: 'x'.repeat(1024 * 1024) }));
    expect([status, codes(json)]).toEqual([413, ['PAYLOAD_TOO_LARGE']]);
  });

  it('of another type', async () => {
    expect((await post('{"query":"{ me }"}', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it.each(['GET', 'OPTIONS', 'PUT'])('%s', async (method) => {
    const response = await fetch(`${served.url}/graphql?query={me}`, {
      method,
      headers: { 'fellowship-identity': await sign('') },
    });
    expect(response.status).toBe(404);
  });

  it.each(['[', 'a b', '"', '%zz', ''])('from a host named %j', async (host) => {
    const body = '{"query":"{ me }"}';
    const headers = { host, 'content-type': 'application/json', 'fellowship-identity': await sign(body) };
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = httpRequest(`${served.url}/graphql`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      outgoing.on('error', reject).end(body);
    });
    expect([200, 400]).toContain(status);
  });
});

describe('errors', () => {
  it('with a public code pass, bare', async () => {
    expect((await query('{ denied }')).json).toEqual({
      data: { denied: null },
      errors: [
        {
          message: 'Needs service:combat',
          path: ['denied'],
          extensions: { code: 'FORBIDDEN', requestId: expect.any(String) },
        },
      ],
    });
  });

  it.each(['sql', 'string', 'ownCode', 'missing'])(
    'of another kind are masked and logged: %s',
    async (field) => {
      const { json } = await post(JSON.stringify({ query: `{ ${field} }` }), { 'x-request-id': 'r1' });
      expect(json.errors).toEqual([
        {
          message: 'Internal server error',
          path: [field],
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'r1' },
        },
      ]);
      expect(entries).toMatchObject([{ msg: 'Unexpected error', requestId: 'r1' }]);
    },
  );

  it('in making the context are masked too', async () => {
    const { status, json } = await post('{"query":"{ me }"}', { 'x-request-id': 'no-context' });
    expect([status, codes(json)]).toEqual([500, ['INTERNAL_SERVER_ERROR']]);
    expect(JSON.stringify(json)).not.toContain('secret');
    expect(JSON.stringify(entries)).toContain('secret: no context');
  });
});

describe('introspection', () => {
  it('is refused unless allowed', async () => {
    expect(codes((await query('{ __schema { queryType { name } } }')).json)).toEqual([
      'GRAPHQL_VALIDATION_FAILED',
    ]);
    await served.close();
    await serve({ introspection: true });
    const { json } = await query('{ __schema { queryType { name } } }');
    expect(json.data).toEqual({ __schema: { queryType: { name: 'Query' } } });
  });
});

describe('the process', () => {
  it('is ready when the subgraph is', async () => {
    expect((await fetch(`${served.url}/readyz`)).status).toBe(200);
    subgraph.isReady = false;
    expect((await fetch(`${served.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${served.url}/healthz`)).status).toBe(200);
  });

  it('finishes what is in flight, then closes the subgraph', async () => {
    const inFlight = query('{ slow }').then((answer) => ({ ...answer, isClosed: subgraph.isClosed }));
    await expect.poll(() => subgraph.contexts).toBe(1);
    await served.close();
    expect(subgraph.isClosed).toBe(true);
    expect(await inFlight).toMatchObject({ status: 200, json: { data: { slow: 'done' } } });
    await expect(query('{ me }')).rejects.toThrow();
  });

  it('names the variable of a taken port and closes the subgraph', async () => {
    const other = new TestSubgraph();
    const port = Number(new URL(served.url).port);
    const options = { host: '127.0.0.1', port, fallback: false, identitySecret, introspection: false };
    await expect(serveSubgraph(other, { ...options, log: recordingLog().log })).rejects.toThrow(
      'set PARTY_PORT',
    );
    expect(other.isClosed).toBe(true);
  });
});
