import { type Subgraph, subscribeWithFreshContext } from '@fellowship/server';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  parse,
  ValuesOfCorrectTypeRule,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { coded, Refused } from '../errors.ts';
import type { Source, SourceRequest } from './source.ts';

/** Each operation of a client has a few fetches, and they recur with it. */
const CACHED_DOCUMENTS = 4_000;

/** A subgraph in this process. Nothing is signed or serialized: the viewer is passed as it is. */
export function createLocalSource(subgraph: Subgraph): Source {
  const { schema } = subgraph;
  const documents = new LRUCache<string, DocumentNode>({ max: CACHED_DOCUMENTS });

  function documentOf(query: string): DocumentNode {
    const known = documents.get(query);
    if (known) return known;
    const document = parse(query);
    checkLiterals(subgraph, document);
    documents.set(query, document);
    return document;
  }

  function argumentsOf({ query, variables, operationName }: SourceRequest): ExecutionArgs {
    return { schema, document: documentOf(query), variableValues: variables, operationName };
  }

  return {
    async fetch(request, { viewer, requestId }) {
      const contextValue = subgraph.context(viewer, requestId);
      return withInputCode(await execute({ ...argumentsOf(request), contextValue }));
    },

    async *subscribe(request, { viewer, requestId, signal }) {
      const freshContext = () => subgraph.context(viewer, requestId);
      const stream = await subscribeWithFreshContext(argumentsOf(request), freshContext);
      if (!(Symbol.asyncIterator in stream)) {
        yield withInputCode(stream);
        return;
      }
      const release = () => void stream.return(undefined);
      if (signal.aborted) release();
      signal.addEventListener('abort', release);
      try {
        yield* stream;
      } finally {
        signal.removeEventListener('abort', release);
      }
    },

    ready: () => subgraph.ready(),
    close: async () => {},
  };
}

/**
 * The gateway validated all but one thing: the supergraph does not hold how custom scalars are parsed, so
 * what literals of theirs are good for shows only here.
 */
function checkLiterals({ schema }: Subgraph, document: DocumentNode): void {
  const errors = validate(schema, document, [ValuesOfCorrectTypeRule]);
  if (errors.length > 0) {
    throw new Refused(errors.map(({ message }) => coded('GRAPHQL_VALIDATION_FAILED', message)));
  }
}

/** Variables that their scalars refuse: graphql reports them without code or path, in place of any data. */
function withInputCode({ data, errors = [] }: ExecutionResult): ExecutionResult {
  if (data !== undefined) return { data, ...(errors.length > 0 && { errors }) };
  return { errors: errors.map((error) => (error.path ? error : coded('BAD_USER_INPUT', error.message))) };
}
