import { type Nats, parseCloudEvent } from '@fellowship/bus';
import type { Reads } from '@fellowship/postgres';
import type { Logger } from 'pino';
import { busSubject, rowOf } from './envelope.ts';
import type { Feed, FeedListener } from './feed.ts';
import type { ActivityQueries } from './queries.ts';

/** Milliseconds between two looks whether the bus has kept up. */
const look = 2_000;

interface Followed {
  readonly tenantId: string;
  readonly subject: string;
  readonly listeners: Set<FeedListener>;
  /** The last number that was heard of. */
  sequence: number;
  unsubscribe: () => void;
  /** While the bus is away: how to stop listening to the fallback. */
  standIn: Promise<() => void> | undefined;
}

/**
 * Hears of new events from the bus, and only of logs that somebody listens to. While the bus is away, `fallback`
 * is listened to. Every two seconds one statement looks at the heads of all logs that are listened to: a relay
 * that stands still, or a message that was lost, costs that long and no more.
 */
export class BusFeed implements Feed {
  readonly #service: string;
  readonly #nats: Nats;
  readonly #fallback: Feed;
  readonly #queries: ActivityQueries;
  readonly #reads: Reads;
  readonly #log: Logger;
  readonly #followed = new Map<string, Followed>();
  readonly #stopWatching: () => void;
  readonly #timer: NodeJS.Timeout;
  #looking = false;

  constructor(options: {
    service: string;
    nats: Nats;
    fallback: Feed;
    queries: ActivityQueries;
    reads: Reads;
    log: Logger;
  }) {
    this.#service = options.service;
    this.#nats = options.nats;
    this.#fallback = options.fallback;
    this.#queries = options.queries;
    this.#reads = options.reads;
    this.#log = options.log;
    this.#stopWatching = this.#nats.onChange(() => void this.#onChange());
    this.#timer = setInterval(() => void this.#look(), look);
    this.#timer.unref();
  }

  async listen(tenantId: string, subject: string, listener: FeedListener): Promise<() => void> {
    const key = `${tenantId} ${subject}`;
    const followed = this.#followed.get(key) ?? this.#follow(key, tenantId, subject);
    followed.listeners.add(listener);
    const stop = () => {
      followed.listeners.delete(listener);
      if (followed.listeners.size > 0 || this.#followed.get(key) !== followed) return;
      this.#followed.delete(key);
      followed.unsubscribe();
      endStandIn(followed).catch(() => {});
    };
    try {
      if (this.#nats.connection) await this.#nats.flush().catch(() => this.#standIn(followed));
      else await this.#standIn(followed);
    } catch (error) {
      stop();
      throw error;
    }
    return stop;
  }

  #follow(key: string, tenantId: string, subject: string): Followed {
    const followed: Followed = {
      tenantId,
      subject,
      listeners: new Set(),
      sequence: 0,
      unsubscribe: () => {},
      standIn: undefined,
    };
    const pattern = `${busSubject(this.#service, tenantId, subject)}.>`;
    followed.unsubscribe = this.#nats.subscribe(pattern, (data) => this.#hear(followed, data));
    this.#followed.set(key, followed);
    return followed;
  }

  #hear(followed: Followed, data: Uint8Array): void {
    try {
      const row = rowOf(parseCloudEvent(data));
      // `guild:1` is also the beginning of `guild:1:officers`.
      if (row.subject !== followed.subject) return;
      followed.sequence = Math.max(followed.sequence, row.sequence);
      for (const listener of followed.listeners) listener.row(row);
    } catch (error) {
      this.#log.warn({ err: error }, 'A message on the bus is not an event of ours');
    }
  }

  /** Listens to the fallback for one log, until the bus is back. */
  async #standIn(followed: Followed): Promise<void> {
    const { tenantId, subject, listeners } = followed;
    followed.standIn ??= this.#fallback.listen(tenantId, subject, {
      row: (row) => {
        followed.sequence = Math.max(followed.sequence, row.sequence);
        for (const listener of listeners) listener.row(row);
      },
      doubt: () => tellDoubt(followed),
    });
    await followed.standIn.catch((error: unknown) => {
      followed.standIn = undefined;
      throw error;
    });
  }

  async #onChange(): Promise<void> {
    const logs = [...this.#followed.values()];
    try {
      if (this.#nats.connection) {
        await this.#nats.flush();
        await Promise.all(logs.map(endStandIn));
      } else {
        await Promise.all(logs.map((followed) => this.#standIn(followed)));
      }
    } catch (error) {
      this.#log.warn({ err: error }, 'Could not change over; the log is looked at instead');
    }
    for (const followed of logs) tellDoubt(followed);
  }

  async #look(): Promise<void> {
    if (this.#looking || this.#followed.size === 0) return;
    this.#looking = true;
    const logs = [...this.#followed.values()];
    try {
      const tenantIds = logs.map(({ tenantId }) => tenantId);
      const subjects = logs.map(({ subject }) => subject);
      for (const { tenantId, subject, sequence } of await this.#reads.run(this.#queries.heads, {
        tenantIds,
        subjects,
      })) {
        const followed = this.#followed.get(`${tenantId} ${subject}`);
        if (!followed || followed.sequence >= sequence) continue;
        followed.sequence = sequence;
        tellDoubt(followed);
      }
    } catch (error) {
      this.#log.warn({ err: error }, 'The heads of the activity logs could not be read; trying again');
    } finally {
      this.#looking = false;
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#stopWatching();
    for (const { unsubscribe } of this.#followed.values()) unsubscribe();
    await this.#fallback.close();
  }
}

function tellDoubt({ listeners }: Followed): void {
  for (const listener of listeners) listener.doubt();
}

async function endStandIn(followed: Followed): Promise<void> {
  const { standIn } = followed;
  followed.standIn = undefined;
  (await standIn)?.();
}
