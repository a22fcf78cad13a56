/**
 * An async generator whose `return()` works at once, also while it waits for its next value: the signal it was
 * opened with aborts first. (A plain generator's `return()` queues behind the pending `next()`.)
 */
export function closable<Value>(
  open: (signal: AbortSignal) => AsyncGenerator<Value, void>,
): AsyncGenerator<Value, void> {
  const controller = new AbortController();
  const inner = open(controller.signal);
  return {
    next: () => inner.next(),
    return: (value) => {
      controller.abort();
      return inner.return(value);
    },
    throw: (error) => {
      controller.abort();
      return inner.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return();
    },
  };
}
