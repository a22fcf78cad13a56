import { setTimeout as delay } from 'node:timers/promises';
import type { Hints } from '@fellowship/bus';
import type { LineReads, Reads } from '@fellowship/postgres';
import type { Logger } from 'pino';
import type { Feed, FeedListener } from './feed.ts';
import type { ActivityQueries } from './queries.ts';

const batch = 500;
/**
 * After a hint, how long until it looks again, in milliseconds; doubled each time up to the slowest, which is
 * how long an event may wait when its hint was lost. A hint comes early when another transaction, begun before
 * the event's own, is still open.
 */
const pauses = { first: 20, slowest: 1_000 };
/**
 * The shortest time between two reads, in milliseconds. Without it a busy log is read once a hint: as many
 * statements as mutations in each process, most of them for one row.
 */
const gap = 10;

/** After which of the log's rows the next ones come, as the server at the other end of a connection has it. */
interface Place {
  readonly reads: Reads;
  xid: string;
  position: bigint;
}

/**
 * Follows the log for this process: each new row is read once, whoever listens. Woken by hints; the timer is
 * for those that get lost. It ends when nobody listens any more, and begins anew with the next listener.
 *
 * When its connection is lost it begins anew too, and puts everyone in doubt: the server may have crashed, and gives
 * out transaction ids again then that lie before the old place.
 */
export class Tail implements Feed {
  readonly #queries: ActivityQueries;
  readonly #reads: LineReads;
  readonly #hints: Hints;
  readonly #log: Logger;
  readonly #listeners = new Map<string, Set<FeedListener>>();
  #wake = new AbortController();
  #running: Promise<void> | undefined;
  #started: Promise<void> | undefined;
  #closed = false;

  constructor(options: { queries: ActivityQueries; reads: LineReads; hints: Hints; log: Logger }) {
    this.#queries = options.queries;
    this.#reads = options.reads;
    this.#hints = options.hints;
    this.#log = options.log;
  }

  async listen(tenantId: string, subject: string, listener: FeedListener): Promise<() => void> {
    const key = `${tenantId} ${subject}`;
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(listener));
    const stop = () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key);
    };
    try {
      await this.#start();
    } catch (error) {
      stop();
      throw error;
    }
    return stop;
  }

  /** Resolves once the place where the tail begins is known: later events can't be missed. */
  #start(): Promise<void> {
    this.#started ??= this.#begin()
      .then((place) => {
        this.#running = this.#follow(place);
      })
      .catch((error: unknown) => {
        this.#started = undefined;
        throw error;
      });
    return this.#started;
  }

  async #begin(): Promise<Place> {
    const reads = this.#reads.steady();
    const [now] = await reads.run(this.#queries.now, {});
    return { reads, xid: now?.xid ?? '0', position: 0n };
  }

  async #beginAnew(): Promise<Place> {
    const place = await this.#begin();
    for (const listeners of this.#listeners.values()) for (const listener of listeners) listener.doubt();
    return place;
  }

  async #follow(first: Place): Promise<void> {
    let place: Place | undefined = first;
    let pause = pauses.slowest;
    const stopHints = this.#hints.listen(() => {
      pause = pauses.first;
      this.#wake.abort();
    });
    while (!this.#closed && this.#listeners.size > 0) {
      this.#wake = new AbortController();
      const rested = delay(gap);
      try {
        place ??= await this.#beginAnew();
        if (await this.#advance(place)) continue;
      } catch (error) {
        if (place) this.#log.warn({ err: error }, 'The activity log could not be read; trying again');
        place = undefined;
      }
      await rested;
      const wait = pause;
      pause = Math.min(pause * 2, pauses.slowest);
      await delay(wait, undefined, { signal: this.#wake.signal }).catch(() => {});
    }
    stopHints();
    this.#started = undefined;
  }

  async #advance(place: Place): Promise<boolean> {
    const { reads, xid, position } = place;
    const rows = await reads.run(this.#queries.tail, { xid, position, limit: batch });
    for (const row of rows) {
      place.xid = row.xid;
      place.position = row.position;
      const listeners = this.#listeners.get(`${row.tenantId} ${row.subject}`);
      if (listeners) for (const listener of listeners) listener.row(row);
    }
    return rows.length === batch;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#wake.abort();
    await this.#running;
  }
}
