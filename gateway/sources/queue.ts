import { coded } from '../errors.ts';

/** Between a producer that can't wait and a consumer that iterates: a bounded buffer. */
export interface Queue<T> extends AsyncIterable<T> {
  /**
   * Whether the queue takes more. Over the limit it ends: the consumer gets what is buffered, then a
   * SLOW_CONSUMER error.
   */
  push(value: T): boolean;
  /** What is buffered is still delivered; then the iteration ends, or throws the error. */
  end(error?: Error): void;
}

/** For one consumer. */
export function createQueue<T>(limit: number): Queue<T> {
  const buffered: T[] = [];
  let ended = false;
  let failure: Error | undefined;
  let wake = () => {};

  function end(error?: Error): void {
    if (ended) return;
    ended = true;
    failure = error;
    wake();
  }

  return {
    end,
    push(value) {
      if (buffered.length >= limit) {
        end(coded('SLOW_CONSUMER', 'Events came faster than they were taken: resume after the last one'));
      }
      if (ended) return false;
      buffered.push(value);
      wake();
      return true;
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        while (buffered.length > 0) yield buffered.shift() as T;
        if (failure) throw failure;
        if (ended) return;
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
    },
  };
}
