import {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBulkheadRejectedError,
  isTaskCancelledError,
} from 'cockatiel';
import type { Logger } from 'pino';
import type { UpstreamLimits } from './limits.ts';
import { unavailable } from './unavailable.ts';

/** Something went wrong with a request, but not because the subgraph is away: it counts as no failure. */
export class NotAway extends Error {
  override readonly name = 'NotAway';
}

/** The request never had its turn: it says nothing about the subgraph. */
export const hadNoTurn = (error: unknown) => isBulkheadRejectedError(error) || isTaskCancelledError(error);

export interface Breaker {
  /** Whether requests are let through. */
  readonly closed: boolean;
  /**
   * Runs the work, unless too many before it failed: then it rejects at once with SUBGRAPH_UNAVAILABLE, until a
   * pause is over and one request, the probe, is let through. While that is under way all others are refused; its
   * outcome decides for them. So a probe must be seen to its end, whoever has gone.
   */
  run<T>(work: (isProbe: boolean) => Promise<T>): Promise<T>;
}

/**
 * For one subgraph. Failures in a row and not their share: whoever finds a request that takes too long can't have
 * the subgraph closed to others, whose successes come in between.
 */
export function createBreaker(
  name: string,
  { failures, pause }: Pick<UpstreamLimits, 'failures' | 'pause'>,
  log: Logger,
): Breaker {
  const circuit = circuitBreaker(
    handleWhen((error) => !(error instanceof NotAway || hadNoTurn(error))),
    { halfOpenAfter: pause, breaker: new ConsecutiveBreaker(failures) },
  );
  let away = false;
  // Once for an outage, and not for each probe in it.
  circuit.onBreak(() => {
    if (!away) log.error({ subgraph: name, failures }, 'A subgraph is away: it is left alone but for probes');
    away = true;
  });
  circuit.onReset(() => {
    away = false;
    log.info({ subgraph: name }, 'A subgraph is back');
  });

  return {
    get closed() {
      return circuit.state === CircuitState.Closed;
    },
    async run(work) {
      // cockatiel would have it wait for the probe's outcome, which may take the whole deadline.
      if (circuit.state === CircuitState.HalfOpen) throw unavailable(name);
      const isProbe = circuit.state !== CircuitState.Closed;
      let begun = false;
      try {
        return await circuit.execute(() => {
          begun = true;
          return work(isProbe);
        });
      } catch (error) {
        throw begun ? error : unavailable(name);
      }
    },
  };
}
