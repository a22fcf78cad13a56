import type { ExecutionResult } from 'graphql';
import type { Queue } from '../queue.ts';

/** Results that a feed keeps, so that who has caught up to one of them can go on from there. */
const KEPT = 128;

type Results = AsyncIterator<ExecutionResult, void>;
type Subscriber = Queue<ExecutionResult>;

/**
 * One upstream subscription and one execution an event, for every subscriber who would get the same. It runs
 * from its first holder to its last.
 */
export interface Feed {
  /** Whether its upstream has ended; then nobody joins it any more. */
  readonly ended: boolean;
  /** What comes from now on is pushed into the queue; its end, with the error if there is one, too. */
  join(subscriber: Subscriber): void;
  /**
   * The same from just after the event with this cursor, if that is among the latest. False: it is not.
   */
  joinAfter(subscriber: Subscriber, cursor: string): boolean;
}

/** What a feed is opened with. */
export interface FeedOptions {
  /** Opens the upstream; the signal aborts when nobody holds the feed any more. */
  readonly open: (signal: AbortSignal) => Results;
  /** A result's cursor, where the operation selects it. */
  readonly cursorOf: (result: ExecutionResult) => string | undefined;
}

/** The feeds that run, by what subscribers share. */
export interface Feeds {
  /** The feed of the key, opened if there is none. `release` is to be called once, also after it has ended. */
  hold(key: string, options: FeedOptions): { feed: Feed; release: (subscriber: Subscriber) => void };
}

export function createFeeds(): Feeds {
  const feeds = new Map<string, RunningFeed>();
  return {
    hold(key, options) {
      let running = feeds.get(key);
      if (!running || running.feed.ended) {
        running = runFeed(options);
        feeds.set(key, running);
        const opened = running;
        opened.over.then(() => feeds.get(key) === opened && feeds.delete(key));
      }
      const { feed, hold } = running;
      return { feed, release: hold() };
    },
  };
}

interface RunningFeed {
  readonly feed: Feed;
  readonly over: Promise<void>;
  hold(): (subscriber: Subscriber) => void;
}

function runFeed({ open, cursorOf }: FeedOptions): RunningFeed {
  const subscribers = new Set<Subscriber>();
  const latest: { readonly cursor: string; readonly result: ExecutionResult }[] = [];
  const unheld = new AbortController();
  let holders = 0;
  let ended = false;

  function deliver(result: ExecutionResult): void {
    const cursor = cursorOf(result);
    if (cursor !== undefined) latest.push({ cursor, result });
    if (latest.length > KEPT) latest.shift();
    // A full queue ends by itself, and by name; its subscriber leaves on reading that.
    for (const subscriber of subscribers) subscriber.push(result);
  }

  async function run(): Promise<void> {
    let failure: Error | undefined;
    try {
      const upstream = open(unheld.signal);
      for (let next = await upstream.next(); !next.done; next = await upstream.next()) deliver(next.value);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    ended = true;
    for (const subscriber of subscribers) subscriber.end(failure);
  }

  return {
    feed: {
      get ended() {
        return ended;
      },
      join: (subscriber) => subscribers.add(subscriber),
      joinAfter(subscriber, cursor) {
        const index = latest.findLastIndex((each) => each.cursor === cursor);
        if (ended || index < 0) return false;
        for (const { result } of latest.slice(index + 1)) subscriber.push(result);
        subscribers.add(subscriber);
        return true;
      },
    },
    over: run(),
    hold() {
      holders++;
      return (subscriber) => {
        subscribers.delete(subscriber);
        if (--holders === 0) {
          ended = true;
          unheld.abort();
        }
      };
    },
  };
}
