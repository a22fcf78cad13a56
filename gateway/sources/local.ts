import {
  createDocuments,
  createExecutor,
  type ExecutorKind,
  type Subgraph,
  subscribeWithFreshContext,
} from '@fellowship/server';
import { type DocumentNode, type ExecutionResult, ValuesOfCorrectTypeRule } from 'graphql';
import type { Logger } from 'pino';
import { coded, Refused } from '../errors.ts';
import { DEFAULT_UPSTREAM_LIMITS, type UpstreamLimits } from './limits.ts';
import { withOpeningDeadline } from './opening.ts';
import type { Source, SourceContext, SourceRequest, SubscribeRequest } from './source.ts';
import { NO_ANSWER, unavailable } from './unavailable.ts';

export interface LocalOptions {
  readonly limits?: Pick<UpstreamLimits, 'timeout'>;
  /** Told when a fetch takes too long. */
  readonly log?: Logger;
  readonly executor?: ExecutorKind;
}

/**
 * A subgraph in this process. Nothing is signed or serialized: the viewer is passed as it is. What is not answered
 * in time goes on, and nobody waits for it: the database ends it.
 */
export function createLocalSource(subgraph: Subgraph, options: LocalOptions = {}): Source {
  const { log, limits: { timeout } = DEFAULT_UPSTREAM_LIMITS, executor } = options;
  const { name, schema } = subgraph;
  // The gateway validated all but one thing: the supergraph does not hold how custom scalars are parsed, so what
  // literals of theirs are good for shows only here.
  const readDocument = createDocuments(schema, [ValuesOfCorrectTypeRule]);
  const execute = createExecutor(schema, executor);

  function argumentsOf({ query, variables, operationName }: SourceRequest) {
    return { document: documentOf(query), variableValues: variables, operationName };
  }

  function documentOf(query: string): DocumentNode {
    const document = readDocument(query);
    if ('kind' in document) return document;
    throw new Refused(document.map(({ message }) => coded('GRAPHQL_VALIDATION_FAILED', message)));
  }

  /** By hand: `Promise.race` costs more, on the way of every fetch. */
  function inTime<T>(work: Promise<T>, requestId: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        log?.warn({ reason: `No answer within ${timeout} ms`, subgraph: name, requestId }, NO_ANSWER);
        reject(unavailable(name));
      }, timeout);
      work.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  async function* subscribe(
    request: SubscribeRequest,
    { viewer, requestId, signal }: SourceContext,
  ): AsyncGenerator<ExecutionResult, void> {
    const freshContext = () => subgraph.context(viewer, requestId);
    const args = { schema, ...argumentsOf(request), mode: request.mode };
    const stream = await subscribeWithFreshContext(args, freshContext);
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
  }

  return {
    async fetch(request, { viewer, requestId }) {
      const contextValue = subgraph.context(viewer, requestId);
      const result = execute({ ...argumentsOf(request), contextValue });
      return withInputCode(isPromise(result) ? await inTime(result, requestId) : result);
    },

    subscribe: withOpeningDeadline({ name, timeout, log }, subscribe),
    ready: () => subgraph.ready(),
    close: async () => {},
  };
}

/** Variables that their scalars refuse: graphql reports them without code or path, in place of any data. */
function withInputCode({ data, errors = [] }: ExecutionResult): ExecutionResult {
  if (data !== undefined) return { data, ...(errors.length > 0 && { errors }) };
  return { errors: errors.map((error) => (error.path ? error : coded('BAD_USER_INPUT', error.message))) };
}

function isPromise<T>(value: T | PromiseLike<T>): value is Promise<T> {
  return value instanceof Promise;
}
