import type { DocumentNode, ExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import { cleanErrors, Refused, refuse } from './errors.ts';
import { checkOperationVariables, executePlan } from './executor.ts';
import type { Sender } from './identity.ts';
import { enforceCost } from './limits/cost.ts';
import type { Limits } from './limits/limits.ts';
import { LEAST_PRICE } from './limits/prices.ts';
import type { Rates } from './limits/rates.ts';
import type { Operation, Operations, ReadOperation } from './operations.ts';
import type { Source, SourceContext } from './sources/source.ts';
import type { Supergraph } from './supergraph.ts';

/** One operation as a transport received it. */
export interface OperationRequest extends Sender {
  readonly source: string;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  /** The source's document, where the transport has parsed it. */
  readonly parsed?: DocumentNode;
}

/** A request that passed every check before execution. */
export interface AdmittedRequest extends OperationRequest {
  readonly operation: Operation;
  /** List items that the reply could hold; see `enforceCost`. */
  readonly cost: number;
}

/** What every transport goes through. */
export interface Graph {
  /**
   * Checks the operation, and takes its points of who sends it before anything that takes long. Throws `Refused`,
   * or `RateLimited` with nothing done.
   */
  admit(request: OperationRequest): Promise<AdmittedRequest>;
  /** Runs a query or mutation. Never rejects; the errors are clean. */
  execute(request: AdmittedRequest): Promise<ExecutionResult>;
}

export interface GraphOptions {
  readonly supergraph: Supergraph;
  readonly operations: Operations;
  readonly limits: Limits;
  readonly rates: Rates;
  readonly sources: Readonly<Record<string, Source>>;
  readonly log: Logger;
  /** Whether answers say what they cost, as `extensions.cost`: for who writes operations. */
  readonly showCost: boolean;
}

export function createGraph(options: GraphOptions): Graph {
  const { supergraph, operations, limits, rates, sources, log, showCost } = options;
  function read({ source, operationName, parsed }: OperationRequest): ReadOperation | Refused {
    try {
      return operations.read(source, operationName, parsed);
    } catch (error) {
      if (error instanceof Refused) return error;
      throw error;
    }
  }

  return {
    async admit(request) {
      const found = read(request);
      await rates.charge(request, found instanceof Refused ? LEAST_PRICE : found.price);
      if (found instanceof Refused) throw found;
      const { variables, viewer } = request;
      if (viewer === null && !found.open) {
        refuse('UNAUTHENTICATED', 'Sign in: send the header "Authorization: Bearer <token>"');
      }
      const operation = operations.plan(found);
      checkOperationVariables(supergraph, operation, variables);
      const cost = enforceCost(supergraph.apiSchema, operation, variables, limits.cost);
      return { ...request, operation, cost };
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
        const clean = cleanResult(result, requestId, log);
        const cost = { requested: request.cost, limit: limits.cost };
        return showCost ? { ...clean, extensions: { cost } } : clean;
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
