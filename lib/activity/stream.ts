import { GraphQLError } from 'graphql';
import { closable } from './closable.ts';
import { encodeLogCursor } from './cursor.ts';
import { type Affected, type FollowOptions, type FollowSource, follow, notFound } from './follow.ts';
import type { ActivityRow, EventShape } from './tables.ts';

export interface StreamOptions<Event extends EventShape> extends FollowOptions<Event> {
  /** The player who reads. Asked again with `mayRead` after each event that affects them. */
  readonly reader: string;
}

/**
 * What a stream for many readers gives, who all may read the log when they come to it: the reader whose stream it is
 * is not told apart from the others, and whom an event affects is left to whoever knows them.
 */
export interface SharedStep<Event extends EventShape> {
  readonly event?: ActivityRow<Event>;
  /** These may have lost access, by the event if there is one. */
  readonly recheck: Affected;
  /** Of the first alone: the cursor that the stream begins after. */
  readonly start?: string;
}

/**
 * A subject's events for one reader. Ends with the error ACCESS_LOST after the event that took the reader's access
 * away. Or, in place of iterating it:
 */
export interface ActivityStream<Event extends EventShape> extends AsyncGenerator<ActivityRow<Event>, void> {
  /** The same for many; the reader's own access is asked for at the beginning alone. */
  shared(after: string | null): AsyncGenerator<SharedStep<Event>, void>;
  /** Only what a stream begins with: rejects with NOT_FOUND for a reader without access. */
  probe(): Promise<void>;
  mayRead(): Promise<boolean>;
}

const accessLost = () =>
  new GraphQLError('You can no longer see this', { extensions: { code: 'ACCESS_LOST' } });

export function createStream<Event extends EventShape>(
  source: FollowSource,
  options: StreamOptions<Event>,
  closing: AbortSignal,
): ActivityStream<Event> {
  const { reader, guard, mayRead } = options;

  async function* own(left: AbortSignal): AsyncGenerator<ActivityRow<Event>, void> {
    for await (const { row, affected } of follow(source, options, { left, closing })) {
      if (row) yield row;
      const concerned = affected === 'everyone' || affected.includes(reader);
      if (concerned && !(await mayRead())) throw accessLost();
    }
  }

  async function* shared(after: string | null, left: AbortSignal): AsyncGenerator<SharedStep<Event>, void> {
    const from = { ...options, after: after ?? options.after };
    for await (const { row, affected, begin } of follow(source, from, { left, closing })) {
      if (row) yield { event: row, recheck: affected };
      else if (begin === undefined) yield { recheck: affected };
      else {
        // What the other log said while nobody listened is not known.
        const recheck = guard ? 'everyone' : [];
        yield { recheck, start: encodeLogCursor({ subject: options.subject, sequence: begin }) };
      }
    }
  }

  return Object.assign(closable(own), {
    shared: (after: string | null) => closable((left) => shared(after, left)),
    async probe() {
      if (!(await mayRead())) throw notFound();
    },
    mayRead,
  });
}
