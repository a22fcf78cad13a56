import type { ExecutionResult } from 'graphql';
import type { Queue } from '../queue.ts';
import type { Feed } from './feeds.ts';
import { createRecent } from './recent.ts';

type Results = AsyncIterator<ExecutionResult, void>;

/** What a feed is opened with. */
export interface FeedOptions {
  /** Opens the upstream; the signal aborts when nobody has a place in the feed any more. */
  readonly open: (signal: AbortSignal) => Results;
  /** A result's cursor, where the operation selects it. */
  readonly cursorOf: (result: ExecutionResult) => string | undefined;
}

/** A feed for subscribers who have the same rights, so that it does not matter in whose name it is asked for. */
export function runFeed({ open, cursorOf }: FeedOptions): Feed & { readonly over: Promise<void> } {
  const queues = new Set<Queue<ExecutionResult>>();
  const recent = createRecent();
  const unheld = new AbortController();
  let places = 0;
  let ended = false;

  function deliver(result: ExecutionResult): void {
    const cursor = cursorOf(result);
    if (cursor !== undefined) recent.add(cursor, result);
    // A full queue ends by itself, and by name; its subscriber leaves on reading that.
    for (const queue of queues) queue.push(result);
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
    for (const queue of queues) queue.end(failure);
  }

  return {
    get ended() {
      return ended;
    },
    over: run(),
    take({ queue }) {
      places++;
      return {
        async join(after) {
          const missed = after === undefined ? [] : recent.since(after);
          if (ended || !missed) return false;
          for (const result of missed) queue.push(result);
          queues.add(queue);
          return true;
        },
        leave() {
          queues.delete(queue);
          if (--places === 0) {
            ended = true;
            unheld.abort();
          }
        },
      };
    },
  };
}
