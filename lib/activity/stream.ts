import type { Database } from '@fellowship/postgres';
import { GraphQLError } from 'graphql';
import { decodeLogCursor } from './cursor.ts';
import type { Feed, FeedListener } from './feed.ts';
import type { ActivityQueries } from './queries.ts';
import type { ActivityRow, EventShape } from './tables.ts';

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
 * read. Events come from the feed; whenever one is missing between two (the log's order is by transaction, a
 * subject's by its own numbers), one may be missing or too many wait, the log itself is read. Ends with the error ACCESS_LOST after
 * the event that took the reader's access away.
 */
export async function* stream<Event extends EventShape>(
  source: { database: Database; queries: ActivityQueries; feed: Feed },
  options: StreamOptions<Event>,
  ends: { left: AbortSignal; closing: AbortSignal },
): AsyncGenerator<ActivityRow<Event>, void> {
  const { tenantId, subject, guard } = options;
  const signal = AbortSignal.any([ends.left, ends.closing]);
  const inbox = new Inbox(signal);
  const stops = [await source.feed.listen(tenantId, subject, inbox)];
  try {
    if (guard) {
      const watcher: FeedListener = {
        row(row) {
          if (guard.affectsAccess(row as ActivityRow<Event>)) inbox.suspect();
        },
        doubt: () => inbox.suspect(),
      };
      stops.push(await source.feed.listen(tenantId, guard.subject, watcher));
    }
    const reads = source.database.of(tenantId);
    const [head] = await reads.run(source.queries.head, { subject });
    let last = head?.sequence ?? 0;
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
      if (behind && from < last && rows[0]?.sequence !== from + 1) throw cursorExpired();
      // The log itself may be ahead of the feed, which has not told of the loss of access yet.
      if (behind && guard) inbox.suspect();
      behind = (behind && rows.length === batch) || inbox.incomplete();
      if (inbox.suspected() && !(await options.mayRead())) throw accessLost();
      for (const row of rows as ActivityRow<Event>[]) {
        if (signal.aborted) break;
        if (inbox.suspected() && !(await options.mayRead())) throw accessLost();
        if (row.sequence <= sequence) continue;
        if (row.sequence > sequence + 1) {
          last = Math.max(last, row.sequence);
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

/** What the feed delivered and the reader has not yet taken. */
class Inbox implements FeedListener {
  #rows: ActivityRow[] = [];
  #incomplete = false;
  #suspected = false;
  #wake: (() => void) | undefined;
  readonly #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  row(row: ActivityRow): void {
    if (this.#rows.length < held) this.#rows.push(row);
    else this.#incomplete = true;
    this.#wake?.();
  }

  doubt(): void {
    this.#incomplete = true;
    this.#wake?.();
  }

  /** The reader may have lost access: wakes them to find out. */
  suspect(): void {
    this.#suspected = true;
    this.#wake?.();
  }

  /** Whether that was so since the last time this was asked. */
  suspected(): boolean {
    const suspected = this.#suspected;
    this.#suspected = false;
    return suspected;
  }

  /** All that waits; waits itself while there is nothing. Empty when aborted, in doubt or suspected. */
  async take(): Promise<ActivityRow[]> {
    if (this.#rows.length === 0 && !this.#incomplete && !this.#suspected && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  /** Whether anything may be missing since the last time this was asked. */
  incomplete(): boolean {
    const incomplete = this.#incomplete;
    this.#incomplete = false;
    return incomplete;
  }
}
