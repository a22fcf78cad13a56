import { createLog } from '@fellowship/server';
import { GraphQLError } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectClient, until } from './testing/client.ts';
import { startTestGateway, type TestGateway, TOPOLOGIES } from './testing/gateway.ts';

/** In every message, property and stack below: what must not leave. */
const SECRET = 'hunter2';
const secret = (more: object) => Object.assign(new Error(`${SECRET}: select`), more);
const circle: Record<string, unknown> = { secret: SECRET };
circle['circle'] = circle;

const FAULTS: readonly (readonly [name: string, thrown: unknown])[] = [
  ['an error with SQL', secret({ query: SECRET, params: [SECRET] })],
  ['a constraint', secret({ code: '23505', constraint_name: SECRET, detail: SECRET, table_name: SECRET })],
  ['a database that is down', secret({ code: 'ECONNREFUSED', address: SECRET, port: 5432 })],
  ['an error with a cause', new Error('outer', { cause: secret({}) })],
  ['several errors', new AggregateError([secret({})], SECRET)],
  ['an error that looks public', secret({ extensions: { code: 'FORBIDDEN', secret: SECRET } })],
  ['a GraphQL error without a code', new GraphQLError(SECRET, { extensions: { stacktrace: [SECRET] } })],
  ['a GraphQL error with a code of ours alone', new GraphQLError(SECRET, { extensions: { code: '23505' } })],
  ['a string', SECRET],
  ['a number', 7],
  ['undefined', undefined],
  ['null', null],
  ['an object', { message: SECRET, extensions: { code: 'FORBIDDEN' } }],
  ['an object that refers to itself', circle],
  ['a symbol', Symbol(SECRET)],
];

const JOIN = 'JKMN2345';
const TOKEN = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';
const lines: string[] = [];
const log = createLog({
  name: 'test',
  level: 'trace',
  destination: { write: (line) => void lines.push(line) },
});

/** What leaves for an operation that fails, by each way there is. */
function ways(test: TestGateway) {
  const post = async (query: string, accept: string) => {
    const headers = { accept, authorization: 'Bearer Ada', 'content-type': 'application/json' };
    const answer = await fetch(`${test.url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
    });
    return `${JSON.stringify([...answer.headers])} ${await answer.text()}`;
  };
  const socket = async (query: string) => {
    await using client = connectClient(test.url);
    const results = [];
    try {
      for await (const result of client.iterate({ query })) results.push(result);
    } catch (error) {
      results.push(error instanceof Error ? String(error) : error);
    }
    return JSON.stringify(results);
  };
  return {
    queries: [
      (query: string) => post(query, 'application/json'),
      (query: string) => post(query, 'application/graphql-response+json'),
      (query: string) => post(query, 'text/event-stream'),
      socket,
    ],
    subscriptions: [
      (query: string) => post(query, 'text/event-stream'),
      (query: string) => post(query, 'multipart/mixed;subscriptionSpec=1.0'),
      socket,
    ],
  };
}

/** Nothing but message, code, path and request id, in whatever framing. */
function expectMasked(answer: string): void {
  expect(answer).not.toContain(SECRET);
  expect(answer).not.toMatch(/\bat .+\.ts|stacktrace|serviceName|exception/);
  const errors = [...answer.matchAll(/"errors":(\[.*?"requestId":"[^"]+"\}\}\])/g)].flatMap(
    ([, json = '[]']) => JSON.parse(json),
  );
  const told = errors.length > 0 ? errors : JSON.parse(answer).flat();
  expect(told.length).toBeGreaterThan(0);
  for (const { message, path, extensions, ...rest } of told) {
    expect(message).toBe('Internal server error');
    expect(rest.locations ?? undefined).toBeUndefined();
    expect(Object.keys(rest)).toEqual([]);
    expect(extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) });
    if (path !== undefined) expect(Array.isArray(path)).toBe(true);
  }
}

describe.each(TOPOLOGIES)('what is thrown does not leave, subgraphs %s', (topology) => {
  let test: TestGateway;
  beforeAll(async () => {
    test = await startTestGateway(topology, { log });
  });
  afterAll(() => test[Symbol.asyncDispose]());

  it.each(FAULTS)('%s', async (_, thrown) => {
    test.faults.thrown = thrown;
    const { queries, subscriptions } = ways(test);
    for (const ask of queries) {
      for (const query of ['{ fail }', '{ today }', '{ me { fail } }']) expectMasked(await ask(query));
    }
    for (const ask of subscriptions) {
      expectMasked(await ask('subscription { failing { id } }'));
      const answer = ask('subscription { partyActivity(partyId: 1) { id fault } }');
      await until(() => test.activity.listeners === 1);
      test.activity.publish({ id: 'e1', actorId: 'Lea', text: 'fail' });
      test.activity.end();
      expectMasked(await answer);
    }
  });

  it('nor do tokens and codes get into the logs, of the gateway or a subgraph', async () => {
    lines.length = 0;
    test.faults.thrown = secret({
      message: `Failed query: select\nparams: ${JOIN},"quoted",x`,
      params: [JOIN, TOKEN],
      detail: `Key (code)=(${JOIN})`,
    });
    const id = 'request-7';
    const headers = {
      authorization: `Bearer ${TOKEN}`,
      'content-type': 'application/json',
      'x-request-id': id,
    };
    const inline = `{ fail echo(text: "${JOIN}") }`;
    const body = JSON.stringify({ query: inline, variables: { code: JOIN } });
    for (const accept of ['application/json', 'text/event-stream']) {
      const answer = await fetch(`${test.url}/graphql`, {
        method: 'POST',
        headers: { ...headers, accept },
        body,
      });
      expect(answer.headers.get('x-request-id')).toBe(id);
      expect(await answer.text()).toContain(`"requestId":"${id}"`);
    }
    const search = new URLSearchParams({ query: inline, access_token: TOKEN });
    for (const path of [`/graphql?${search}`, `/groups/join/${JOIN}`, `/nowhere/${JOIN}?token=${TOKEN}`]) {
      await (await fetch(`${test.url}${path}`, { headers })).text();
    }
    await using client = connectClient(test.url, TOKEN);
    for (const query of [inline, 'subscription { failing { id } }']) {
      const operation = { query, variables: { code: JOIN }, extensions: { requestId: id } };
      await client
        .iterate(operation)
        .next()
        .catch(() => {});
    }
    const text = lines.join('');
    expect(text).not.toContain(JOIN);
    expect(text).not.toContain(TOKEN);
    const entries = lines.map((line) => JSON.parse(line));
    const failures = entries.filter(({ msg }) => msg === 'Unexpected error');
    for (const { requestId } of failures) expect(requestId).toBe(id);
    // Where it is thrown: twice over HTTP, once by GET, twice over the socket.
    expect(failures.filter(({ err }) => err.stack?.includes('Failed query: select'))).toHaveLength(5);
    expect(
      entries.filter(({ msg, requestId }) => msg === 'Request' && requestId === id).length,
    ).toBeGreaterThan(4);
  });
});
