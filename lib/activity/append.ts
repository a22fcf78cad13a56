import { query, type Transaction } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
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

/**
 * Appends events to their subjects' logs, in the order given, in one statement whatever their number, which is the
 * transaction's last. The heads are locked in the order of their names, so that two transactions can't wait for one another in a ring.
 */
export function appendTo({ activity, heads }: ActivityTables): Append {
  const append = query('activity_append', (db) => {
    const entry = db.$with('entry', {}).as(sql`
      select e.*, row_number() over (partition by subject order by nth) as step
      from rows from (jsonb_to_recordset(${sql.placeholder('entries')}::jsonb)
        as (subject text, copy boolean, id uuid, type text, "actorId" uuid, data jsonb))
        with ordinality as e(subject, copy, id, type, actor_id, data, nth)`);
    const size = db.$with('size', {}).as(sql`
      select subject, count(*) as steps from entry group by subject order by subject`);
    const head = db.$with('head', {}).as(sql`
      insert into ${heads} (subject, sequence) select subject, steps from size
      on conflict (tenant_id, subject) do update set sequence = ${heads}.sequence + excluded.sequence
      returning subject, sequence`);
    const written = db.$with('written', {}).as(sql`
      insert into ${activity} (subject, sequence, copy, id, type, actor_id, data, occurred_at)
      select subject, head.sequence - steps + step, copy, id, type, actor_id, data,
        ${sql.placeholder('now')}::timestamptz
      from entry join head using (subject) join size using (subject)
      order by nth
      returning 1`);
    return db.with(entry, size, head, written).select({ count: sql<number>`count(*)` }).from(sql`written`);
  });

  return (tx, { actorId, now, newId }, events) => {
    const entries = events.flatMap(({ subject, copies = [], byItself, type, data }) => {
      const entry = { id: newId(), type, actorId: byItself ? null : actorId, data };
      return [subject, ...copies].map((log, nth) => ({ subject: log, copy: nth > 0, ...entry }));
    });
    if (entries.length === 0) return;
    tx.runLast(append, { entries: JSON.stringify(entries), now: now.toISOString() });
  };
}

type Append = (tx: Transaction, occasion: Occasion, events: readonly NewEvent[]) => void;
