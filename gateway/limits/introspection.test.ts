import { readFileSync } from 'node:fs';
import { buildSchema, getIntrospectionQuery, type IntrospectionOptions, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { Refused } from '../errors.ts';
import { createIntrospectionLimit, fieldsOfAnswer } from './introspection.ts';
import { operationsOf } from './measure.ts';

const sdl = `
  type Query { "A." a(b: Int, c: Int): Query list: [Other!]! @deprecated }
  type Other { a: Int }
  type Wide { a: Int b: Int c: Int }
`;
const schema = buildSchema(sdl);
const whole = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));

function count(source: string, limit = 1_000): number {
  const document = parse(source);
  const [definition] = operationsOf(document);
  if (!definition) throw new Error('There is no operation');
  return fieldsOfAnswer(schema, document, definition, limit);
}

function isAllowed(source: string): boolean {
  const document = parse(source);
  const [definition] = operationsOf(document);
  if (!definition) throw new Error('There is no operation');
  try {
    createIntrospectionLimit(whole)(document, definition);
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    expect(error.errors[0]?.extensions['code']).toBe('OPERATION_TOO_COMPLEX');
    return false;
  }
}

describe('the fields of an answer about the schema', () => {
  it.each([
    ['none', '{ a { list { a } } }', 0],
    ['of one type', '{ __type(name: "Query") { name kind } }', 2],
    ['of a list, deprecated ones too', '{ __type(name: "Query") { fields { name } } }', 1 + 2],
    ['of lists in a list', '{ __type(name: "Query") { fields { args { name } } } }', 1 + 2 + 2],
    [
      'of fragments',
      '{ ...F } fragment F on Query { __type(name: "Query") { ... { ...G } } } fragment G on __Type { name }',
      1,
    ],
    [
      'of a type that a variable names: the widest',
      'query ($n: String!) { __type(name: $n) { fields { name } } }',
      0,
    ],
    ['of a type that there is not', '{ __type(name: "Nobody") { fields { name } } }', 0],
  ])('%s', (_, source, expected) => {
    // The widest is one of introspection's own: __Type.
    const widest = Object.keys(Object(schema.getType('__Type')).getFields()).length;
    expect(count(source)).toBe(source.includes('$n') ? 1 + widest : expected);
  });

  it('are counted to the limit', () => {
    const found = count(getIntrospectionQuery(), 50);
    expect(found).toBeGreaterThan(50);
    expect(found).toBeLessThan(60);
  });
});

describe('introspection', () => {
  const all: IntrospectionOptions = {
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  };

  it.each([
    ['as tools ask for it', getIntrospectionQuery()],
    ['with all that they may ask for', getIntrospectionQuery(all)],
    [
      'of a few types',
      '{ a: __type(name: "Player") { fields { type { fields { name } } } } b: __type(name: "Guild") { name } }',
    ],
    ['beside other fields', '{ __schema { types { name fields { name } } } me { id } }'],
  ])('%s is allowed', (_, source) => {
    expect(isAllowed(source)).toBe(true);
  });

  const times = (count: number, part: (nth: number) => string) =>
    Array.from({ length: count }, (_, nth) => part(nth)).join(' ');

  it.each([
    [
      'under ten aliases',
      `{ ${times(10, (nth) => `a${nth}: __schema { types { fields { name args { name type { name } } type { name } } } }`)} }`,
    ],
    [
      'of a list under ten aliases',
      `{ __schema { ${times(10, (nth) => `a${nth}: types { fields { name args { name type { name } } type { name } } }`)} } }`,
    ],
    [
      'in the depth',
      `{ __schema { types { fields { type { ${times(10, (nth) => `a${nth}: fields { name type { name } }`)} } } } } }`,
    ],
  ])('%s is not', (_, source) => {
    expect(isAllowed(source)).toBe(false);
  });
});
