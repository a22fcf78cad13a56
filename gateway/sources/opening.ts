import type { ExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import { unlessAborted } from '../abortable.ts';
import { startDeadline } from './deadline.ts';
import type { Source } from './source.ts';
import { NO_ANSWER, unavailable } from './unavailable.ts';

interface OpeningOptions {
  readonly name: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly log: Logger | undefined;
}

type Subscribe = Source['subscribe'];

/**
 * The same, where the first word of the subgraph (each mode has one, see `SubscribeMode`) that does not come in time
 * throws SUBGRAPH_UNAVAILABLE. What follows has no deadline: a subscription may wait for an event for days.
 */
export function withOpeningDeadline({ name, timeout, log }: OpeningOptions, subscribe: Subscribe): Subscribe {
  return (request, context) => {
    const released = new AbortController();
    const signal = AbortSignal.any([context.signal, released.signal]);
    const stream = subscribe(request, { ...context, signal });
    let begun = false;

    async function first(): Promise<IteratorResult<ExecutionResult>> {
      const deadline = startDeadline(timeout);
      try {
        return await unlessAborted(stream.next(), deadline.signal);
      } catch (error) {
        released.abort();
        if (!deadline.signal.aborted || context.signal.aborted) throw error;
        log?.warn({ reason: String(error), subgraph: name, requestId: context.requestId }, NO_ANSWER);
        throw unavailable(name);
      } finally {
        deadline.clear();
        if (request.mode?.kind === 'probe') released.abort();
      }
    }

    return {
      next() {
        if (begun) return stream.next();
        begun = true;
        return first();
      },
    };
  };
}
