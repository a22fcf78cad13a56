import { GraphQLError, GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { subscribeInMode } from './sharing.ts';
import type { SubscribeMode } from './subscribe-mode.ts';

/** A subgraph with a log of three events, of which the second concerns Bea; and what it was asked. */
function logOf({ mayRead, text }: { mayRead: boolean; text: string | null }) {
  const asked = { mayRead: 0, after: undefined as string | null | undefined, ended: false };
  const source = {
    async *shared(after: string | null) {
      asked.after = after;
      try {
        yield { recheck: [], start: 'c0' };
        yield { event: { text: 'one' }, recheck: [] };
        yield { event: { text }, recheck: ['Bea'] };
        yield { recheck: 'everyone' as const };
      } finally {
        asked.ended = true;
      }
    },
    async probe() {
      if (!mayRead) throw new GraphQLError('No such log', { extensions: { code: 'NOT_FOUND' } });
    },
    async mayRead() {
      asked.mayRead++;
      return mayRead;
    },
    async *[Symbol.asyncIterator]() {},
  };
  const subscription = new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      log: {
        type: new GraphQLObjectType({ name: 'Event', fields: { text: { type: GraphQLString } } }),
        subscribe: () => source,
        resolve: (event) => event,
      },
      plain: { type: GraphQLString, subscribe: async function* () {} },
    },
  });
  const query = new GraphQLObjectType({ name: 'Query', fields: { me: { type: GraphQLString } } });
  return { asked, schema: new GraphQLSchema({ query, subscription }) };
}

async function open(schema: GraphQLSchema, mode: SubscribeMode, field = 'log { text }') {
  const stream = await subscribeInMode({ schema, document: parse(`subscription { ${field} }`), mode });
  if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
  return stream;
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of stream) values.push(value);
  return values;
}

const shared: SubscribeMode = { kind: 'shared', after: 'c7' };
const probe: SubscribeMode = { kind: 'probe' };

describe('a shared subscription', () => {
  it('says where it begins and whom an event affects, and asks nothing where nothing is missing', async () => {
    const { schema, asked } = logOf({ mayRead: true, text: 'two' });
    expect(await all(await open(schema, shared))).toEqual([
      { extensions: { sharing: { start: 'c0' } } },
      { data: { log: { text: 'one' } } },
      { data: { log: { text: 'two' } }, extensions: { sharing: { recheck: ['Bea'] } } },
      { extensions: { sharing: { recheck: 'everyone' } } },
    ]);
    expect(asked).toEqual({ mayRead: 0, after: 'c7', ended: true });
  });

  it.each([
    ['may read it no more', false, { recheck: ['Bea'], lost: true }],
    ['may', true, { recheck: ['Bea'] }],
  ])('asks where something is missing: the viewer %s', async (_, mayRead, sharing) => {
    const { schema, asked } = logOf({ mayRead, text: null });
    const [, , second] = await all(await open(schema, shared));
    expect(second).toEqual({ data: { log: { text: null } }, extensions: { sharing } });
    expect(asked.mayRead).toBe(1);
  });

  it('ends its source when it is returned', async () => {
    const { schema, asked } = logOf({ mayRead: true, text: 'two' });
    const stream = await open(schema, shared);
    await stream.next();
    await stream.return();
    expect(asked.ended).toBe(true);
  });

  it('is not had of a field that does not offer it', async () => {
    const { schema } = logOf({ mayRead: true, text: 'two' });
    await expect(open(schema, shared, 'plain')).rejects.toThrow('can not be shared');
    await expect(open(schema, probe, 'plain')).rejects.toThrow('can not be shared');
  });
});

describe('a probe', () => {
  it('completes without an event for who may read the log', async () => {
    const { schema, asked } = logOf({ mayRead: true, text: 'two' });
    expect(await all(await open(schema, probe))).toEqual([]);
    expect(asked).toEqual({ mayRead: 0, after: undefined, ended: false });
  });

  it('is refused for who may not', async () => {
    const { schema } = logOf({ mayRead: false, text: 'two' });
    const stream = await open(schema, probe);
    await expect(stream.next()).rejects.toMatchObject({ extensions: { code: 'NOT_FOUND' } });
  });
});
