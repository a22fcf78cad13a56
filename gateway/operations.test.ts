import { describe, expect, it, vi } from 'vitest';
import { Refused } from './errors.ts';
import { DEFAULT_LIMITS } from './limits/limits.ts';
import { createOperations } from './operations.ts';
import { parseSupergraph } from './supergraph.ts';
import { createTestSubgraphs } from './testing/subgraphs.ts';

const supergraph = parseSupergraph(createTestSubgraphs().supergraph);
const preparer = () => {
  const operations = createOperations(supergraph, DEFAULT_LIMITS, true);
  return (source: string, name?: string) => operations.plan(operations.read(source, name));
};
const prepare = (source: string, name?: string) => preparer()(source, name);

function codeOf(source: string, name?: string): unknown {
  try {
    prepare(source, name);
    return undefined;
  } catch (error) {
    return error instanceof Refused ? error.errors[0]?.extensions['code'] : error;
  }
}

describe('an operation', () => {
  it('is planned once for each name', () => {
    const plan = vi.spyOn(supergraph.planner, 'buildQueryPlan');
    const prepare = preparer();
    const source = 'query A { me { id } } mutation B { partyRename(name: "x") { id } }';
    const first = prepare(source, 'A');
    expect(prepare(source, 'A')).toBe(first);
    expect(prepare(source, 'B').type).toBe('mutation');
    expect(plan).toHaveBeenCalledTimes(2);
  });

  it('is not planned, or kept, when it is refused', () => {
    const plan = vi.spyOn(supergraph.planner, 'buildQueryPlan').mockClear();
    const prepare = preparer();
    for (let i = 0; i < 2; i++) expect(() => prepare('{ mee }')).toThrow(Refused);
    expect(plan).not.toHaveBeenCalled();
  });

  it.each([
    ['{ __typename }', true],
    ['query { __schema { queryType { name } } ...F } fragment F on Query { __typename }', true],
    ['{ __typename me { id } }', false],
    ['{ ...F } fragment F on Query { ... { me { id } } }', false],
  ])('%s is open to everybody: %s', (source, open) => {
    expect(prepare(source).open).toBe(open);
  });

  it.each([
    'subscription ($s: Boolean!) { guarded @skip(if: $s) { id } }',
    'subscription { guarded @include(if: true) { id } }',
    'subscription ($s: Boolean!) { ...F @include(if: $s) } fragment F on Subscription { guarded { id } }',
    'subscription ($s: Boolean!) { ...F } fragment F on Subscription { guarded @skip(if: $s) { id } }',
    'subscription { guarded { id } partyActivity(partyId: 1) { id } }',
    'subscription { __typename }',
  ])('is refused where a subscription has not exactly one unconditional root: %s', (source) => {
    expect(codeOf(source)).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it('is refused when its name leaves a choice or hits nothing', () => {
    expect(codeOf('query A { __typename } query B { __typename }')).toBe('OPERATION_RESOLUTION_FAILURE');
    expect(codeOf('query A { __typename }', 'B')).toBe('OPERATION_RESOLUTION_FAILURE');
  });

  it('is refused before the quadratic rules see it, when it is hostile', () => {
    const fields = Array.from({ length: 900 }, () => 'me { id party { name } }').join(' ');
    expect(codeOf(`{ ${fields} }`)).toBe('GRAPHQL_PARSE_FAILED');
    const spread =
      '{ ...A ...B } fragment A on Query { me { ...C } } fragment B on Query { me { ...C ...C } }';
    expect(codeOf(`${spread} fragment C on Player { ${'id '.repeat(600)} }`)).toBe('OPERATION_TOO_LARGE');
  });

  it('is refused when it ends the stack of the parser', () => {
    const { read } = createOperations(supergraph, { ...DEFAULT_LIMITS, tokens: 200_000 }, true);
    const source = `{ player(id: ${'['.repeat(100_000)}) { id } }`;
    expect(() => read(source, undefined)).toThrow(Refused);
  });
});
