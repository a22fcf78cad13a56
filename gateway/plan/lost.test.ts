import { describe, expect, it } from 'vitest';
import { coded } from '../errors.ts';
import { executePlan, type Fetchers } from '../executor.ts';
import { DEFAULT_LIMITS } from '../limits/limits.ts';
import { createOperations } from '../operations.ts';
import { parseSupergraph } from '../supergraph.ts';
import { viewerNamed } from '../testing/gateway.ts';
import { createTestSubgraphs } from '../testing/subgraphs.ts';

const supergraph = parseSupergraph(createTestSubgraphs().supergraph);
const operations = createOperations(supergraph, DEFAULT_LIMITS, false);
const away = async () => {
  throw coded('SUBGRAPH_UNAVAILABLE', 'Away');
};
const partyOf = (members: number) => async () => ({
  data: {
    party: { members: Array.from({ length: members }, (_, nth) => ({ __typename: 'Player', id: `${nth}` })) },
  },
});

/** The paths and messages of what a client is told. */
async function told(query: string, fetchers: Record<string, Fetchers[string]['fetch']>, variables = {}) {
  const operation = operations.plan(operations.read(query, undefined));
  const { data, errors = [] } = await executePlan(
    supergraph,
    operation,
    operation.plan,
    Object.fromEntries(Object.entries(fetchers).map(([name, fetch]) => [name, { fetch }])),
    variables,
    { viewer: viewerNamed('Ada'), requestId: 'test', signal: new AbortController().signal },
  );
  return {
    data,
    errors: errors.map(({ message, path, extensions }) => [path, message, extensions?.['code']]),
  };
}

describe('of a fetch that brings nothing', () => {
  it('a client is told once for each root field, by its alias', async () => {
    const query = `query ($yes: Boolean!, $unsaid: Boolean! = true) {
      a: guild(id: 1) @include(if: $unsaid) { name } ...F guild(id: 1) @skip(if: $yes) { id } __typename group(id: 1) { name }
    } fragment F on Query { b: guild(id: 2) { id } }`;
    const group = async () => ({ data: { group: { name: 'G' } } });
    const { data, errors } = await told(query, { guild: away, group }, { yes: true });
    expect(data).toEqual({ a: null, b: null, __typename: 'Query', group: { name: 'G' } });
    expect(errors.toSorted()).toEqual([
      [['a'], 'Away', 'SUBGRAPH_UNAVAILABLE'],
      [['b'], 'Away', 'SUBGRAPH_UNAVAILABLE'],
    ]);
  });

  it('it is told each field of each entity', async () => {
    const { errors } = await told('{ party(id: 1) { members { crash mine: fail } } }', {
      party: partyOf(2),
      guild: away,
    });
    expect(errors.map(([path]) => path)).toEqual([
      ['party', 'members', 0, 'crash'],
      ['party', 'members', 0, 'mine'],
      ['party', 'members', 1, 'crash'],
      ['party', 'members', 1, 'mine'],
    ]);
  });

  it('it is told ten times of a hundred', async () => {
    const { errors } = await told('{ party(id: 1) { members { crash } } }', {
      party: partyOf(100),
      guild: away,
    });
    expect(errors).toHaveLength(10);
    expect(errors.at(-1)?.[0]).toEqual(['party', 'members', 9, 'crash']);
  });

  it('it is told nothing of those who were not asked for', async () => {
    const members = [null, { __typename: 'Player' }, { __typename: 'Player', id: 'b' }];
    const { errors } = await told('{ party(id: 1) { members { crash } } }', {
      party: async () => ({ data: { party: { members } } }),
      guild: away,
    });
    expect(errors.map(([path]) => path)).toEqual([['party', 'members', 2, 'crash']]);
  });

  it.each([
    ['a refusal in its answer', async () => ({ errors: [coded('BAD_USER_INPUT', 'No')] }), 'No'],
    ['a fault', async () => Promise.reject(new Error('Broken')), 'Broken'],
    [
      'too few entities',
      async () => ({ data: { _entities: [] } }),
      'Expected "data._entities" to contain 1 elements',
    ],
  ])('the path is that of %s too', async (_, guild, message) => {
    const { errors } = await told('{ party(id: 1) { members { crash } } }', { party: partyOf(1), guild });
    expect(errors.map(([path, text]) => [path, text])).toEqual([[['party', 'members', 0, 'crash'], message]]);
  });

  it('an error beside data, which says no path, gets none', async () => {
    const guild = async () => ({ data: { guild: null }, errors: [coded('BAD_USER_INPUT', 'No')] });
    expect(await told('{ guild(id: 1) { name } }', { guild })).toEqual({
      data: { guild: null },
      errors: [[undefined, 'No', 'BAD_USER_INPUT']],
    });
  });
});
