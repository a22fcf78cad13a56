import type { Hints } from '@fellowship/bus';
import type { Database, Reads } from '@fellowship/postgres';
import type { Logger } from 'pino';
import { appendTo, type NewEvent, type Occasion } from './append.ts';
import { closable } from './closable.ts';
import { decodeLogCursor, encodeLogCursor } from './cursor.ts';
import { activityQueries } from './queries.ts';
import { cursorInvalid, type StreamOptions, stream } from './stream.ts';
import type { ActivityRow, ActivityTables, EventShape } from './tables.ts';
import { Tail } from './tail.ts';

/** One subgraph's activity log: appended to by actions, paged by feeds, streamed by subscriptions. */
export interface ActivityLog<Event extends EventShape> {
  /** Within a transaction. Call `announce` once that has committed. */
  append(tx: Reads, occasion: Occasion, events: readonly NewEvent<Event>[]): Promise<void>;
  /** Tells every process that there is something new. */
  announce(): void;
  /** A page of a subject's past, newest first: up to `limit` events before `after`, a cursor of this log. */
  page(
    reads: Reads,
    subject: string,
    page: { limit: number; after: string | null },
  ): Promise<ActivityRow<Event>[]>;
  stream(options: StreamOptions<Event>): AsyncGenerator<ActivityRow<Event>, void>;
  close(): Promise<void>;
}

export function createActivityLog<Event extends EventShape>(options: {
  database: Database;
  tables: ActivityTables;
  hints: Hints;
  log: Logger;
}): ActivityLog<Event> {
  const { database, hints, log } = options;
  const queries = activityQueries(options.tables);
  const tail = new Tail({ queries, reads: database.everyTenant, hints, log });
  const closing = new AbortController();

  return {
    append: appendTo(options.tables),
    announce: () => hints.send(),
    async page(reads, subject, { limit, after }) {
      const sequence = after === null ? Number.MAX_SAFE_INTEGER : decodeLogCursor(after, subject);
      if (sequence === null) throw cursorInvalid();
      return (await reads.run(queries.before, { subject, sequence, limit })) as ActivityRow<Event>[];
    },
    stream: (streamOptions) =>
      closable((left) =>
        stream<Event>({ database, queries, tail }, streamOptions, { left, closing: closing.signal }),
      ),
    async close() {
      closing.abort();
      await tail.close();
    },
  };
}

/** The cursor of an event, to page or resume from. */
export const cursorOf = ({ subject, sequence }: ActivityRow): string =>
  encodeLogCursor({ subject, sequence });
