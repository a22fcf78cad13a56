import type { ExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import { unlessAborted } from '../abortable.ts';
import { startDeadline } from './deadline.ts';
import type { Source, SourceContext, SubscribeRequest } from './source.ts';
import { NO_ANSWER, unavailable } from './unavailable.ts';

interface ProbeOptions {
  readonly name: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly log: Logger | undefined;
}

type Subscribe = Source['subscribe'];

/**
 * The same, where a probe that is not answered in time throws SUBGRAPH_UNAVAILABLE: the events of others wait for it. A
 * subscription itself has no deadline, it may wait for an event for days.
 */
export function withProbeDeadline({ name, timeout, log }: ProbeOptions, subscribe: Subscribe): Subscribe {
  async function* probe(
    request: SubscribeRequest,
    context: SourceContext,
  ): AsyncGenerator<ExecutionResult, void> {
    const deadline = startDeadline(timeout, context.signal);
    try {
      const answer = subscribe(request, { ...context, signal: deadline.signal });
      const next = await unlessAborted(answer.next(), deadline.signal);
      if (!next.done) yield next.value;
    } catch (error) {
      if (!deadline.signal.aborted || context.signal.aborted) throw error;
      log?.warn({ reason: String(error), subgraph: name, requestId: context.requestId }, NO_ANSWER);
      throw unavailable(name);
    } finally {
      deadline.clear();
    }
  }

  return (request, context) =>
    request.mode?.kind === 'probe' ? probe(request, context) : subscribe(request, context);
}
