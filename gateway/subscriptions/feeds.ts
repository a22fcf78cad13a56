import type { ExecutionResult } from 'graphql';
import type { AdmittedRequest } from '../graph.ts';
import type { Queue } from '../queue.ts';

/** Who has a part in a feed. */
export interface Subscriber {
  /** The subscription from now on; its signal aborts when the subscriber has gone. */
  readonly request: AdmittedRequest;
  readonly queue: Queue<ExecutionResult>;
}

/** One upstream subscription and one execution an event, for every subscriber who would get the same. */
export interface Feed {
  /** Whether its upstream has ended; then nobody joins it any more. */
  readonly ended: boolean;
  /** A place for the subscriber, who gets nothing yet. The feed runs until nobody has one. */
  take(subscriber: Subscriber): Place;
}

export interface Place {
  /**
   * From here on, or from just after the event with this cursor, what comes is pushed into the subscriber's queue;
   * its end, with the error if there is one, too. False: not from there, or not any more.
   */
  join(after?: string): Promise<boolean>;
  /** To be called once, also after the feed has ended. */
  leave(): void;
}

/** The feeds that run, by what subscribers share. */
export interface Feeds {
  /** The feed of the key, run if there is none. */
  of(key: string, run: () => Feed & { readonly over: Promise<void> }): Feed;
}

export function createFeeds(): Feeds {
  const feeds = new Map<string, Feed>();
  return {
    of(key, run) {
      const running = feeds.get(key);
      if (running && !running.ended) return running;
      const feed = run();
      feeds.set(key, feed);
      feed.over.then(() => feeds.get(key) === feed && feeds.delete(key));
      return feed;
    },
  };
}
