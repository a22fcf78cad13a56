import type { Database } from '@fellowship/postgres';
import { GraphQLError } from 'graphql';
import { decodeLogCursor } from './cursor.ts';
import type { ActivityQueries } from './queries.ts';
import type { ActivityRow, EventShape } from './tables.ts';
import type { Tail } from './tail.ts';

const batch = 100;
/** Events held for a reader who is slower than the log. Beyond it they are dropped here and read again there. */
const held = 1_000;

export interface StreamOptions<Event extends EventShape> {
  readonly tenantId: string;
  readonly subject: string;
  /** A cursor of this subject: everything since. Without: what happens from now on. */
  readonly after: string | null | undefined;
  /** Asked when the stream begins and after each event that `affectsAccess`. */
  readonly mayRead: () => Promise<boolean>;
  readonly affectsAccess: (row: ActivityRow<Event>) => boolean;
  /**
   * Another log, such as the guild's for its chat, whose events may take access to this one too. None of them is
   * given to the reader; after one that `affectsAccess`, `mayRead` is asked before anything more is.
   */
  readonly guard?: {
    readonly subject: string;
    readonly affectsAccess: (row: ActivityRow<Event>) => boolean;
  };
}

export const cursorInvalid = () =>
  new GraphQLError('The cursor is not one of this activity log', { extensions: { code: 'CURSOR_INVALID' } });
const cursorExpired = () =>
  new GraphQLError('The cursor is older than the activity log', { extensions: { code: 'CURSOR_EXPIRED' } });
const notFound = () => new GraphQLError('No such activity log', { extensions: { code: 'NOT_FOUND' } });
const accessLost = () =>
  new GraphQLError('You can no longer see this', { extensions: { code: 'ACCESS_LOST' } });
const goingAway = () =>
  new GraphQLError('The server is going away; resume with the last cursor', {
    extensions: { code: 'GOING_AWAY' },
  });

/**
 * A subject's events, each once and in order, from a cursor or from now on; then live for as long as it is
 * read. Events come from the tail; whenever one is missing between two (the tail orders by transaction, a
 * subject by its own numbers) or too many wait, the log itself is read. Ends with the error ACCESS_LOST after
 * the event that took the reader's access away.
 */
export async function* stream<Event extends EventShape>(
  source: { database: Database; queries: ActivityQueries; tail: Tail },
  options: StreamOptions<Event>,
  ends: { left: AbortSignal; closing: AbortSignal },
): AsyncGenerator<ActivityRow<Event>, void> {
  const { tenantId, subject, guard } = options;
  const signal = AbortSignal.any([ends.left, ends.closing]);
  const inbox = new Inbox(signal);
  const stops = [await source.tail.listen(tenantId, subject, (row) => inbox.put(row))];
  try {
    if (guard) {
      const onRow = (row: ActivityRow) => {
        if (guard.affectsAccess(row as ActivityRow<Event>)) inbox.doubt();
      };
      stops.push(await source.tail.listen(tenantId, guard.subject, onRow));
    }
    const reads = source.database.of(tenantId);
    const [head] = await reads.run(source.queries.head, { subject });
    const last = head?.sequence ?? 0;
    // Not before the head was read: who loses access after it hears so from the stream.
    if (!(await options.mayRead())) throw notFound();
    let sequence = options.after ? decodeLogCursor(options.after, subject) : last;
    if (sequence === null || sequence > last) throw cursorInvalid();

    let behind = sequence < last;
    while (!signal.aborted) {
      const from: number = sequence;
      const rows: ActivityRow[] = behind
        ? await reads.run(source.queries.since, { subject, sequence: from, limit: batch })
        : await inbox.take();
      if (behind && rows.length > 0 && rows[0]?.sequence !== from + 1) throw cursorExpired();
      // The log itself may be ahead of the tail, which has not told of the loss of access yet.
      if (behind && guard) inbox.doubt();
      behind = (behind && rows.length === batch) || inbox.overflowed();
      if (inbox.doubted() && !(await options.mayRead())) throw accessLost();
      for (const row of rows as ActivityRow<Event>[]) {
        if (signal.aborted) break;
        if (inbox.doubted() && !(await options.mayRead())) throw accessLost();
        if (row.sequence <= sequence) continue;
        if (row.sequence > sequence + 1) {
          behind = true;
          break;
        }
        sequence = row.sequence;
        yield row;
        if (options.affectsAccess(row) && !(await options.mayRead())) throw accessLost();
      }
    }
    if (ends.closing.aborted) throw goingAway();
  } finally {
    for (const stop of stops) stop();
  }
}

/** What the tail delivered and the reader has not yet taken. */
class Inbox {
  #rows: ActivityRow[] = [];
  #overflowed = false;
  #doubted = false;
  #wake: (() => void) | undefined;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  put(row: ActivityRow): void {
    if (this.#rows.length < held) this.#rows.push(row);
    else this.#overflowed = true;
    this.#wake?.();
  }

  /** The reader may have lost access: wakes them to find out. */
  doubt(): void {
    this.#doubted = true;
    this.#wake?.();
  }

  /** Whether there was doubt since the last time this was asked. */
  doubted(): boolean {
    const doubted = this.#doubted;
    this.#doubted = false;
    return doubted;
  }

  /** All that waits; waits itself while there is nothing. Empty when aborted, or in doubt. */
  async take(): Promise<ActivityRow[]> {
    if (this.#rows.length === 0 && !this.#doubted && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  /** Whether anything was dropped since the last time this was asked. */
  overflowed(): boolean {
    const overflowed = this.#overflowed;
    this.#overflowed = false;
    return overflowed;
  }
}
