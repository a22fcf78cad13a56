import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Player, post } from '../kit/client.ts';
import { openStack, type TestStack, topologies } from '../kit/stack.ts';

/** What no reply may hold, whatever was sent: SQL, stack traces, hosts and ports, file paths. */
const leaks = /select |insert |postgres|:\d{4}\b|127\.0\.0\.1|node_modules|\.ts\b|\/work\/|\bat .*\(/i;

// What a gateway refuses it refuses in a cluster too.
describe.each(topologies)('bad input, %s', (topology) => {
  let graph: TestStack;
  let ada: Player;

  beforeAll(async () => {
    graph = await openStack(topology);
    ada = await graph.player('Ada');
  });
  afterAll(() => graph?.stop());

  /** The reply has this status and code, gives nothing away, and the graph goes on serving. */
  async function expectRefused(
    expected: { status: number; code: string },
    body: object | string,
    token: string | undefined = ada.token,
    headers?: Record<string, string>,
  ): Promise<void> {
    const { status, errors, text } = await post(graph.url, body, token, headers);
    expect({ status, code: errors?.[0]?.extensions?.code }).toEqual(expected);
    expect(text).not.toMatch(leaks);
    expect(await ada.run('{ me { id } }')).toEqual({ me: { id: ada.id } });
  }

  const me = { query: '{ me { id } }' };

  test.each([
    ['no token', ''],
    ['a made-up token', 'x.y.z'],
    ['a token signed by nobody', `${btoa('{"alg":"none"}')}.${btoa('{"sub":"1"}')}.`],
  ])('%s', async (_, token) => {
    await expectRefused({ status: 401, code: 'UNAUTHENTICATED' }, me, token);
  });

  test('an identity that a client claims for itself', async () => {
    const headers = { 'fellowship-identity': 'eyJhbGciOiJub25lIn0.e30.' };
    await expectRefused({ status: 401, code: 'UNAUTHENTICATED' }, me, '', headers);
  });

  test('a body that is no JSON', () =>
    expectRefused({ status: 400, code: 'BAD_REQUEST' }, '{"query": "{ me'));
  test('a body over 256 KiB', () =>
    expectRefused({ status: 413, code: 'PAYLOAD_TOO_LARGE' }, { ...me, padding: 'x'.repeat(300_000) }));
  test('a query that does not parse', () =>
    expectRefused({ status: 400, code: 'GRAPHQL_PARSE_FAILED' }, { query: '{ me { ' }));
  test('a field that does not exist', () =>
    expectRefused({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' }, { query: '{ me { password } }' }));
  test('an operation that is too deep', () =>
    expectRefused(
      { status: 400, code: 'OPERATION_TOO_DEEP' },
      { query: `{ me ${'{ party { leader '.repeat(20)} { id } ${'} }'.repeat(20)} }` },
    ));
  test('an operation of too many tokens', () =>
    expectRefused(
      { status: 400, code: 'GRAPHQL_PARSE_FAILED' },
      { query: `{ me { ${'id '.repeat(3_000)} } }` },
    ));
  test('U+0000 in a variable', () =>
    expectRefused(
      { status: 400, code: 'BAD_USER_INPUT' },
      { query: 'query ($id: ID!) { party(id: $id) { id } }', variables: { id: 'a\u0000b' } },
    ));

  test.each([
    '0',
    'x',
    '\u{1F600}',
    "' or 1=1 --",
    '99999999-9999-4999-8999-999999999999',
    'x'.repeat(10_000),
  ])('an id that is nobody’s (%#): null, or a denial', async (id) => {
    const query =
      'query ($id: ID!) { party(id: $id) { id } guild(id: $id) { id } group(id: $id) { id } organization(id: $id) { id } }';
    expect(await ada.run(query, { id })).toEqual({
      party: null,
      guild: null,
      group: null,
      organization: null,
    });
    const joined = await ada.mutate('partyJoin', { partyId: id }, 'party { id }');
    expect(joined).toEqual({
      party: null,
      errors: [{ code: 'PARTY_NOT_FOUND', message: 'No such party', path: [] }],
    });
  });

  test('what is another tenant’s does not exist', async () => {
    const { party } = await ada.mutate('partyCreate', { joinPolicy: 'OPEN' }, 'party { id }');
    const stranger = await graph.player('Ada', { tenant: 'another-game' });
    expect(await stranger.run(`{ me { party { id } } party(id: "${party.id}") { id } }`)).toEqual({
      me: { party: null },
      party: null,
    });
    expect((await stranger.mutate('partyJoin', { partyId: party.id }, 'party { id }')).errors[0].code).toBe(
      'PARTY_NOT_FOUND',
    );
  });

  test('strings that are too long are refused where they are named', async () => {
    const answer = await ada.mutate(
      'organizationCreate',
      { name: 'x'.repeat(10_000) },
      'organization { id }',
    );
    expect(answer).toMatchObject({ organization: null, errors: [{ code: 'INVALID_INPUT', path: ['name'] }] });
  });

  test('a subgraph called without the gateway answers 401', async () => {
    const urls = Object.values(graph.services);
    expect(urls).toHaveLength(topology === 'process' ? 0 : 3);
    for (const url of urls) {
      const { status, errors } = await post(url, { query: '{ __typename }' }, ada.token);
      expect({ status, code: errors[0].extensions.code }).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
    }
  });
});
