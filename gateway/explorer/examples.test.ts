import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, getOperationAST, parse, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { exampleTabs, standIns } from './examples.ts';

const schema = buildSchema(readFileSync(join(import.meta.dirname, '../../schema/api.graphql'), 'utf8'));

describe('the examples', () => {
  test.each(exampleTabs)('$query is valid and has a name', ({ query }) => {
    expect(validate(schema, parse(query))).toEqual([]);
    expect(getOperationAST(parse(query))?.name).toBeDefined();
  });

  test.each(Object.entries(standIns))('%s can be looked up', (_name, { query }) => {
    expect(validate(schema, parse(query))).toEqual([]);
  });

  test('show a query, a mutation and a subscription', () => {
    const kinds = exampleTabs.map(({ query }) => getOperationAST(parse(query))?.operation);
    expect(new Set(kinds)).toEqual(new Set(['query', 'mutation', 'subscription']));
  });
});
