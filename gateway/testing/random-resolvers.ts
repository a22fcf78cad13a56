import { buildSubgraphSchema } from '@apollo/subgraph';
import { GraphQLBigInt, loadTypeDefs } from '@fellowship/graphql';
import type { SubgraphName } from '@fellowship/server';
import {
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  responsePathAsArray,
} from 'graphql';
import { type Random, randomOf } from './random.ts';

/** What resolvers do is a matter of the seed and of where they are: the same for whoever executes. */
export interface RandomContext {
  readonly seed: string;
  /** What was resolved: in which order, with which arguments. */
  readonly calls: string[];
}

const DateTime = new GraphQLScalarType({
  name: 'DateTime',
  serialize(value) {
    if (value === 'never') return null;
    if (typeof value !== 'string') throw new GraphQLError('No date', { extensions: { code: 'BAD_DATE' } });
    return value;
  },
  parseValue: (value) => new Date(value as string),
});

/**
 * A subgraph's schema with resolvers, references and properties by chance: values and promises of them, errors thrown,
 * rejected and returned, nulls and values of wrong types where they may not be.
 */
export function randomSubgraph(name: SubgraphName): GraphQLSchema {
  const typeDefs = loadTypeDefs(name);
  const plain = buildSubgraphSchema([{ typeDefs }]);
  const references = Object.values(plain.getTypeMap())
    .filter(
      (type) => isObjectType(type) && type.astNode?.directives?.some(({ name }) => name.value === 'key'),
    )
    .map((type) => [type.name, { __resolveReference: referenceOf(type.name) }]);
  const resolvers = { DateTime, BigInt: GraphQLBigInt, ...Object.fromEntries(references) };
  const schema = buildSubgraphSchema([{ typeDefs, resolvers }]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isAbstractType(type) && randomOf(type.name).percent(50)) {
      type.resolveType = (value, { seed }: RandomContext, info) =>
        outcome((value as Thing).kind, randomOf(`${seed} type ${pathOf(info)}`)) as string;
    }
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const isRoot = type === schema.getQueryType() || type === schema.getMutationType();
      if (field.resolve || !(isRoot || randomOf(`${type} ${field.name}`).percent(50))) continue;
      field.resolve = (_source, args, { seed, calls }: RandomContext, info) => {
        const path = pathOf(info);
        calls.push(`${path} ${JSON.stringify(args)}`);
        const value = chance(schema, field.type, `${seed} ${path}`);
        if (info.operation.operation !== 'mutation' || info.path.prev) return value;
        return Promise.resolve(value).finally(() => calls.push(`${path} done`));
      };
    }
  }
  return schema;
}

const pathOf = ({ path }: GraphQLResolveInfo) => responsePathAsArray(path).join('.');

/** Async: one that throws leaves those before it unheard, which `@apollo/subgraph` has called already. */
function referenceOf(type: string) {
  return async ({ id }: { id: unknown }, { seed }: RandomContext, { schema }: GraphQLResolveInfo) =>
    chance(schema, schema.getType(type) as GraphQLOutputType, `${seed} ${type} ${id}`);
}

/** An object of a type, its properties made when they are read. */
class Thing {
  readonly kind: string;
  constructor(schema: GraphQLSchema, type: GraphQLOutputType, kind: string, seed: string) {
    this.kind = kind;
    if (!isObjectType(type)) return;
    Object.defineProperty(this, '__typename', { value: kind, configurable: true });
    for (const field of Object.values(type.getFields())) {
      Object.defineProperty(this, field.name, {
        get() {
          const random = randomOf(`${seed} property ${field.name}`);
          const value = () => chance(schema, field.type, `${seed}.${field.name}`);
          return random.percent(10)
            ? (args: unknown) => (JSON.stringify(args) === '{}' ? value() : null)
            : value();
        },
      });
    }
  }
}

/** A resolver's way to give a value of the type. */
function chance(schema: GraphQLSchema, type: GraphQLOutputType, seed: string): unknown {
  return outcome(anyOf(schema, type, seed), randomOf(`${seed} outcome`));
}

function outcome(value: unknown, random: Random): unknown {
  const error = () =>
    random.percent(50)
      ? new GraphQLError('No', { extensions: { code: random.of(['FORBIDDEN', 'OTHER']) } })
      : Object.assign(new Error('Unexpected'), random.percent(50) && { extensions: { code: 'FORBIDDEN' } });
  if (random.percent(2)) throw random.percent(80) ? error() : 'no error';
  if (random.percent(2)) return error();
  if (random.percent(2)) {
    const rejected = later(random.upTo(3)).then(() => Promise.reject(error()));
    // Chance may throw away the list that it is in.
    rejected.catch(() => {});
    return rejected;
  }
  return random.percent(50) ? later(random.upTo(3)).then(() => value) : value;
}

/** After so many turns of the event loop. */
async function later(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function anyOf(schema: GraphQLSchema, type: GraphQLOutputType, seed: string): unknown {
  const random = randomOf(seed);
  if (isNonNullType(type)) return random.percent(2) ? null : someOf(schema, type.ofType, seed);
  return random.percent(10) ? random.of([null, undefined]) : someOf(schema, type, seed);
}

function someOf(schema: GraphQLSchema, type: GraphQLOutputType, seed: string): unknown {
  const random = randomOf(`${seed} some`);
  if (random.percent(1)) return random.of([true, 1.5, 'OTHER', { id: {} }, [], Number.NaN, 2 ** 40, 'never']);
  if (isListType(type)) {
    const make = (_: unknown, index: number) => {
      const value = anyOf(schema, type.ofType, `${seed}.${index}`);
      return random.percent(10) ? settled(value, random) : value;
    };
    const list = Array.from({ length: random.upTo(3) }, make);
    return random.percent(10) ? new Set(list) : list;
  }
  if (isAbstractType(type)) {
    const kind = random.of(schema.getPossibleTypes(type));
    const told = random.percent(3) ? random.of(['Nothing', 'String', 'Query']) : kind.name;
    return new Thing(schema, kind, told, seed);
  }
  if (isObjectType(type)) return new Thing(schema, type, type.name, seed);
  if (isEnumType(type)) return random.of(type.getValues()).value;
  if (String(type) === 'Boolean') return random.percent(50);
  return /Int|Float/.test(String(type)) ? random.upTo(9) : String(random.upTo(9));
}

/** What only a list holds beside values: errors, and promises that reject. */
function settled(value: unknown, random: Random): unknown {
  try {
    return outcome(value, random);
  } catch (error) {
    return error instanceof Error ? error : value;
  }
}
