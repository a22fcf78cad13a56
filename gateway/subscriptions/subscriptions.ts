import type { ExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import { cleanErrors, coded } from '../errors.ts';
import { executePlan } from '../executor.ts';
import {
  type AdmittedRequest,
  cleanResult,
  type Graph,
  type OperationRequest,
  sourceContext,
} from '../graph.ts';
import type { Source } from '../sources/source.ts';
import type { Supergraph } from '../supergraph.ts';
import { unlessAborted } from './abortable.ts';
import { eventFetchers, fetchRequest, subscriptionPlan } from './event.ts';
import { onExpiry } from './expiry.ts';

type Results = AsyncGenerator<ExecutionResult, void, void>;

/** Subscriptions, whatever the transport. */
export interface Subscriptions {
  /**
   * The results of one subscription. The iteration never throws: a refusal, a broken stream or an expired
   * token is a last result with a coded error, and then the end. `return()` releases the subgraph's side at
   * once, also while an event is awaited.
   */
  subscribe(request: OperationRequest): Results;
  /** Ends every running subscription with GOING_AWAY. */
  end(): void;
}

interface Dependencies {
  readonly graph: Graph;
  readonly supergraph: Supergraph;
  readonly sources: Readonly<Record<string, Source>>;
  readonly log: Logger;
  readonly now: () => Date;
}

/** Why a stream was ended, when nobody is to be told. */
const RETURNED = Symbol('returned');

export function createSubscriptions({ graph, supergraph, sources, log, now }: Dependencies): Subscriptions {
  const running = new Set<AbortController>();

  async function* events(request: AdmittedRequest): Results {
    const { operation, variables, requestId, signal } = request;
    const { primary, plan } = subscriptionPlan(operation);
    const source = sources[primary.serviceName];
    const context = sourceContext(request);
    if (!source || !context) throw new Error(`No way to subscribe at "${primary.serviceName}"`);
    const stream = source.subscribe(fetchRequest(primary, variables), context);

    async function resultOf(event: ExecutionResult): Promise<ExecutionResult> {
      const fetchers = eventFetchers(sources, primary, event);
      const result = await executePlan(supergraph, operation, plan, fetchers, variables, context);
      return cleanResult(result, requestId, log);
    }

    for (;;) {
      const next = await unlessAborted(stream.next(), signal);
      if (next.done) return;
      yield await unlessAborted(resultOf(next.value), signal);
    }
  }

  async function* untilEnded(request: OperationRequest, end: AbortController): Results {
    const { viewer, requestId } = request;
    running.add(end);
    const expired = () => end.abort(coded('TOKEN_EXPIRED', 'The token has expired: connect with a new one'));
    const cancelExpiry = viewer ? onExpiry(viewer.expiresAt, now, expired) : undefined;
    try {
      yield* events(graph.admit({ ...request, signal: end.signal }));
    } catch (error) {
      if (error !== RETURNED) yield { errors: cleanErrors([error], requestId, log) };
    } finally {
      cancelExpiry?.();
      running.delete(end);
      end.abort(RETURNED);
    }
  }

  return {
    subscribe(request) {
      const end = new AbortController();
      return releasedByReturn(untilEnded(request, end), () => end.abort(RETURNED));
    },
    end() {
      const goingAway = coded('GOING_AWAY', 'The server is going away: subscribe again after the last event');
      for (const end of running) end.abort(goingAway);
    },
  };
}

/** `return()` of a generator waits for a pending `next()`, so what that one awaits is released first. */
function releasedByReturn(results: Results, release: () => void): Results {
  return {
    next: () => results.next(),
    return() {
      release();
      return results.return();
    },
    throw(error) {
      release();
      return results.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return();
    },
  };
}
