import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { print } from 'graphql';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadTypeDefs } from './type-defs.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'type-defs-'));
  mkdirSync(join(directory, 'party'));
  writeFileSync(join(directory, 'common.graphql'), 'scalar DateTime');
  writeFileSync(join(directory, 'party/b.graphql'), 'extend type Query { b: ID }');
  writeFileSync(join(directory, 'party/a.graphql'), 'type Query { a: ID }');
  writeFileSync(join(directory, 'party/notes.md'), 'not GraphQL');
});

afterEach(() => rmSync(directory, { recursive: true }));

test('joins what all share and the subgraph’s own files, by file name', () => {
  expect(print(loadTypeDefs('party', directory))).toBe(
    ['scalar DateTime', 'type Query {\n  a: ID\n}', 'extend type Query {\n  b: ID\n}'].join('\n\n'),
  );
});

test('names the file of a syntax error', () => {
  writeFileSync(join(directory, 'party/a.graphql'), 'type Query {');
  expect(() => loadTypeDefs('party', directory)).toThrow(
    expect.objectContaining({ source: expect.objectContaining({ name: 'party/a.graphql' }) }),
  );
});

test('finds the real schema from wherever the process was started', () => {
  const types = loadTypeDefs('party').definitions.map((node) =>
    'name' in node ? node.name?.value : undefined,
  );
  expect(types).toEqual(expect.arrayContaining(['PageInfo', 'Player']));
});
