import type { Viewer } from '@fellowship/identity';
import type { DocumentNode, ExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import { cleanErrors, refuse } from './errors.ts';
import { checkOperationVariables, executePlan } from './executor.ts';
import { enforceCost } from './limits/cost.ts';
import type { Limits } from './limits/limits.ts';
import type { Operation, Operations } from './operations.ts';
import type { Source, SourceContext } from './sources/source.ts';
import type { Supergraph } from './supergraph.ts';

/** One operation as a transport received it. */
export interface OperationRequest {
  readonly source: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** null: anonymous. */
  readonly viewer: Viewer | null;
  readonly requestId: string;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  /** The source's document, where the transport has parsed it. */
  readonly parsed?: DocumentNode;
}

/** A request that passed every check before execution. */
export interface AdmittedRequest extends OperationRequest {
  readonly operation: Operation;
}

/** What every transport goes through. */
export interface Graph {
  /** Throws `Refused`. */
  admit(request: OperationRequest): AdmittedRequest;
  /** Runs a query or mutation. Never rejects; the errors are clean. */
  execute(request: AdmittedRequest): Promise<ExecutionResult>;
}

export function createGraph(
  supergraph: Supergraph,
  operations: Operations,
  limits: Limits,
  sources: Readonly<Record<string, Source>>,
  log: Logger,
): Graph {
  return {
    admit(request) {
      const { source, operationName, variables, viewer, parsed } = request;
      const operation = operations.prepare(source, operationName, viewer === null, parsed);
      checkOperationVariables(supergraph, operation, variables);
      enforceCost(supergraph.apiSchema, operation, variables, limits.cost);
      return { ...request, operation };
    },

    async execute(request) {
      const { operation, variables, requestId } = request;
      try {
        if (operation.type === 'subscription') {
          const ways = 'over WebSocket (graphql-transport-ws), text/event-stream and multipart/mixed';
          refuse('BAD_REQUEST', `Subscriptions are served ${ways} at this URL: accept one of them`);
        }
        const context = sourceContext(request);
        const result = await executePlan(supergraph, operation, operation.plan, sources, variables, context);
        return cleanResult(result, requestId, log);
      } catch (error) {
        return { errors: cleanErrors([error], requestId, log) };
      }
    },
  };
}

/** undefined for anonymous requests, which are admitted only where no source is reached. */
export function sourceContext({ viewer, requestId, signal }: OperationRequest): SourceContext | undefined {
  return viewer === null ? undefined : { viewer, requestId, signal };
}

export function cleanResult(
  { data, errors }: ExecutionResult,
  requestId: string,
  log: Logger,
): ExecutionResult {
  return {
    ...(data !== undefined && { data }),
    ...(errors && { errors: cleanErrors(errors, requestId, log) }),
  };
}
