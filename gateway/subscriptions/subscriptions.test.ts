import type { Viewer } from '@fellowship/identity';
import type { ExecutionResult } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../server.ts';
import { createLocalSource } from '../sources/local.ts';
import type { Source } from '../sources/source.ts';
import { type Channel, createChannel } from '../testing/channel.ts';
import { until } from '../testing/client.ts';
import { nameTokens, silent, viewerNamed } from '../testing/gateway.ts';
import { createTestSubgraphs } from '../testing/subgraphs.ts';
import { DEFAULT_SOCKET_LIMITS } from './socket.ts';
import type { Results } from './subscriptions.ts';

let upstream: Channel<ExecutionResult>;
/** How often `upstream` was asked for its next event. */
let asked: number;
/** Streams of those who resume. */
let replay: Channel<ExecutionResult>;
let gateway: Gateway;
let now: Date;
let fetchGuilds: Source['fetch'];

beforeEach(async () => {
  const { subgraphs, supergraph } = createTestSubgraphs();
  upstream = createChannel();
  asked = 0;
  replay = createChannel();
  now = new Date('2026-01-01T00:00:00Z');
  const party: Source = {
    ...createLocalSource(subgraphs.party),
    subscribe({ variables }, { signal }) {
      const stream = (variables['after'] ? replay : upstream).listen();
      signal.addEventListener('abort', () => stream.return?.());
      const { next } = stream;
      stream.next = () => {
        asked++;
        return next();
      };
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
    socketLimits: { ...DEFAULT_SOCKET_LIMITS, playerSubscriptions: 3 },
    log: silent,
    now: () => now,
  });
});
afterEach(() => gateway.close());

/** The results of a subscription that is being admitted. */
function lazily(opening: Promise<Results>): Results {
  return {
    next: async () => (await opening).next(),
    return: async () => (await opening).return(),
    [Symbol.asyncIterator]: () => lazily(opening),
  };
}

const request = (viewer: Viewer) => ({
  operationName: undefined,
  viewer,
  address: '192.0.2.1',
  signal: new AbortController().signal,
});

function subscribe(expiresAt = new Date('2026-01-01T01:00:00Z'), variables = {}) {
  const subscription = gateway.subscribe({
    ...request(viewerNamed('Ada', expiresAt)),
    source: 'subscription ($id: ID = 1) { partyActivity(partyId: $id) { id actor { guilds { id } } } }',
    variables,
    requestId: 'req-1',
  });
  return lazily(subscription);
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

  it('is not admitted when it is refused', async () => {
    const errors = [{ extensions: { code: 'BAD_USER_INPUT' } }];
    await expect(subscribe(undefined, { id: { a: 1 } }).next()).rejects.toMatchObject({ errors });
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

const FOLLOW = 'subscription ($after: String) { partyActivity(partyId: 1, after: $after) { id cursor } }';

function follow(options: { name?: string; after?: string; expiresAt?: Date; source?: string } = {}) {
  const { name = 'Ada', after, expiresAt = new Date('2026-01-01T01:00:00Z'), source = FOLLOW } = options;
  const subscription = gateway.subscribe({
    ...request(viewerNamed(name, expiresAt)),
    source,
    variables: after === undefined ? {} : { after },
    requestId: `req-of-${name}`,
  });
  return lazily(subscription);
}
const event = (id: string) => ({
  data: { partyActivity: { __typename: 'PartyRenamed', id, cursor: `cursor ${id}` } },
});
const idOf = (result: ExecutionResult | undefined) =>
  (result?.data?.['partyActivity'] as { id?: string } | undefined)?.id;
const take = async (results: Results) => idOf((await results.next()).value);

describe('subscribers with the same operation, variables and rights', () => {
  it('share one upstream and each result, until the last has left', async () => {
    const [first, second] = [follow(), follow({ expiresAt: new Date('2026-01-01T02:00:00Z') })];
    const results = [first.next(), second.next()];
    await until(() => upstream.listeners === 1);
    upstream.publish(event('1'));
    const [one, other] = await Promise.all(results);
    expect(idOf(one?.value)).toBe('1');
    expect(one?.value).toBe(other?.value);
    await first.return();
    expect(upstream.listeners).toBe(1);
    upstream.publish(event('2'));
    expect(await take(second)).toBe('2');
    await second.return();
    expect(upstream.listeners).toBe(0);
  });

  it('end each by their own token', async () => {
    const [short, long] = [follow({ expiresAt: new Date(now.getTime() + 50) }), follow()];
    const results = [short.next(), long.next()];
    now = new Date(now.getTime() + 51);
    expect((await results[0])?.value).toMatchObject(code('TOKEN_EXPIRED'));
    upstream.publish(event('1'));
    expect(idOf((await results[1])?.value)).toBe('1');
    await long.return();
  });

  it('all hear how the upstream ends', async () => {
    const all = [follow(), follow()];
    const results = all.map((each) => each.next());
    await until(() => upstream.listeners === 1);
    const errors = [{ message: 'You left', extensions: { code: 'ACCESS_LOST' } }];
    upstream.publish({ errors } as unknown as ExecutionResult);
    for (const result of results) expect((await result).value).toMatchObject(code('ACCESS_LOST'));
    for (const each of all) expect((await each.next()).done).toBe(true);
    const later = follow();
    const next = later.next();
    await until(() => upstream.listeners === 1);
    await later.return();
    expect((await next).done).toBe(true);
  });

  it.each([
    ['player', { name: 'Bea' }],
    ['operation', { source: FOLLOW.replace('id cursor', 'id cursor text') }],
  ])('do not share with another %s', async (_, other) => {
    const all = [follow(), follow(other)];
    for (const each of all) each.next();
    await until(() => upstream.listeners === 2);
    await Promise.all(all.map((each) => each.return()));
    expect(upstream.listeners).toBe(0);
  });
});

describe('who resumes', () => {
  it('catches up alone, then joins the others without gap or repeat', async () => {
    const resumed = follow({ after: 'cursor 0' });
    const first = resumed.next();
    await until(() => replay.listeners === 1 && upstream.listeners === 1);
    replay.publish(event('1'));
    replay.publish(event('2'));
    expect(idOf((await first).value)).toBe('1');
    expect(await take(resumed)).toBe('2');
    const third = take(resumed);
    for (const id of ['3', '4']) {
      upstream.publish(event(id));
      replay.publish(event(id));
    }
    expect(await third).toBe('3');
    expect(await take(resumed)).toBe('4');
    await until(() => replay.listeners === 0);
    upstream.publish(event('5'));
    expect(await take(resumed)).toBe('5');
    await resumed.return();
    expect(upstream.listeners).toBe(0);
  });

  it('joins at once where the others have just been', async () => {
    const live = follow();
    const first = live.next();
    await until(() => upstream.listeners === 1);
    for (const id of ['1', '2', '3']) upstream.publish(event(id));
    await first;
    await take(live);
    await take(live);
    const resumed = follow({ after: 'cursor 1' });
    expect([await take(resumed), await take(resumed)]).toEqual(['2', '3']);
    expect(replay.listeners).toBe(0);
    await Promise.all([live.return(), resumed.return()]);
  });

  it('stays alone where the selection has no cursor', async () => {
    const resumed = follow({ after: 'cursor 0', source: FOLLOW.replace(' cursor', '') });
    const first = resumed.next();
    await until(() => replay.listeners === 1);
    expect(upstream.listeners).toBe(0);
    replay.publish(event('1'));
    await first;
    await resumed.return();
    expect(replay.listeners).toBe(0);
  });

  it('is told where: the last result carries the cursor of the one before', async () => {
    const results = follow({ source: FOLLOW.replace('id cursor', 'id ... on PartyEvent { at: cursor }') });
    const first = results.next();
    await until(() => upstream.listeners === 1);
    upstream.publish({
      data: { partyActivity: { __typename: 'PartyRenamed', id: '7', at: 'cursor 7' } },
    });
    await first;
    const last = results.next();
    await gateway.close();
    expect((await last).value).toMatchObject({
      errors: [{ extensions: { code: 'GOING_AWAY', cursor: 'cursor 7' } }],
    });
  });
});

describe('a subscription too many', () => {
  it('is refused by the player, and taken when another has ended', async () => {
    const running = [1, 2, 3].map(() => follow());
    const others = running.map((each) => each.next());
    expect((await follow().next()).value).toMatchObject(code('TOO_MANY_SUBSCRIPTIONS'));
    const bea = follow({ name: 'Bea' });
    const beas = bea.next();
    await until(() => upstream.listeners === 2);
    await running[0]?.return();
    const again = follow();
    const next = again.next();
    upstream.publish(event('1'));
    expect(idOf((await next).value)).toBe('1');
    await Promise.all([...running, bea, again].map((each) => each.return()));
    await Promise.all([...others, beas]);
  });

  it('is refused when the server is going away', async () => {
    await gateway.close();
    expect((await follow().next()).value).toMatchObject(code('GOING_AWAY'));
  });

  it('is ended by name when nobody takes its results', async () => {
    const results = follow();
    const first = results.next();
    await until(() => upstream.listeners === 1);
    for (let id = 0; id < 1_100; id++) upstream.publish(event(String(id)));
    await first;
    let last: ExecutionResult | undefined;
    let count = 1;
    await until(() => asked > 1_100);
    for (let next = await results.next(); !next.done; next = await results.next()) {
      last = next.value;
      count++;
    }
    expect(last).toMatchObject({
      errors: [{ extensions: { code: 'SLOW_CONSUMER', cursor: `cursor ${count - 2}` } }],
    });
  });
});

function code(value: string) {
  return { errors: [{ extensions: { code: value } }] };
}
