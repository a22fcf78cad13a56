import fc from 'fast-check';
import { GraphQLError } from 'graphql';
import { describe, expect, test } from 'vitest';
import { type Connection, connection } from './connection.ts';
import { encode, momentKey, pageOf, pageSize, uuidKey } from './page.ts';

const uuid = '0189a6f0-0000-7000-8000-000000000001';

describe('the size of a page', () => {
  test('is 20 unless given, 1 to 100', () => {
    expect(pageSize(undefined)).toBe(20);
    expect(pageSize(null)).toBe(20);
    expect(pageSize(1)).toBe(1);
    expect(pageSize(100)).toBe(100);
  });
  test.each([0, -1, 101, 2_147_483_647])('%i is refused', (first) => {
    expect(() => pageSize(first)).toThrow(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } }),
    );
  });
});

describe('a cursor', () => {
  test('comes back as the key it was made of', () => {
    const after = encode([new Date('2031-05-04T18:30:00.001Z'), uuid]);
    expect(pageOf({ after }, [momentKey, uuidKey])).toEqual({
      first: 20,
      after: ['2031-05-04T18:30:00.001Z', uuid],
    });
  });
  test('of another connection is refused', () => {
    expect(() => pageOf({ after: encode([uuid]) }, [momentKey, uuidKey])).toThrow('not a cursor');
    expect(() => pageOf({ after: encode([uuid, uuid]) }, [momentKey, uuidKey])).toThrow('not a cursor');
  });
  test.each(['2031-99-99T00:00:00.000Z', '2031-02-31T00:00:00.000Z', 'now'])('of no moment: %s', (moment) => {
    expect(() => pageOf({ after: encode([moment]) }, [momentKey])).toThrow('not a cursor');
  });
  test('that is made up is refused, whatever it is', () => {
    const refusal = (after: string): unknown => {
      try {
        return pageOf({ after }, [uuidKey]);
      } catch (error) {
        return error instanceof GraphQLError && error.extensions['code'];
      }
    };
    const text = fc.string({ unit: 'binary' });
    // Few, since each makes an error whose stack the test runner maps to its source: 80 ms.
    fc.assert(
      fc.property(text, (after) => refusal(after) === 'CURSOR_INVALID'),
      { numRuns: 20, examples: [['']] },
    );
  });
});

test('a connection leaves out the row that only tells of a next page', () => {
  expect(read(connection([1, 2, 3], { first: 2, after: null }, String))).toEqual({
    edges: [
      { cursor: '1', node: 1 },
      { cursor: '2', node: 2 },
    ],
    nodes: [1, 2],
    pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: '1', endCursor: '2' },
  });
  expect(read(connection([], { first: 2, after: 'x' }, String)).pageInfo).toEqual({
    hasNextPage: false,
    hasPreviousPage: true,
    startCursor: null,
    endCursor: null,
  });
});

/** As graphql reads it, field by field: some are getters. */
function read({ edges, nodes, pageInfo }: Connection<number>) {
  const { hasNextPage, hasPreviousPage, startCursor, endCursor } = pageInfo;
  return {
    edges: edges.map(({ cursor, node }) => ({ cursor, node })),
    nodes,
    pageInfo: { hasNextPage, hasPreviousPage, startCursor, endCursor },
  };
}
