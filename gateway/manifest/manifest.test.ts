import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { connectClient, until } from '../testing/client.ts';
import { startTestGateway } from '../testing/gateway.ts';
import { loadManifest, parseManifest } from './manifest.ts';

const ME = 'query Me { me { party { name } } }';
const PARTY = 'query Party($id: ID!) { party(id: $id) { name } }';
const RENAME = 'mutation Rename($name: String!) { partyRename(name: $name) { name } }';
const ACTIVITY = 'subscription Activity { partyActivity(partyId: 1) { id } }';

const apollo = parseManifest(
  JSON.stringify({
    format: 'apollo-persisted-query-manifest',
    version: 1,
    operations: [
      { id: 'me', name: 'Me', type: 'query', body: ME },
      { id: 'party', name: 'Party', type: 'query', body: PARTY },
      { id: 'rename', name: 'Rename', type: 'mutation', body: RENAME },
      { id: 'activity', name: 'Activity', type: 'subscription', body: ACTIVITY },
    ],
  }),
);
const hash = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });
const NOT_IN_LIST = { extensions: { code: 'PERSISTED_QUERY_NOT_IN_LIST' } };
const JSON_TYPE = { 'content-type': 'application/json' };

/** Sends a request as it is, and answers status and body. */
async function send(url: string, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...JSON_TYPE, authorization: 'Bearer Ada', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, text: await response.text() };
}

describe('over HTTP', () => {
  it.each([
    { query: ME },
    { extensions: hash('me') },
    { query: '', extensions: hash('me') },
    { query: ME, extensions: hash('me') },
    { documentId: 'me' },
    { doc_id: 'me', operationName: 'Me' },
    { id: 'me' },
  ])('a registered operation is served by text or by id: %j', async (body) => {
    await using test = await startTestGateway('local', { manifest: apollo });
    const { status, text } = await send(test.url, body);
    expect({ status, body: JSON.parse(text) }).toEqual({
      status: 200,
      body: { data: { me: { party: { name: 'Party 1' } } } },
    });
  });

  it.each([
    { query: `${ME} ` },
    { query: '{ __typename }' },
    { query: '{ __schema { types { name } } }' },
    { query: 'mutation { partyRename(name: "x") { name } }' },
    { extensions: hash('x') },
    { doc_id: '__proto__' },
    { id: 7 },
    {},
  ])('anything else is refused, and nothing is asked: %j', async (body) => {
    await using test = await startTestGateway('local', { manifest: apollo });
    for (const accept of ['application/json', 'text/event-stream', 'multipart/mixed;subscriptionSpec=1.0']) {
      const { text } = await send(test.url, body, { accept: `${accept}, application/json` });
      expect(JSON.parse(text).errors).toMatchObject([NOT_IN_LIST]);
    }
    expect(test.contexts).toEqual([]);
  });

  it('variables come along, for queries by GET too', async () => {
    await using test = await startTestGateway('local', { manifest: apollo });
    const { text } = await send(test.url, { extensions: hash('rename'), variables: { name: 'Us' } });
    expect(JSON.parse(text)).toEqual({ data: { partyRename: { name: 'Us' } } });
    const get = async (id: string) => {
      const variables = JSON.stringify({ id: '7' });
      const query = new URLSearchParams({ extensions: JSON.stringify(hash(id)), variables });
      const response = await fetch(`${test.url}/graphql?${query}`, {
        headers: { authorization: 'Bearer Ada', 'apollo-require-preflight': 'true' },
      });
      return { status: response.status, body: await response.json() };
    };
    expect((await get('party')).body).toEqual({ data: { party: { name: 'Party 7' } } });
    expect((await get('rename')).status).toBe(405);
    expect(await get('x')).toMatchObject({ status: 400, body: { errors: [NOT_IN_LIST] } });
  });
});

describe('live', () => {
  it.each([
    ['text/event-stream', 'event: next\ndata: {"data":{"partyActivity":{"id":"1"}}}'],
    ['multipart/mixed;subscriptionSpec=1.0', '{"payload":{"data":{"partyActivity":{"id":"1"}}}}'],
  ])('%s: by id', async (accept, event) => {
    await using test = await startTestGateway('local', { manifest: apollo });
    const sent = send(test.url, { extensions: hash('activity') }, { accept });
    await until(() => test.activity.listeners === 1);
    test.activity.publish({ id: '1', actorId: 'Ada' });
    test.activity.end();
    expect((await sent).text).toContain(event);
  });

  it('WebSocket: by id or by text, nothing else', async () => {
    await using test = await startTestGateway('local', { manifest: apollo });
    await using client = connectClient(test.url);
    const first = async (payload: { query: string; extensions?: Record<string, unknown> }) =>
      (await client.iterate(payload).next()).value;
    expect(await first({ query: '', extensions: hash('me') })).toMatchObject({ data: { me: {} } });
    expect(await first({ query: ME })).toMatchObject({ data: { me: {} } });
    const event = first({ query: '', extensions: hash('activity') });
    await until(() => test.activity.listeners === 1);
    test.activity.publish({ id: '1', actorId: 'Ada' });
    expect(await event).toEqual({ data: { partyActivity: { id: '1' } } });
    for (const refused of [{ query: '{ me { id } }' }, { query: '', extensions: hash('x') }]) {
      await expect(first(refused)).rejects.toMatchObject([NOT_IN_LIST]);
    }
  });
});

describe('the file', () => {
  it('may be Relay’s', () => {
    const relay = parseManifest(JSON.stringify({ a1: ME, b2: RENAME }));
    expect(relay.operations.map(({ id, name }) => [id, name])).toEqual([
      ['a1', 'Me'],
      ['b2', 'Rename'],
    ]);
    expect(relay.sourceOf({ doc_id: 'b2' })).toBe(RENAME);
  });

  it.each(['[]', '{"format":"other","version":1,"operations":[]}', '{"a":1}'])('%s is none', (json) => {
    expect(() => parseManifest(json)).toThrow('neither');
  });

  it('is named when it can’t be read', async () => {
    const path = join(import.meta.dirname, 'no-such-file.json');
    await expect(loadManifest(path)).rejects.toThrow(path);
  });

  it('keeps the gateway from starting, by the names of what can’t be served', async () => {
    const manifest = parseManifest(
      JSON.stringify({
        a: ME,
        b: 'query Old { me { gone } }',
        c: 'query Deep { me ',
        d: '{ also { gone } }',
      }),
    );
    const starting = startTestGateway('local', { manifest });
    await expect(starting).rejects.toThrow(/Old: .*gone[\s\S]*c: Syntax[\s\S]*d: .*also/);
  });
});
