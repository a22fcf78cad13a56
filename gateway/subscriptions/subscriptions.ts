import type { ExecutionResult } from 'graphql';
import type { Logger } from 'pino';
import { cleanErrors, coded } from '../errors.ts';
import type { AdmittedRequest } from '../graph.ts';
import { createQueue } from '../queue.ts';
import type { Source } from '../sources/source.ts';
import type { Supergraph } from '../supergraph.ts';
import { createDelivery } from './delivery.ts';
import { eventCursor } from './event-cursor.ts';
import { onExpiry } from './expiry.ts';
import { createPlayerQuota } from './player-quota.ts';
import type { Revocations } from './revocations.ts';

export interface Results extends AsyncIterableIterator<ExecutionResult, undefined> {
  return(): Promise<IteratorResult<ExecutionResult, undefined>>;
}

/** Subscriptions, whatever the transport. */
export interface Subscriptions {
  /**
   * The results of one subscription, for a consumer who awaits each `next()`. It never throws: a refusal, a
   * broken stream or an expired token is a last result with a coded error (and, in its extensions, the cursor of
   * the last result that was taken, if known), and then the end. `return()` releases the subgraph's side at once,
   * also while an event is awaited.
   */
  subscribe(request: AdmittedRequest): Results;
  /** Ends every running subscription, and each that is begun later, with GOING_AWAY. */
  end(): void;
}

interface Dependencies {
  readonly supergraph: Supergraph;
  readonly sources: Readonly<Record<string, Source>>;
  /** Subscriptions that one player may have running. */
  readonly perPlayer: number;
  readonly revocations: Revocations;
  readonly log: Logger;
  readonly now: () => Date;
}

/** Results that may wait for their consumer before the subscription ends as SLOW_CONSUMER. */
const MAX_QUEUED = 1_000;

const done = { done: true, value: undefined } as const;

export function createSubscriptions(options: Dependencies): Subscriptions {
  const { supergraph, sources, perPlayer, revocations, log, now } = options;
  const deliver = createDelivery({ supergraph, sources, log });
  const quota = createPlayerQuota(perPlayer);
  const running = new Set<(error: Error) => void>();
  let goingAway = false;

  function subscribe(request: AdmittedRequest): Results {
    const { viewer, token, requestId, operation } = request;
    const queue = createQueue<ExecutionResult>(MAX_QUEUED);
    const released = new AbortController();
    let cursorOf: (result: ExecutionResult) => string | undefined = () => undefined;
    let cursor: string | undefined;
    let begun = false;

    function end(error: Error): void {
      queue.abort(error);
      release();
    }

    function start(): void {
      begun = true;
      running.add(end);
      onRelease(() => running.delete(end));
      if (goingAway) throw goingAwayError();
      cursorOf = eventCursor(operation).of;
      if (viewer) {
        onRelease(quota.take(viewer));
        onRelease(onExpiry(viewer.expiresAt, now, () => end(expiredError())));
        const revoke = (reason: string) => end(coded('UNAUTHENTICATED', `${reason}: sign in anew`));
        if (token !== undefined) onRelease(revocations.watch(token, revoke));
      }
      deliver({ ...request, signal: released.signal }, queue).catch((error) => queue.end(error));
    }

    function onRelease(callback: () => void): void {
      released.signal.addEventListener('abort', callback);
    }

    function release(): void {
      begun = true;
      released.abort();
    }

    function lastResult(error: unknown): ExecutionResult {
      return { errors: cleanErrors([error], requestId, log, cursor) };
    }

    const results: Results = {
      async next() {
        try {
          if (!begun) start();
          const next = await queue.next();
          if (next.done) release();
          else cursor = cursorOf(next.value) ?? cursor;
          return next;
        } catch (error) {
          release();
          queue.abort();
          return { done: false, value: lastResult(error) };
        }
      },
      async return() {
        release();
        queue.abort();
        return done;
      },
      [Symbol.asyncIterator]: () => results,
    };
    return results;
  }

  return {
    subscribe,
    end() {
      goingAway = true;
      for (const end of [...running]) end(goingAwayError());
    },
  };
}

const goingAwayError = () =>
  coded('GOING_AWAY', 'The server is going away: subscribe again after the last event');
const expiredError = () => coded('TOKEN_EXPIRED', 'The token has expired: connect with a new one');
