import fc from 'fast-check';
import { expect } from 'vitest';
import type { Data } from './subgraph.ts';

/** Fields by name; what is selected of those that are objects, or null. */
export interface Fields {
  readonly [name: string]: Fields | null;
}

/** A page of these, by both ways to them. */
export const pageOf = (item: Fields): Fields => ({
  nodes: item,
  edges: { cursor: null, node: item },
  pageInfo: { hasNextPage: null, endCursor: null },
});

const textOf = (fields: Fields): string =>
  `{ __typename ${Object.entries(fields)
    .map(([name, within]) => (within ? `${name} ${textOf(within)}` : name))
    .join(' ')} }`;

const some = (fields: Fields): fc.Arbitrary<Fields> =>
  fc
    .record(
      Object.fromEntries(
        Object.entries(fields).map(([name, within]) => [name, within ? some(within) : fc.constant(null)]),
      ),
      { requiredKeys: [] },
    )
    .map((record) => record as Fields);

function partOf(data: Data, fields: Fields): Data {
  if (data === null || typeof data !== 'object') return data;
  if (Array.isArray(data)) return data.map((each) => partOf(each, fields));
  const parts = Object.entries(fields).map(([name, within]) => [
    name,
    within ? partOf(data[name], within) : data[name],
  ]);
  return { __typename: data.__typename, ...Object.fromEntries(parts) };
}

/** Whoever asks for some of the fields is told of them what they are told who ask for all. */
export async function expectSameOfSome(
  fields: Fields,
  run: (selection: string) => Promise<Data>,
): Promise<void> {
  const whole = await run(textOf(fields));
  await fc.assert(
    fc.asyncProperty(some(fields), async (asked) => {
      expect(await run(textOf(asked))).toEqual(partOf(whole, asked));
    }),
  );
}
