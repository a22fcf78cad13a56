import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANSWERS } from './plain-request.ts';
import { type ServedSubgraph, serveSubgraph } from './serve-subgraph.ts';
import { identitySecret, recordingLog, sign, TestSubgraph } from './test-subgraph.ts';

let served: ServedSubgraph;
beforeAll(async () => {
  const { log } = recordingLog('fatal');
  const where = { host: '127.0.0.1', port: 0, fallback: false };
  served = await serveSubgraph(new TestSubgraph(), { ...where, identitySecret, log, introspection: false });
});
afterAll(() => served.close());

async function post(asked: object, headers: Record<string, string>) {
  const body = JSON.stringify(asked);
  const response = await fetch(`${served.url}/graphql`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-request-id': 'same',
      'fellowship-identity': await sign(body),
      ...headers,
    },
  });
  const { date, ...rest } = Object.fromEntries(response.headers);
  expect(date).toBeDefined();
  return { status: response.status, headers: rest, text: await response.text() };
}

/** `extensions` make a request one for Apollo Server. */
async function expectSame(asked: object, headers: Record<string, string> = {}) {
  const ours = await post(asked, headers);
  expect(ours).toEqual(await post({ ...asked, extensions: {} }, headers));
  return ours;
}

describe('a plain request is answered as Apollo Server answers it', () => {
  it.each([...ANSWERS].flatMap(([accept, mediaType]) => (accept ? [[accept, mediaType]] : [])))(
    'in the type that "%s" accepts',
    async (accept, mediaType) => {
      const { headers } = await expectSame({ query: '{ me }' }, { accept });
      expect(headers['content-type']).toBe(mediaType);
    },
  );

  it.each(['application/json; charset=utf-8', 'application/json;charset=utf-8'])(
    'sent as %s',
    async (type) => {
      await expectSame({ query: '{ me }' }, { 'content-type': type });
    },
  );

  it.each([
    { query: '{ me }', variables: null, operationName: null },
    { query: 'query A { me } query B { requestId }', operationName: 'B' },
    { query: 'query A { me } query B { requestId }', operationName: 'C' },
    { query: 'query A { me } query B { requestId }' },
    { query: 'query ($text: String) { echo(text: $text) }', variables: { text: 'é' } },
    { query: 'query ($text: String) { echo(text: $text) }', variables: { text: 1 } },
    { query: 'query ($text: String!) { echo(text: $text) }' },
    { query: '{ me ' },
    { query: '{ nothing }' },
    { query: '{ __schema { queryType { name } } }' },
    { query: '{ __typename }' },
    { query: 'subscription { count(to: 1) }' },
    { query: '{ me denied sql string ownCode }' },
    { query: '{ missing }' },
    { query: '' },
    { query: 1 },
    { query: '{ me }', variables: [] },
    { query: '{ me }', variables: '{}' },
    { query: '{ me }', operationName: 1 },
  ])('%j', async (asked) => {
    await expectSame(asked);
  });
});
