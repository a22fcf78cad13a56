import { createPublisher, type Hints, type Nats } from '@fellowship/bus';
import { type Database, type Reads, runExclusively, type Transaction } from '@fellowship/postgres';
import type { Logger } from 'pino';
import { appendTo, type NewEvent, type Occasion, type Write } from './append.ts';
import { BusFeed } from './bus-feed.ts';
import { encodeLogCursor } from './cursor.ts';
import { type FeedPage, feedPages } from './pages.ts';
import { activityQueries } from './queries.ts';
import { type RelayOptions, relay } from './relay.ts';
import { type ActivityStream, createStream, type StreamOptions } from './stream.ts';
import type { ActivityRow, ActivityTables, EventShape } from './tables.ts';
import { Tail } from './tail.ts';

/** Where a log is passed on to. */
export interface ActivityBus {
  /** The subgraph's name in the bus's subjects: `party`. */
  readonly service: string;
  readonly nats: Nats;
  /** The service's database, for the lock of the one process that passes on. */
  readonly url: string;
  /** Days that the bus keeps events. */
  readonly days: number;
}

/** One subgraph's activity log: appended to by actions, paged by feeds, streamed by subscriptions. */
export interface ActivityLog<Event extends EventShape> {
  /** With the commit of the transaction, and after what is to be written with it. Call `announce` once that has happened. */
  append(
    tx: Transaction,
    occasion: Occasion,
    events: readonly NewEvent<Event>[],
    writes: readonly Write[],
  ): void;
  /** Tells every process that there is something new. */
  announce(): void;
  /** A page of a subject's past, newest first: up to `limit` events before `after`, a cursor of this log. */
  page(reads: Reads, subject: string, page: FeedPage): Promise<ActivityRow<Event>[]>;
  stream(options: StreamOptions<Event>): ActivityStream<Event>;
  close(): Promise<void>;
}

export function createActivityLog<Event extends EventShape>(options: {
  database: Database;
  tables: ActivityTables;
  hints: Hints;
  /** Passes events on to NATS, and hears of them from there. */
  bus?: ActivityBus | undefined;
  log: Logger;
}): ActivityLog<Event> {
  const { database, tables, hints, bus, log } = options;
  const queries = activityQueries(tables);
  const reads = database.everyTenant;
  const tail = new Tail({ queries, reads, hints, log });
  const feed = bus ? new BusFeed({ ...bus, fallback: tail, queries, reads, log }) : tail;
  const relaying = bus && startRelay(bus, { database, queries, hints, log });
  const closing = new AbortController();
  const pageOf = feedPages(queries);

  return {
    append: appendTo(tables),
    announce: () => hints.send(),
    page: async (reads, subject, page) => (await pageOf(reads, subject, page)) as ActivityRow<Event>[],
    stream: (streamOptions) =>
      createStream<Event>({ database, queries, feed }, streamOptions, closing.signal),
    async close() {
      closing.abort();
      await relaying?.close();
      await feed.close();
    },
  };
}

function startRelay(
  { service, nats, url, days }: ActivityBus,
  parts: Pick<RelayOptions, 'database' | 'queries' | 'hints' | 'log'>,
) {
  const subjects = [`fellowship.${service}.>`];
  const publisher = createPublisher(nats, { stream: `fellowship-${service}`, subjects, days });
  const work = (signal: AbortSignal) => relay({ ...parts, service, bus: 'nats', publisher }, signal);
  return runExclusively({ url, name: `relay ${service}`, work, log: parts.log });
}

/** The cursor of an event, to page or resume from. */
export const cursorOf = ({ subject, sequence }: ActivityRow): string =>
  encodeLogCursor({ subject, sequence });
