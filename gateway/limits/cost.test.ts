import { buildSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { costOf, enforceCost } from './cost.ts';

const schema = buildSchema(`
  type Query { me: Player }
  type Player { id: ID! party: Party guilds(first: Int): GuildConnection! }
  type Party { members: [Player!]! }
  type GuildConnection { edges: [GuildEdge!]! nodes: [Guild!]! }
  type GuildEdge { node: Guild! }
  type Guild { name: String! members(first: Int): PlayerConnection! }
  type PlayerConnection { nodes: [Player!]! }
`);

function operation(source: string) {
  const document = parse(source);
  const definition = getOperationAST(document);
  if (!definition) throw new Error('There is no operation');
  return {
    document,
    definition,
    type: definition.operation,
    open: false,
    key: '',
    price: 1,
    plan: { kind: 'QueryPlan' },
  } as const;
}

const cost = (source: string, variables = {}) => costOf(schema, operation(source), variables);

describe('an operation costs the list items it may return', () => {
  test.each([
    ['nothing for single objects', '{ me { id party { members { id } } } }', 5],
    ['what `first` says', '{ me { guilds(first: 7) { nodes { name } } } }', 7],
    ['20 where it says nothing', '{ me { guilds { nodes { name } } } }', 20],
    [
      'both ways of writing a page',
      '{ me { guilds(first: 7) { nodes { name } edges { node { name } } } } }',
      14,
    ],
    ['pages of pages', '{ me { guilds(first: 10) { nodes { members(first: 3) { nodes { id } } } } } }', 40],
    [
      'in fragments too',
      'fragment G on Player { guilds(first: 7) { nodes { name } } } { me { ...G ... on Player { ...G } } }',
      14,
    ],
    [
      'no less than nothing',
      '{ me { a: guilds(first: -50) { nodes { name } } b: guilds(first: 7) { nodes { name } } } }',
      7,
    ],
  ])('%s', (_, source, expected) => {
    expect(cost(source)).toBe(expected);
  });

  test('with its variables, and their defaults', () => {
    const source = 'query ($n: Int = 9) { me { guilds(first: $n) { nodes { name } } } }';
    expect(cost(source, { n: 30 })).toBe(30);
    expect(cost(source)).toBe(9);
    expect(cost(source, { n: null })).toBe(20);
  });
});

test('what costs too much is refused, at once however deep it goes on', () => {
  const nested = (depth: number): string =>
    depth === 0
      ? 'id'
      : `guilds(first: 100) { nodes { members(first: 100) { nodes { ${nested(depth - 1)} } } } }`;
  const hostile = operation(`{ me { ${nested(3)} } }`);
  expect(() => enforceCost(schema, hostile, {}, 2_000)).toThrow('more than 2000 list items');
  expect(() =>
    enforceCost(schema, operation(`{ me { guilds(first: 100) { nodes { name } } } }`), {}, 2_000),
  ).not.toThrow();
});

test('the same operation costs anew what other variables make of it', () => {
  const paged = operation(
    'query ($n: Int = 9, $m: Int!) { me { guilds(first: $n) { nodes { members(first: $m) { nodes { id } } } } } }',
  );
  const costWith = (variables: object) => enforceCost(schema, paged, { ...variables }, 2_000);
  expect(costWith({ n: 10, m: 3 })).toBe(40);
  expect(costWith({ m: 3 })).toBe(36);
  expect(() => costWith({ n: 100, m: 100 })).toThrow('more than 2000 list items');
  expect(() => costWith({ n: 100, m: 100 })).toThrow('more than 2000 list items');
  expect(costWith({ n: 10, m: 3 })).toBe(40);
  for (let n = 0; n < 200; n += 1) expect(costWith({ n, m: 1 })).toBe(2 * n);
});
