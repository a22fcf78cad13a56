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

/**
 * Errors in any order: those of parallel fetches come as they do, and some are no GraphQLErrors. Fields too: ours are
 * in the order of the document, as the specification wants, Apollo's where they are repeated are not.
 */
function comparable({ data, errors = [] }: ExecutionResult) {
  const told = errors.map(({ message, path, extensions }: Partial<GraphQLError> & Error) =>
    JSON.stringify({ message, path, code: extensions?.['code'], serviceName: extensions?.['serviceName'] }),
  );
  return { data: data && JSON.parse(JSON.stringify(data)), errors: told.toSorted() };
}

/** Where a field is repeated, Apollo stops at a null that may not be before it looks at the repetition. */
const withoutLost = ({ data, errors }: ReturnType<typeof comparable>) => {
  const isLost = (error: string) =>
    /"message":"(Cannot return null|Invalid value|Invalid __typename)/.test(error);
  return { data, errors: errors.filter((error) => !isLost(error)), lost: errors.some(isLost) };
};

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
        if (!operation || !compilePlan(compiled, operation, operation.plan)) return;
        compared += 1;
        const fetchers = chanceFetchers(seed);
        const ours = comparable(await run(compiled, operation, fetchers));
        const theirs = comparable(await run(apollo, operation, fetchers));
        if (theirs.errors.length > 0) withErrors += 1;
        const relevant = repeats ? withoutLost : (result: typeof ours) => result;
        expect(relevant(ours), source).toEqual(relevant(theirs));
      }),
      { numRuns: RUNS },
    );
    expect(compared).toBeGreaterThan(RUNS / 2);
    expect(withErrors).toBeGreaterThan(RUNS / 10);
  },
  600_000,
);
