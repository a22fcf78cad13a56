import { createExecutor, maskError, type SubgraphName } from '@fellowship/server';
import fc from 'fast-check';
import {
  type ExecutionResult,
  type GraphQLInputType,
  GraphQLObjectType,
  GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInputObjectType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import pino from 'pino';
import { expect, test } from 'vitest';
import { type Random, randomOf } from '../testing/random.ts';
import { randomOperation } from '../testing/random-operation.ts';
import { type RandomContext, randomSubgraph } from '../testing/random-resolvers.ts';

const log = pino({ level: 'silent' });
/** 600 were run of each when this was written: 1,151 valid operations, each twice. */
const RUNS = Number(process.env['PLAN_RUNS'] ?? 40);
const names: readonly SubgraphName[] = ['party', 'guild', 'group'];

/** The schema with nothing to ask for but entities, as a gateway does most. */
function entitiesOf(schema: GraphQLSchema): GraphQLSchema {
  const { _entities } = schema.getQueryType()?.toConfig().fields ?? {};
  if (!_entities) throw new Error('The schema has no entities');
  const query = new GraphQLObjectType({ name: 'Query', fields: { _entities } });
  return new GraphQLSchema({ query, mutation: schema.getMutationType() });
}

function entitiesOperation(schema: GraphQLSchema, random: Random, repeats: boolean): string {
  return randomOperation(schema, random, repeats)
    .replaceAll('representations: ["1"]', 'representations: $representations')
    .replace('($yes', '($representations: [_Any!]!, $yes');
}

function variablesOf(schema: GraphQLSchema, seed: number) {
  const random = randomOf(`variables ${seed}`);
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) && type.astNode?.directives?.some(({ name }) => name.value === 'key'),
  );
  const representations = Array.from({ length: random.upTo(5) }, (_, id) => ({
    __typename: random.of(types).name,
    id: String(id),
  }));
  return { representations, yes: true, no: false, ...(random.percent(30) && { maybe: random.percent(50) }) };
}

/** Errors in any order: those of fields that wait come as their promises do. */
function comparable({ data, errors = [] }: ExecutionResult, { calls }: RandomContext) {
  const told = errors.map((error) => {
    const { message, path, extensions, originalError, nodes } = error;
    const original = originalError && { message: originalError.message, name: originalError.name };
    const masked = maskError(error, log, 'test');
    return JSON.stringify({ message, path, extensions, original, masked, nodes: nodes?.length });
  });
  const mutations = calls.filter((call) => !call.includes('.'));
  return { data: JSON.stringify(data), errors: told.toSorted(), calls: calls.toSorted(), mutations };
}

/** graphql leaves rejections unhandled where an element of a list throws beside others that wait: none of ours may be. */
async function sparingly<T>(work: () => Promise<T>): Promise<T> {
  await laterThanAll();
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', () => {});
  try {
    return await work();
  } finally {
    await laterThanAll();
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
}

/** What is still under way when a result is there, a field below a null, has ended then. */
async function laterThanAll(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test.each(names)(
  'compiled operations of the %s subgraph give what graphql gives',
  async (name) => {
    const schema = randomSubgraph(name);
    const entities = entitiesOf(schema);
    const compiled = createExecutor(schema, 'compiled');
    const graphql = createExecutor(schema, 'apollo');
    const seen = { compared: 0, withErrors: 0, withData: 0 };
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const random = randomOf(`operation ${seed}`);
        const source = random.percent(50)
          ? entitiesOperation(entities, random, seed % 3 === 0)
          : randomOperation(schema, random, seed % 3 === 0);
        const document = parse(source, { noLocation: true });
        // Chance makes fields that do not merge.
        if (validate(schema, document).length > 0) return;
        // Twice: what the first has compiled, the second runs, with other conditions.
        for (const turn of [seed, seed + 1]) {
          const run = async (execute: typeof compiled) => {
            const contextValue: RandomContext = { seed: String(turn), calls: [] };
            const variableValues = variablesOf(schema, turn);
            return comparable(await execute({ document, contextValue, variableValues }), contextValue);
          };
          const ours = await run(compiled);
          const theirs = await sparingly(() => run(graphql));
          expect(ours, source).toEqual(theirs);
          seen.compared += 1;
          seen.withErrors += Number(theirs.errors.length > 0);
          seen.withData += Number(theirs.data !== 'null');
        }
      }),
      { numRuns: RUNS },
    );
    expect(seen.compared).toBeGreaterThan(RUNS / 2);
    expect(seen.withErrors).toBeGreaterThan(RUNS / 8);
    expect(seen.withData).toBeGreaterThan(RUNS / 8);
  },
  600_000,
);

/** Values for variables of any type: right for some, and wrong for each in its own way. */
const VALUES = [
  undefined,
  null,
  '1',
  '',
  '\u0000',
  1,
  1.5,
  -0,
  2 ** 31,
  Number.NaN,
  true,
  [],
  [null],
  [['1']],
  {},
  { unknown: 1 },
  { constructor: 1, toString: 2 },
  JSON.parse('{ "__proto__": { "id": "1" }, "id": "1" }'),
];

/** An input with that value in all of its fields. */
function filledWith(type: GraphQLInputType, value: unknown): unknown {
  const named = getNullableType(type);
  if (!isInputObjectType(named)) return value;
  return Object.fromEntries(Object.keys(named.getFields()).map((field) => [field, value]));
}

function asksOf(schema: GraphQLSchema) {
  const roots = [schema.getQueryType(), schema.getMutationType()].filter((type) => type != null);
  return roots.flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => field.args.length > 0 && field.name !== '_entities')
      .map(({ name, args, type: returned }) => {
        const declared = args.map((arg) => `$${arg.name}: ${arg.type}`).join();
        const given = args.map((arg) => `${arg.name}: $${arg.name}`).join();
        const set = isCompositeType(getNamedType(returned)) ? '{ __typename }' : '';
        const source = `${type.name.toLowerCase()} (${declared}) { ${name}(${given}) ${set} }`;
        return { name, args, document: parse(source) };
      }),
  );
}

test.each(names)(
  'compiled operations of the %s subgraph take variables as graphql does',
  async (subgraph) => {
    const schema = randomSubgraph(subgraph);
    const compiled = createExecutor(schema, 'compiled');
    const graphql = createExecutor(schema, 'apollo');
    const seen = { taken: 0, refused: 0 };
    for (const { name, args, document } of asksOf(schema)) {
      const inputs = VALUES.flatMap((value) => [
        Object.fromEntries(args.map((arg) => [arg.name, value])),
        Object.fromEntries(args.map((arg) => [arg.name, filledWith(arg.type, value)])),
      ]);
      for (const variableValues of inputs) {
        const run = async (execute: typeof compiled) => {
          const contextValue: RandomContext = { seed: name, calls: [] };
          return comparable(await execute({ document, contextValue, variableValues }), contextValue);
        };
        const theirs = await run(graphql);
        expect(await run(compiled), `${name} ${JSON.stringify(variableValues)}`).toEqual(theirs);
        seen[theirs.calls.length > 0 ? 'taken' : 'refused'] += 1;
      }
    }
    expect(seen.taken).toBeGreaterThan(20);
    expect(seen.refused).toBeGreaterThan(200);
  },
  60_000,
);
