import type { Query, Transaction } from '@fellowship/postgres';
import { appendStatements } from './append-statements.ts';
import type { ActivityTables, EventShape } from './tables.ts';

/** An event as an action says it. */
export type NewEvent<Event extends EventShape = EventShape> = Event & {
  /** The log it belongs to, e.g. `party:<uuid>`. */
  readonly subject: string;
  /** Logs that get a copy, e.g. the inbox of the player who is invited. */
  readonly copies?: readonly string[];
  /** For what nobody did, such as an end that a command only noticed: the event has no actor. */
  readonly byItself?: true;
};

export interface Occasion {
  readonly actorId: string | null;
  readonly now: Date;
  /** A new UUID (version 7, so that ids sort by time). */
  readonly newId: () => string;
}

/** A statement that an event tells of, without `returning`, and its placeholders' values. */
export type Write = readonly [query: Query<unknown>, values: Record<string, unknown>];

type Append = (
  tx: Transaction,
  occasion: Occasion,
  events: readonly NewEvent[],
  writes: readonly Write[],
) => void;

/**
 * Appends events to their subjects' logs, in the order given, in one statement whatever their number, which is the
 * transaction's last. What is to be written with them is part of it, and done before. The heads are locked in the order
 * of their names, so that two transactions can't wait for one another in a ring.
 *
 * How many entries a log gets, and how many come after each, is counted here: measured, an event in two logs took
 * 235 us of the server's processor where the statement counted (a window and two groupings), and took 140 then. One
 * event alone, which most commands say, goes without JSON: 42 us less.
 */
export function appendTo(tables: ActivityTables): Append {
  const statements = appendStatements(tables);

  return (tx, { actorId, now, newId }, events, writes) => {
    if (events.length === 0) {
      for (const [query, values] of writes) tx.runLast(query, values);
      return;
    }
    const entries = events.flatMap(({ subject, copies = [], byItself, type, data }) => {
      const entry = { id: newId(), type, actorId: byItself ? null : actorId, data };
      return [subject, ...copies].map((log, nth) => ({ subject: log, copy: nth > 0, ...entry }));
    });
    const { sizes, numbered } = numberedFromTheEnd(entries);
    const subjects = [...sizes.keys()].sort();
    const values = {
      writes: writes.map(([, ofWrite]) => ofWrite),
      subjects,
      sizes: subjects.map((subject) => sizes.get(subject)),
      now,
    };
    const queries = writes.map(([query]) => query);
    const [first] = entries;
    if (events.length === 1 && first && sizes.size === entries.length) {
      tx.runLast(statements.one(queries), { ...values, ...first, data: JSON.stringify(first.data) });
    } else {
      tx.runLast(statements.all(queries), { ...values, entries: JSON.stringify(numbered) });
    }
  };
}

/** How many entries each log gets, and the entries with how many come after them in theirs. */
function numberedFromTheEnd<Entry extends { readonly subject: string }>(entries: readonly Entry[]) {
  const sizes = new Map<string, number>();
  const numbered = entries.toReversed().map((entry) => {
    const after = sizes.get(entry.subject) ?? 0;
    sizes.set(entry.subject, after + 1);
    return { ...entry, after };
  });
  return { sizes, numbered: numbered.reverse() };
}
