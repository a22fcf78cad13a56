import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getIntrospectionQuery } from 'graphql';
import { beforeAll, expect, it } from 'vitest';
import { bodyOf, type Hostile, hostile } from '../../test/kit/hostile.ts';
import { Refused } from '../errors.ts';
import { checkOperationVariables } from '../executor.ts';
import { createOperations, type Operations } from '../operations.ts';
import { parseSupergraph, type Supergraph } from '../supergraph.ts';
import { enforceCost } from './cost.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const sdl = readFileSync(join(import.meta.dirname, '../../schema/supergraph.graphql'), 'utf8');
const LONGEST_BODY = 256 * 1024;

let supergraph: Supergraph;
let operations: Operations;
beforeAll(() => {
  supergraph = parseSupergraph(sdl);
  operations = createOperations(supergraph, DEFAULT_LIMITS, true);
});

function admit({ query, operationName, variables = '{}' }: Omit<Hostile, 'name' | 'code'>) {
  const values = JSON.parse(variables);
  const operation = operations.plan(operations.read(query, operationName));
  checkOperationVariables(supergraph, operation, values);
  enforceCost(supergraph.apiSchema, operation, values, DEFAULT_LIMITS.cost);
}

it.each(hostile)('$name: $code, in few words', ({ code, ...request }) => {
  expect(bodyOf(request).length).toBeLessThan(LONGEST_BODY);
  let refusal: unknown;
  try {
    admit(request);
  } catch (error) {
    refusal = error;
  }
  if (!(refusal instanceof Refused)) throw refusal ?? new Error('It was admitted');
  expect(refusal.errors[0]?.extensions['code']).toBe(code);
  expect(JSON.stringify(refusal.errors.map(({ message }) => message)).length).toBeLessThan(12_000);
});

it('the tools’ own introspection query passes', () => {
  admit({ query: getIntrospectionQuery() });
});
