import { coded } from './errors.ts';

/** Between a producer that can't wait and a consumer that iterates: a bounded buffer. */
export interface Queue<T> extends AsyncIterableIterator<T, undefined> {
  /**
   * Whether the queue takes more. Over the limit it ends: the consumer gets what is buffered, then a
   * SLOW_CONSUMER error.
   */
  push(value: T): boolean;
  /** What is buffered is still delivered; then the iteration ends, or throws the error. */
  end(error?: Error): void;
  /** Ends, or throws the error, at once: what is buffered is dropped. */
  abort(error?: Error): void;
  /** Resolves once nothing is buffered, for a producer that can wait. */
  empty(): Promise<void>;
}

/**
 * For one consumer, who awaits each `next()` before the following. By hand and not a generator, whose every value
 * passes several more promises: it is on the way of each delivery.
 */
export function createQueue<T>(limit: number): Queue<T> {
  const done = { done: true, value: undefined } as const;
  let buffered: T[] = [];
  let waiter: PromiseWithResolvers<IteratorResult<T, undefined>> | undefined;
  let emptied = () => {};
  let ended = false;
  let failure: Error | undefined;

  const queue: Queue<T> = {
    push(value) {
      if (ended) return false;
      if (waiter) {
        const { resolve } = waiter;
        waiter = undefined;
        resolve({ done: false, value });
        return true;
      }
      if (buffered.length < limit) {
        buffered.push(value);
        return true;
      }
      queue.end(coded('SLOW_CONSUMER', 'Events came faster than they were taken: resume after the last one'));
      return false;
    },
    end(error) {
      if (ended) return;
      ended = true;
      failure = error;
      if (!waiter) return;
      // Who waits does so because nothing is buffered.
      if (failure) waiter.reject(takeFailure());
      else waiter.resolve(done);
      waiter = undefined;
    },
    abort(error) {
      buffered = [];
      emptied();
      failure = error;
      queue.end(error);
    },
    async empty() {
      if (buffered.length > 0 && !ended) {
        await new Promise<void>((resolve) => {
          emptied = resolve;
        });
      }
    },
    async next() {
      const value = buffered.shift();
      if (value !== undefined) {
        if (buffered.length === 0) emptied();
        return { done: false, value };
      }
      if (failure) throw takeFailure();
      if (ended) return done;
      waiter = Promise.withResolvers();
      return waiter.promise;
    },
    async return() {
      queue.abort();
      return done;
    },
    [Symbol.asyncIterator]() {
      return queue;
    },
  };

  function takeFailure(): Error | undefined {
    const error = failure;
    failure = undefined;
    return error;
  }
  return queue;
}
