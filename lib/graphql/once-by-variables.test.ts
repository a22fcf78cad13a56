import { getOperationAST, type OperationDefinitionNode, parse } from 'graphql';
import { expect, test, vi } from 'vitest';
import { onceByVariables } from './once-by-variables.ts';

const operation = getOperationAST(
  parse(
    'query ($n: Int!, $m: Int = 3, $yes: Boolean, $list: [Int!]) { a(n: $n, m: $m, list: $list) @skip(if: $yes) }',
  ),
) as OperationDefinitionNode;

test('is found once for each combination of those variables, and of them alone', () => {
  const find = vi.fn((variables: object) => JSON.stringify(variables));
  const found = onceByVariables(operation, 'Int', find);
  expect(found({ n: 1, yes: true })).toBe('{"n":1}');
  expect(found({ n: 1, yes: false, list: [2] })).toBe('{"n":1}');
  expect(found({ n: 1, m: null })).toBe('{"n":1,"m":null}');
  expect(found({ n: 2, m: 4 })).toBe('{"n":2,"m":4}');
  expect(find).toHaveBeenCalledTimes(3);
});

test('what is found may be undefined, and no more is kept than 64 combinations', () => {
  const find = vi.fn(() => undefined);
  const found = onceByVariables(operation, 'Int', find);
  for (let n = 0; n < 64; n += 1) found({ n });
  for (let n = 0; n < 64; n += 1) found({ n });
  expect(find).toHaveBeenCalledTimes(64);
  found({ n: 64 });
  found({ n: 0 });
  expect(find).toHaveBeenCalledTimes(66);
});
