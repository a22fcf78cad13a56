import type { Database } from '@fellowship/postgres';
import { GraphQLError } from 'graphql';
import { decodeLogCursor } from './cursor.ts';
import type { Feed, FeedListener } from './feed.ts';
import { Inbox } from './inbox.ts';
import type { ActivityQueries } from './queries.ts';
import type { ActivityRow, EventShape } from './tables.ts';

const batch = 100;

/** The players who may have lost access to a log; most often nobody. */
export type Affected = readonly string[] | 'everyone';

export interface FollowOptions<Event extends EventShape> {
  readonly tenantId: string;
  readonly subject: string;
  /** A cursor of this subject: everything since. Without: what happens from now on. */
  readonly after: string | null | undefined;
  /** Whether the reader may read the log now. */
  readonly mayRead: () => Promise<boolean>;
  /** Whose access the event may have taken. */
  readonly affectsAccess: (row: ActivityRow<Event>) => Affected;
  /**
   * Another log, such as the guild's for its chat, whose events may take access to this one too. None of them is
   * given to the reader; whom one affects is told before anything more is.
   */
  readonly guard?: {
    readonly subject: string;
    readonly affectsAccess: (row: ActivityRow<Event>) => Affected;
  };
}

/** A step along a log. */
export interface Step<Event extends EventShape> {
  /** The next event. */
  readonly row?: ActivityRow<Event>;
  /** Whose access the event, or without one another log's, may have taken. */
  readonly affected: Affected;
  /** Of the first step alone, which has no event: the number of the event that it begins after. */
  readonly begin?: number;
}

export interface FollowSource {
  readonly database: Database;
  readonly queries: ActivityQueries;
  readonly feed: Feed;
}

export interface Ends {
  readonly left: AbortSignal;
  readonly closing: AbortSignal;
}

export const cursorInvalid = () =>
  new GraphQLError('The cursor is not one of this activity log', { extensions: { code: 'CURSOR_INVALID' } });
const cursorExpired = () =>
  new GraphQLError('The cursor is older than the activity log', { extensions: { code: 'CURSOR_EXPIRED' } });
const goingAway = () =>
  new GraphQLError('The server is going away; resume with the last cursor', {
    extensions: { code: 'GOING_AWAY' },
  });
export const notFound = () => new GraphQLError('No such activity log', { extensions: { code: 'NOT_FOUND' } });

/**
 * A subject's events, each once and in order, from a cursor or from now on; then live for as long as it is
 * read. Events come from the feed; whenever one is missing between two (the log's order is by transaction, a
 * subject's by its own numbers), one may be missing or too many wait, the log itself is read. Access is asked for
 * at the beginning alone (NOT_FOUND); who may have lost it later is for the caller to ask.
 */
export async function* follow<Event extends EventShape>(
  source: FollowSource,
  options: FollowOptions<Event>,
  ends: Ends,
): AsyncGenerator<Step<Event>, void> {
  const { tenantId, subject, guard } = options;
  const signal = AbortSignal.any([ends.left, ends.closing]);
  const inbox = new Inbox(signal);
  const stops = [await source.feed.listen(tenantId, subject, inbox)];
  try {
    if (guard) {
      const watcher: FeedListener = {
        row: (row) => inbox.suspect(guard.affectsAccess(row as ActivityRow<Event>)),
        doubt: () => inbox.suspect('everyone'),
      };
      stops.push(await source.feed.listen(tenantId, guard.subject, watcher));
    }
    const reads = source.database.of(tenantId);
    const [head] = await reads.run(source.queries.head, { subject });
    let last = head?.sequence ?? 0;
    // Not before the head was read: who loses access after it hears so from the stream.
    if (!(await options.mayRead())) throw notFound();
    const after = options.after ?? null;
    let sequence = after === null ? last : decodeLogCursor(after, subject);
    if (sequence === null || sequence > last) throw cursorInvalid();
    yield { affected: [], begin: sequence };

    let behind = sequence < last;
    while (!signal.aborted) {
      const from: number = sequence;
      const rows: ActivityRow[] = behind
        ? await reads.run(source.queries.since, { subject, sequence: from, limit: batch })
        : await inbox.take();
      if (behind && from < last && rows[0]?.sequence !== from + 1) throw cursorExpired();
      // The log itself may be ahead of the feed, which has not told of the loss of access yet.
      if (behind && guard) inbox.suspect('everyone');
      behind = (behind && rows.length === batch) || inbox.incomplete();
      if (inbox.suspecting) yield { affected: inbox.suspects() };
      for (const row of rows as ActivityRow<Event>[]) {
        if (signal.aborted) break;
        if (inbox.suspecting) yield { affected: inbox.suspects() };
        if (row.sequence <= sequence) continue;
        if (row.sequence > sequence + 1) {
          last = Math.max(last, row.sequence);
          behind = true;
          break;
        }
        sequence = row.sequence;
        yield { row, affected: options.affectsAccess(row) };
      }
    }
    if (ends.closing.aborted) throw goingAway();
  } finally {
    for (const stop of stops) stop();
  }
}
