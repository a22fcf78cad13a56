/** Events for whoever listens, and how many do: a stand-in for a subgraph's activity log. */
export interface Channel<T> {
  /** Open streams. */
  readonly listeners: number;
  publish(event: T): void;
  /** Ends every stream: normally, or with the error. */
  end(error?: Error): void;
  listen(): AsyncIterableIterator<T>;
}

export function createChannel<T>(): Channel<T> {
  type Waiter = PromiseWithResolvers<IteratorResult<T, undefined>>;
  interface Stream {
    readonly waiters: Waiter[];
    readonly events: T[];
  }
  const streams = new Set<Stream>();
  const close = (stream: Stream) => {
    streams.delete(stream);
    for (const waiter of stream.waiters.splice(0)) waiter.resolve({ done: true, value: undefined });
  };

  return {
    get listeners() {
      return streams.size;
    },
    publish(event) {
      for (const { waiters, events } of streams) {
        const waiter = waiters.shift();
        if (waiter) waiter.resolve({ done: false, value: event });
        else events.push(event);
      }
    },
    end(error) {
      for (const stream of [...streams]) {
        if (error) for (const waiter of stream.waiters.splice(0)) waiter.reject(error);
        close(stream);
      }
    },
    listen() {
      const stream: Stream = { waiters: [], events: [] };
      streams.add(stream);
      return {
        next() {
          const event = stream.events.shift();
          if (event !== undefined) return Promise.resolve({ done: false, value: event });
          if (!streams.has(stream)) return Promise.resolve({ done: true, value: undefined });
          const waiter: Waiter = Promise.withResolvers();
          stream.waiters.push(waiter);
          return waiter.promise;
        },
        return() {
          close(stream);
          return Promise.resolve({ done: true, value: undefined });
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
  };
}
