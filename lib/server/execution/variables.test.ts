import fc from 'fast-check';
import { buildSchema, getVariableValues, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { expect, test } from 'vitest';
import { compileVariables } from './variables.ts';

const schema = buildSchema(`
  enum Color { RED GREEN }
  scalar Any
  input Filter { name: String }
  type Query { field: Int }
`);

const TYPES = [
  'ID',
  'ID!',
  'Int',
  'Boolean!',
  'Color',
  'Any',
  '[Int!]',
  '[[Color]!]!',
  '[Any!]!',
  'Filter',
  'Int = 3',
];
const value = fc.oneof(
  fc.constantFrom(null, undefined, true, 'RED', 'BLUE', '', 1, 1.5, 2 ** 31, Number.NaN, '7', {}, [], [null]),
  fc.jsonValue({ maxDepth: 2 }),
  fc.array(fc.oneof(fc.integer(), fc.constantFrom('RED', null, undefined)), { maxLength: 3 }),
);
const NAMES = ['a', 'b', '__proto__', 'constructor'];

function definitionsOf(types: readonly string[]) {
  const declared = types.map((type, nth) => `$${NAMES[nth]}: ${type}`);
  const [definition] = parse(`query (${declared}) { field }`).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('No operation');
  return (definition satisfies OperationDefinitionNode).variableDefinitions ?? [];
}

const given = fc
  .array(fc.tuple(fc.constantFrom(...NAMES, 'other'), value), { maxLength: 5 })
  .map((entries) => Object.fromEntries(entries));

/** With `__proto__`, and told apart from what is not there. */
const shown = ({ coerced, errors }: ReturnType<typeof getVariableValues>) =>
  errors ? errors.map((error) => error.message) : Object.entries(coerced);

test('variables are read and refused as graphql does', () => {
  const types = fc.array(fc.constantFrom(...TYPES), { minLength: 1, maxLength: NAMES.length });
  fc.assert(
    fc.property(types, given, (declared, values) => {
      const definitions = definitionsOf(declared);
      const ours = compileVariables(schema, definitions)(values);
      expect(shown(ours)).toEqual(shown(getVariableValues(schema, definitions, values, { maxErrors: 50 })));
    }),
    { numRuns: 3_000 },
  );
});
