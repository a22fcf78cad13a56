import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { Refused } from '../errors.ts';
import { executePlan, type Fetchers } from '../executor.ts';
import { DEFAULT_LIMITS } from '../limits/limits.ts';
import { createOperations, type Operation } from '../operations.ts';
import type { SourceContext } from '../sources/source.ts';
import { parseSupergraph, type Supergraph } from '../supergraph.ts';
import { viewerNamed } from '../testing/gateway.ts';
import { randomOf } from '../testing/random.ts';
import { randomAnswer } from '../testing/random-answer.ts';
import { randomOperation } from '../testing/random-operation.ts';
import { compilePlan } from './compile.ts';

const compiled = parseSupergraph(
  readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8'),
);
const apollo: Supergraph = { ...compiled, executor: 'apollo' };
const unlimited = {
  ...DEFAULT_LIMITS,
  tokens: 100_000,
  depth: 100,
  aliases: 1_000,
  rootFields: 100,
  directives: 1_000,
  selections: 10_000,
  repetitions: 1_000_000,
};
const operations = createOperations(compiled, unlimited, true);
const context: SourceContext = {
  viewer: viewerNamed('Ada'),
  requestId: 'test',
  signal: new AbortController().signal,
};
/** 2,000 were run of each when this was written. */
const RUNS = Number(process.env['PLAN_RUNS'] ?? 60);
const variables = { yes: true, no: false };

/** Undefined where chance made two fields that do not merge. */
function prepare(source: string): Operation | undefined {
  try {
    return operations.plan(operations.read(source, undefined));
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** The same request is answered the same, whoever sends it and when. */
function chanceFetchers(seed: number): Fetchers {
  const fetcherOf = (name: string): Fetchers[string] => ({
    fetch: async (request) =>
      randomAnswer(compiled.fullSchema, request, randomOf(seed + name + JSON.stringify(request))),
  });
  return Object.fromEntries(compiled.subgraphs.map((name) => [name, fetcherOf(name)]));
}

const run = (supergraph: Supergraph, operation: Operation, fetchers: Fetchers) =>
  executePlan(supergraph, operation, operation.plan, fetchers, variables, context);

interface Told {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly code: unknown;
  readonly serviceName: unknown;
}

/**
 * Errors in any order: those of parallel fetches come as they do, and some are no GraphQLErrors. Fields too: ours are
 * in the order of the document, as the specification wants, Apollo's where they are repeated are not.
 */
function comparable({ data, errors = [] }: ExecutionResult) {
  const told = errors.map(
    ({ message, path, extensions }: Partial<GraphQLError> & Error): Told => ({
      message,
      path,
      code: extensions?.['code'],
      serviceName: extensions?.['serviceName'],
    }),
  );
  return { data: data && JSON.parse(JSON.stringify(data)), errors: told };
}

/**
 * Of several values in one object that may not be there, Apollo tells another one than ours does (1 of 2,000 operations,
 * more where fields are repeated): it stops at the first in an order of its own. That there was one must be the same.
 */
const withoutLost = ({ data, errors }: ReturnType<typeof comparable>) => {
  const isLost = ({ message }: Told) =>
    /^(Cannot return null|Invalid value|Invalid __typename)/.test(message);
  return { data, errors: errors.filter((error) => !isLost(error)), lost: errors.some(isLost) };
};

const sorted = (errors: readonly Told[]) => errors.map((error) => JSON.stringify(error)).toSorted();
const kinds = (errors: readonly Told[]) => [
  ...new Set(sorted(errors.map((error) => ({ ...error, path: undefined })))),
];

/**
 * Apollo's executor says of a fetch that brought nothing one error without a path; ours says where something is missing
 * for it, at a few places (`lost.test.ts`). So of these the same must be told, and each path must lead to nothing. All
 * others must be the same.
 */
function expectSame(ours: ReturnType<typeof comparable>, theirs: ReturnType<typeof comparable>, why: string) {
  const located = sorted(theirs.errors.filter(({ path }) => path));
  const wholes = [...ours.errors];
  for (const error of located) {
    const same = wholes.findIndex((own) => JSON.stringify(own) === error);
    expect(same, `${error} is not told for ${why}`).toBeGreaterThanOrEqual(0);
    wholes.splice(same, 1);
  }
  expect(kinds(wholes), why).toEqual(kinds(theirs.errors.filter(({ path }) => !path)));
  // Nothing at all where the client skips a field by a literal: the planner leaves that out of the fetch.
  for (const { path = [] } of wholes)
    if (path.length > 0) expect(at(ours.data, path) ?? null, why).toBeNull();
  expect({ ...ours, errors: [] }, why).toEqual({ ...theirs, errors: [] });
}

/** What a client finds at a path, or the null above it. */
function at(data: unknown, path: readonly (string | number)[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined || data === null) return data;
  return at((data as Record<string | number, unknown>)[key], rest);
}

test.each([
  ['with each field once', false],
  ['with repeated fields', true],
])(
  'compiled plans give what the executor of Apollo gives, %s',
  async (_, repeats) => {
    let compared = 0;
    let withErrors = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const source = randomOperation(compiled.apiSchema, randomOf(`operation ${seed}`), repeats);
        const operation = prepare(source);
        // Others are drawn in place of what can't be compared: how many those are is chance.
        fc.pre(operation !== undefined && compilePlan(compiled, operation, operation.plan) !== undefined);
        compared += 1;
        const fetchers = chanceFetchers(seed);
        const ours = comparable(await run(compiled, operation, fetchers));
        const theirs = comparable(await run(apollo, operation, fetchers));
        if (theirs.errors.length > 0) withErrors += 1;
        expectSame(withoutLost(ours), withoutLost(theirs), source);
      }),
      { numRuns: RUNS },
    );
    expect(compared).toBeGreaterThan(RUNS / 2);
    expect(withErrors).toBeGreaterThan(RUNS / 10);
  },
  600_000,
);
