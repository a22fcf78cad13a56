import { buildSchema, execute, GraphQLObjectType, GraphQLSchema, GraphQLString, parse } from 'graphql';
import { expect, test } from 'vitest';
import { createExecutor } from './executor.ts';

const schema = buildSchema(`
  input Filter { name: String = "all" tags: [String!] inner: Filter }
  type Query { thing: Thing, things: [Thing!], named: Named, args(filter: Filter, count: Int = 3): String }
  type Mutation { slow: Int, fast: Int }
  interface Named { name: String }
  type Thing implements Named { id: ID! name: String thing: Thing things: [Thing!] }
`);
const run = createExecutor(schema);

const thing = { id: '1', name: 'One', thing: { id: '2', things: [] }, things: [{ id: '3' }, { id: '4' }] };
const rootValue = {
  thing,
  things: () => Promise.resolve([thing, thing]),
  named: { __typename: 'Thing', name: 'One' },
  args: (args: object) => JSON.stringify(args),
};

async function both(source: string, variableValues: Record<string, unknown> = {}, operationName?: string) {
  const args = { document: parse(source), rootValue, variableValues, operationName };
  const theirs = await execute({ schema, ...args });
  return { ours: JSON.stringify(await run(args)), theirs: JSON.stringify(theirs) };
}

const CONDITIONS =
  'query ($a: Boolean!, $b: Boolean = true) { thing { id @skip(if: $a) name @include(if: $b) } }';

test.each<[string, Record<string, unknown>?, string?]>([
  ['{ thing { id thing { id name } things { id } } things { name } named { name ... on Thing { id } } }'],
  ['{ named { __typename name } }'],
  ['{ __typename __schema { queryType { name } } __type(name: "Thing") { fields { name } } }'],
  ['{ thing { __proto__: id constructor: name toString: id then: id } }'],
  ['{ thing { ...T @skip(if: true) ...T } } fragment T on Thing { id name }'],
  [CONDITIONS, { a: true }],
  [CONDITIONS, { a: false, b: false }],
  [CONDITIONS, { a: false, b: null }],
  [CONDITIONS, {}],
  [CONDITIONS, { a: 'yes' }],
  ['query A { thing { id } } query B { thing { name } }', {}, 'B'],
  ['query A { thing { id } } query B { thing { name } }', {}, 'C'],
  ['query A { thing { id } } query B { thing { name } }'],
  ['fragment T on Thing { id }'],
  ['subscription { thing }'],
])('gives what graphql gives: %s %o', async (source, variables, operationName) => {
  const { ours, theirs } = await both(source, variables, operationName);
  expect(ours).toBe(theirs);
});

test.each([
  {},
  { filter: null, count: null },
  { filter: {} },
  { filter: { name: null, inner: { inner: {} } } },
  { filter: { tags: 'one' } },
  { filter: { tags: [null] } },
  { filter: { unknown: 1, other: 2 } },
  { filter: [] },
  { filter: 'text', count: 2 ** 31 },
  { count: 1.5 },
  { count: '1' },
  { count: Number.NaN },
  JSON.parse('{ "filter": { "__proto__": { "name": "x" } } }'),
  JSON.parse('{ "__proto__": { "count": 1 } }'),
  { constructor: 1, filter: { constructor: 1 } },
])('takes and refuses variables as graphql does: %o', async (variables) => {
  const { ours, theirs } = await both(
    'query ($filter: Filter, $count: Int) { args(filter: $filter, count: $count) }',
    variables,
  );
  expect(ours).toBe(theirs);
});

test('runs mutations one after another', async () => {
  const calls: string[] = [];
  const slow = async () => {
    calls.push('slow');
    await new Promise((resolve) => setImmediate(resolve));
    calls.push('slow is done');
    return 1;
  };
  const fast = () => calls.push('fast');
  const result = await run({
    document: parse('mutation { a: slow fast b: slow }'),
    rootValue: { slow, fast },
  });
  expect(result).toMatchObject({ data: { a: 1, fast: 3, b: 1 } });
  expect(calls).toEqual(['slow', 'slow is done', 'fast', 'slow', 'slow is done']);
});

test('gives every call arguments of its own', async () => {
  const document = parse('{ args(filter: { tags: ["a"] }) }');
  const args = ({ filter }: { filter: { tags: string[] } }) => String(filter.tags.push('b'));
  for (const _ of [1, 2])
    expect(await run({ document, rootValue: { args } })).toMatchObject({ data: { args: '2' } });
});

test('knows all combinations of many conditions, and forgets them when there are too many', async () => {
  const names = Array.from({ length: 10 }, (_, index) => `v${index}`);
  const declared = names.map((name) => `$${name}: Boolean!`).join();
  const aliases = (name: string) => Array.from({ length: 12 }, (_, index) => `${name}_${index}`);
  const fragments = names.map(
    (name) => `... @skip(if: $${name}) { ${aliases(name).map((alias) => `${alias}: id`)} }`,
  );
  const document = parse(`query (${declared}) { thing { __typename ${fragments} } }`);
  for (let bits = 0; bits < 2 ** names.length; bits++) {
    const isSkipped = (index: number) => Boolean(bits & (1 << index));
    const variableValues = Object.fromEntries(names.map((name, index) => [name, isSkipped(index)]));
    const { data } = await run({ document, rootValue, variableValues });
    const left = names.filter((_, index) => !isSkipped(index)).flatMap(aliases);
    expect(Object.keys(data?.['thing'] ?? {})).toEqual(['__typename', ...left]);
  }
});

test('leaves no rejection unhandled where an element throws beside one that waits', async () => {
  const unhandled: unknown[] = [];
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', (error) => unhandled.push(error));
  const fails = { id: () => Promise.reject(new Error('Later')) };
  const result = await run({
    document: parse('{ things { id } }'),
    rootValue: { things: [fails, { id: null }] },
  });
  await new Promise((resolve) => setImmediate(resolve));
  process.removeAllListeners('unhandledRejection');
  for (const listener of listeners) process.on('unhandledRejection', listener);
  expect(result).toMatchObject({ data: { things: null }, errors: [{ path: ['things', 1, 'id'] }] });
  expect(unhandled).toEqual([]);
});

test('leaves a schema with isTypeOf to graphql', async () => {
  const name = { type: GraphQLString };
  const Thing = new GraphQLObjectType({ name: 'Thing', fields: { name }, isTypeOf: () => false });
  const query = new GraphQLObjectType({ name: 'Query', fields: { thing: { type: Thing } } });
  const picky = createExecutor(new GraphQLSchema({ query }));
  const { data, errors } = await picky({ document: parse('{ thing { name } }'), rootValue });
  expect(data).toEqual({ thing: null });
  expect(errors?.[0]?.message).toMatch('Expected value of type "Thing"');
});
