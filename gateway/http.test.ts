import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from './testing/client.ts';
import { ADA, post, startTestGateway, type TestGateway, TOPOLOGIES } from './testing/gateway.ts';

const TWO_HOPS = `query Members($id: ID!) {
  party(id: $id) { id name members { id guilds { id name } } }
  guild(id: 7) { name }
}`;

describe.each(TOPOLOGIES)('over HTTP, subgraphs %s', (topology) => {
  let test: TestGateway;
  beforeAll(async () => {
    test = await startTestGateway(topology);
  });
  afterAll(() => test[Symbol.asyncDispose]());

  it('answers across subgraphs', async () => {
    const { status, body } = await post(test.url, TWO_HOPS, { id: '1' });
    expect(status).toBe(200);
    expect(body).toEqual({
      data: {
        party: {
          id: '1',
          name: 'Party 1',
          members: [
            { id: 'Ada', guilds: [{ id: 'guild-of-Ada', name: 'Guild of Ada' }] },
            { id: 'Bea', guilds: [{ id: 'guild-of-Bea', name: 'Guild of Bea' }] },
          ],
        },
        guild: { name: 'Guild 7' },
      },
    });
  });

  it('runs mutations', async () => {
    const { body } = await post(test.url, 'mutation { partyRename(name: "Nine") { name } }');
    expect(body).toEqual({ data: { partyRename: { name: 'Nine' } } });
  });

  it('tells the subgraphs who asks, and the request id, and nothing that the client claims', async () => {
    test.contexts.length = 0;
    const headers = { authorization: 'Bearer Ada', 'fellowship-identity': 'forged', 'x-request-id': 'req-7' };
    const { body } = await post(test.url, '{ me { id guilds { id } } }', {}, headers);
    expect(body).toEqual({ data: { me: { id: ADA, guilds: [{ id: `guild-of-${ADA}` }] } } });
    expect(test.contexts.map((each) => [each.subgraph, each.viewer.playerId, each.requestId])).toEqual([
      ['party', ADA, 'req-7'],
      ['guild', ADA, 'req-7'],
    ]);
  });

  it('masks what a subgraph did not mean to tell', async () => {
    const headers = { authorization: 'Bearer Ada', 'x-request-id': 'req-8' };
    const { status, body } = await post(test.url, '{ crash me { id crash } }', {}, headers);
    expect(status).toBe(200);
    expect(body.data).toEqual({ crash: null, me: { id: ADA, crash: null } });
    const extensions = { code: 'INTERNAL_SERVER_ERROR', requestId: 'req-8' };
    expect(body.errors).toEqual([
      { message: 'Internal server error', path: ['crash'], extensions },
      { message: 'Internal server error', path: ['me', 'crash'], extensions },
    ]);
  });

  it('passes coded errors of a subgraph, and of their extensions the code alone', async () => {
    const headers = { authorization: 'Bearer Ada', 'x-request-id': 'req-9' };
    const { body } = await post(test.url, '{ forbidden }', {}, headers);
    expect(body).toEqual({
      data: { forbidden: null },
      errors: [
        {
          message: 'The scope service:combat is missing',
          path: ['forbidden'],
          extensions: { code: 'FORBIDDEN', requestId: 'req-9' },
        },
      ],
    });
  });

  it('says of a scalar that its subgraph refuses what is wrong with it', async () => {
    const query = 'query ($day: Day!) { on(day: $day) }';
    expect((await post(test.url, query, { day: '2026-01-31' })).body).toEqual({ data: { on: '2026-01-31' } });
    const variable = await post(test.url, query, { day: 'soon' });
    expect(variable.body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(variable.body.errors?.[0]?.message).toContain('A Day reads like 2026-01-31');
    const literal = await post(test.url, '{ on(day: "soon") }');
    expect(literal.body.errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    expect(literal.body.errors?.[0]?.message).toContain('A Day reads like 2026-01-31');
  });

  it('reports a non-null field that came back empty', async () => {
    const { body } = await post(test.url, '{ me { id playsFor } }');
    expect(body.data).toEqual({ me: null });
    expect(body.errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  });
});

describe('a gateway that stops', () => {
  it('finishes what is in flight, and takes nothing new', async () => {
    await using test = await startTestGateway('local');
    const inFlight = post(test.url, '{ slow }');
    await until(() => test.contexts.length === 1);
    const closed = test.gateway.close();
    expect((await inFlight).body).toEqual({ data: { slow: 'done' } });
    await closed;
    await expect(post(test.url, '{ slow }')).rejects.toThrow();
  });
});

describe('a subgraph that is away', () => {
  it('is named, without its address, and the rest is answered', async () => {
    await using test = await startTestGateway('remote');
    await test.stopSubgraph('guild');
    const { status, body } = await post(test.url, '{ me { id crash } }');
    expect(status).toBe(200);
    expect(body.data).toEqual({ me: { id: ADA, crash: null } });
    expect(body.errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
    expect(JSON.stringify(body)).toContain('guild');
    expect(JSON.stringify(body)).not.toContain('127.0.0.1');
  });
});

describe('who is not signed in', () => {
  let test: TestGateway;
  beforeAll(async () => {
    test = await startTestGateway('local');
  });
  afterAll(() => test[Symbol.asyncDispose]());
  const anonymous = {};

  it.each(['{ me { id } }', '{ __typename me { id } }', '{ ...F } fragment F on Query { me { id } }'])(
    'is refused %s with 401, before execution',
    async (query) => {
      const { status, headers, body } = await post(test.url, query, {}, anonymous);
      expect(status).toBe(401);
      expect(headers.get('www-authenticate')).toBe('Bearer');
      expect(body.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
      expect(body.data).toBeUndefined();
      expect(test.contexts).toEqual([]);
    },
  );

  it('is refused although the operation was planned for somebody else', async () => {
    const query = '{ me { id party { id } } }';
    expect((await post(test.url, query)).status).toBe(200);
    expect((await post(test.url, query, {}, anonymous)).status).toBe(401);
  });

  it('may introspect and ask for __typename', async () => {
    const introspection = await post(test.url, getIntrospectionQuery(), {}, anonymous);
    expect(introspection.status).toBe(200);
    expect(introspection.body.data).toMatchObject({ __schema: { queryType: { name: 'Query' } } });
    expect((await post(test.url, '{ __typename }', {}, anonymous)).body).toEqual({
      data: { __typename: 'Query' },
    });
  });

  it.each([
    ['Bearer bad', 'Token expired'],
    ['Basic QWRhOg==', 'The header must read "Authorization: Bearer <token>"'],
  ])('is refused with "%s", whatever is asked', async (authorization, message) => {
    const { status, body } = await post(test.url, '{ __typename }', {}, { authorization });
    expect(status).toBe(401);
    expect(body.errors).toMatchObject([{ message, extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

describe('what is refused before execution', () => {
  let test: TestGateway;
  beforeAll(async () => {
    test = await startTestGateway('local', { introspection: false });
  });
  afterAll(() => test[Symbol.asyncDispose]());

  const deep = `{ me ${'{ party { members '.repeat(8)}{ id }${' } }'.repeat(8)} }`;
  it.each([
    ['GRAPHQL_PARSE_FAILED', '{ me {'],
    ['GRAPHQL_PARSE_FAILED', `{ ${'me '.repeat(2_100)} }`],
    ['GRAPHQL_VALIDATION_FAILED', '{ mee { id } }'],
    ['GRAPHQL_VALIDATION_FAILED', '{ __schema { queryType { name } } }'],
    ['OPERATION_RESOLUTION_FAILURE', 'query A { me { id } } query B { me { id } }'],
    ['OPERATION_TOO_DEEP', deep],
    ['BAD_REQUEST', 'subscription { partyActivity(partyId: 1) { id } }'],
    ['BAD_USER_INPUT', '{ echo(text: "a\\u0000b") }'],
  ])('%s: %s', async (code, query) => {
    const { status, body } = await post(test.url, query);
    expect(body.errors?.[0]).toMatchObject({ extensions: { code } });
    expect(body.data).toBeUndefined();
    expect(status).toBe(400);
  });

  it('variables that do not fit', async () => {
    const query = 'query ($text: String) { echo(text: $text) }';
    for (const text of [{ a: 1 }, 'a\u0000b']) {
      const { status, body } = await post(test.url, query, { text });
      expect(status).toBe(400);
      expect(body.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
  });

  it('suggests no names where introspection is off', async () => {
    const { body } = await post(test.url, '{ mee { id } }');
    expect(body.errors?.[0]?.message).toBe('Cannot query field "mee" on type "Query".');
  });
});

describe('what a page of somebody else can send without being asked for', () => {
  let test: TestGateway;
  beforeAll(async () => {
    test = await startTestGateway('local');
  });
  afterAll(() => test[Symbol.asyncDispose]());

  const rename = 'mutation { partyRename(name: "x") { id } }';

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'a POST of %s is refused',
    async (type) => {
      const { status, body } = await post(test.url, rename, {}, { 'content-type': type });
      expect({ status, body }).toMatchObject({ status: 415, body: { errors: [{}] } });
      expect(test.contexts).toEqual([]);
    },
  );

  it('a GET changes nothing, and as nobody reads nothing', async () => {
    const get = async (query: string, headers = {}) =>
      (await fetch(`${test.url}/graphql?query=${encodeURIComponent(query)}`, { headers })).status;
    expect(await get(rename)).toBe(405);
    expect(await get(rename, { authorization: 'Bearer Ada' })).toBe(405);
    expect(await get('{ me { id } }')).toBe(401);
    expect(test.contexts).toEqual([]);
  });
});

describe('a plain request, which goes past Apollo Server, is answered as one that does not', () => {
  let test: TestGateway;
  beforeAll(async () => {
    test = await startTestGateway('local');
  });
  afterAll(() => test[Symbol.asyncDispose]());

  async function send(asked: object, authorization: string | undefined) {
    const response = await fetch(`${test.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-request-id': 'same',
        ...(authorization !== undefined && { authorization }),
      },
      body: JSON.stringify(asked),
    });
    const { date, ...headers } = Object.fromEntries(response.headers);
    expect(date).toBeDefined();
    return { status: response.status, headers, text: await response.text() };
  }

  const ada = 'Bearer Ada';
  it.each([
    [200, ada, { query: TWO_HOPS, variables: { id: '1' } }],
    [200, ada, { query: '{ forbidden crash me { id crash } }' }],
    [200, ada, { query: '{ me { playsFor } }' }],
    [200, ada, { query: 'mutation { partyRename(name: "Nine") { name } }' }],
    [200, undefined, { query: '{ __schema { queryType { name } } }' }],
    [400, ada, { query: TWO_HOPS }],
    [400, ada, { query: '{ me { ' }],
    [400, ada, { query: '{ nothing }' }],
    [400, ada, { query: 'query A { me { id } } query B { me { id } }', operationName: 'C' }],
    [400, ada, { query: 'subscription { guarded { id } }' }],
    [200, ada, { query: '{ on(day: "yesterday") }' }],
    [401, undefined, { query: '{ me { id } }' }],
    [401, 'Bearer bad', { query: '{ me { id } }' }],
    [401, 'Basic Ada', { query: '{ me { id } }' }],
  ])('%i: %s %j', async (status, authorization, asked) => {
    const answer = await send(asked, authorization);
    // Extensions are Apollo Server's to look at.
    expect(answer).toEqual(await send({ ...asked, extensions: {} }, authorization));
    expect(answer.status).toBe(status);
  });
});
