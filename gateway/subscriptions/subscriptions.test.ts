import type { ExecutionResult } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../server.ts';
import { createLocalSource } from '../sources/local.ts';
import type { Source } from '../sources/source.ts';
import { type Channel, createChannel } from '../testing/channel.ts';
import { until } from '../testing/client.ts';
import { nameTokens, silent, viewerNamed } from '../testing/gateway.ts';
import { createTestSubgraphs } from '../testing/subgraphs.ts';

let upstream: Channel<ExecutionResult>;
let gateway: Gateway;
let now: Date;
let fetchGuilds: Source['fetch'];

beforeEach(async () => {
  const { subgraphs, supergraph } = createTestSubgraphs();
  upstream = createChannel();
  now = new Date('2026-01-01T00:00:00Z');
  const party: Source = {
    ...createLocalSource(subgraphs.party),
    subscribe(_, { signal }) {
      const stream = upstream.listen();
      signal.addEventListener('abort', () => stream.return?.());
      return stream;
    },
  };
  const guild = createLocalSource(subgraphs.guild);
  fetchGuilds = guild.fetch;
  gateway = await createGateway({
    supergraph,
    sources: {
      party,
      guild: { ...guild, fetch: (...args) => fetchGuilds(...args) },
      group: createLocalSource(subgraphs.group),
    },
    clientTokens: nameTokens,
    introspection: true,
    log: silent,
    now: () => now,
  });
});
afterEach(() => gateway.close());

function subscribe(expiresAt = new Date('2026-01-01T01:00:00Z'), variables = {}) {
  return gateway.subscribe({
    source: 'subscription ($id: ID = 1) { partyActivity(partyId: $id) { id actor { guilds { id } } } }',
    operationName: undefined,
    variables,
    viewer: viewerNamed('Ada', expiresAt),
    requestId: 'req-1',
    signal: new AbortController().signal,
  });
}

const payload = (id: string) => ({
  data: { partyActivity: { __typename: 'PartyRenamed', id, actor: { __typename: 'Player', id: 'Ada' } } },
});
const ending = (code: string) => ({ errors: [{ extensions: { code, requestId: 'req-1' } }] });

describe('a subscription', () => {
  it('ends with a coded result when the stream breaks', async () => {
    const results = subscribe();
    const first = results.next();
    await until(() => upstream.listeners === 1);
    upstream.end(new Error('socket hang up'));
    expect((await first).value).toMatchObject(ending('INTERNAL_SERVER_ERROR'));
    expect((await results.next()).done).toBe(true);
  });

  it('ends with a coded result when it is refused', async () => {
    const results = subscribe(undefined, { id: { a: 1 } });
    expect((await results.next()).value).toMatchObject(ending('BAD_USER_INPUT'));
    expect((await results.next()).done).toBe(true);
    expect(upstream.listeners).toBe(0);
  });

  it('releases the stream at once when it is returned, before an event and between events', async () => {
    const waiting = subscribe();
    const pending = waiting.next();
    await until(() => upstream.listeners === 1);
    await waiting.return();
    expect(upstream.listeners).toBe(0);
    expect(await pending).toEqual({ done: true, value: undefined });

    const paused = subscribe();
    const first = paused.next();
    await until(() => upstream.listeners === 1);
    upstream.publish(payload('1'));
    await first;
    await paused.return();
    expect(upstream.listeners).toBe(0);
  });

  it('never begins when it is returned before it is iterated', async () => {
    const results = subscribe();
    await results.return();
    expect((await results.next()).done).toBe(true);
    expect(upstream.listeners).toBe(0);
  });

  it('drops the event that is being answered when the token expires', async () => {
    fetchGuilds = () => new Promise(() => {});
    const results = subscribe(new Date(now.getTime() + 100));
    const first = results.next();
    await until(() => upstream.listeners === 1);
    upstream.publish(payload('1'));
    now = new Date(now.getTime() + 101);
    expect((await first).value).toMatchObject(ending('TOKEN_EXPIRED'));
    expect(upstream.listeners).toBe(0);
  });

  it('goes on after an event whose other subgraph fails', async () => {
    const fetch = fetchGuilds;
    fetchGuilds = async () => {
      throw new Error('boom');
    };
    const results = subscribe();
    const first = results.next();
    await until(() => upstream.listeners === 1);
    upstream.publish(payload('1'));
    expect((await first).value).toMatchObject({
      data: { partyActivity: { id: '1', actor: null } },
      ...ending('INTERNAL_SERVER_ERROR'),
    });
    fetchGuilds = fetch;
    upstream.publish(payload('2'));
    expect((await results.next()).value).toEqual({
      data: { partyActivity: { id: '2', actor: { guilds: [{ id: 'guild-of-Ada' }] } } },
    });
    await results.return();
  });

  it('passes on an event without data', async () => {
    const results = subscribe();
    const first = results.next();
    await until(() => upstream.listeners === 1);
    const errors = [{ message: 'You left the party', extensions: { code: 'ACCESS_LOST' } }];
    upstream.publish({ errors } as unknown as ExecutionResult);
    expect((await first).value).toMatchObject({
      errors: [{ message: 'You left the party', ...ending('ACCESS_LOST').errors[0] }],
    });
    upstream.end();
    expect((await results.next()).done).toBe(true);
  });
});
