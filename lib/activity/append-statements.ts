import { after, type Query, query } from '@fellowship/postgres';
import { type SQL, sql } from 'drizzle-orm';
import type { ActivityTables } from './tables.ts';

/** The statements that append to a log, each as one with what is written before. */
export function appendStatements(tables: ActivityTables) {
  const now = sql`${sql.placeholder('now')}::timestamptz`;
  return {
    /** An event in logs that get nothing else: `subject`, `id`, `type`, `actorId` and `data` (JSON). */
    one: remembered(
      tables,
      'activity_append_one',
      sql`select subject, sequence, subject <> ${sql.placeholder('subject')}, ${sql.placeholder('id')}::uuid,
        ${sql.placeholder('type')}, ${sql.placeholder('actorId')}::uuid, ${sql.placeholder('data')}::jsonb, ${now}
      from head`,
    ),
    /** Any number of events: `entries` (JSON), with how many come `after` each in its log. */
    all: remembered(
      tables,
      'activity_append',
      sql`select subject, sequence - after, copy, id, type, actor_id, data, ${now}
      from rows from (jsonb_to_recordset(${sql.placeholder('entries')}::jsonb)
        as (subject text, after int, copy boolean, id uuid, type text, "actorId" uuid, data jsonb))
        with ordinality as entry(subject, after, copy, id, type, actor_id, data, nth)
        join head using (subject)
      order by nth`,
    ),
  };
}

/** Made once for the same writes: a command's own. Both take `subjects` and their `sizes`, in order, and `now`. */
function remembered(tables: ActivityTables, name: string, entries: SQL) {
  const statements = new Map<string, Query<unknown>>();
  return (writes: readonly Query<unknown>[]): Query<unknown> => {
    const names = writes.map((write) => write.name).join();
    const statement = statements.get(names) ?? after(writes, append(tables, name, writes.length, entries));
    statements.set(names, statement);
    return statement;
  };
}

/** @param entries what is inserted, made of `head`: the logs' subjects and their new last numbers */
const append = ({ activity, heads }: ActivityTables, name: string, writes: number, entries: SQL) =>
  query(name, (db) => {
    // Whoever holds heads waits for no rows any more: what is written, and locked for it, comes first.
    const written = Array.from({ length: writes }, (_, nth) =>
      sql.raw(` and (select count(*) from write_${nth}) >= 0`),
    );
    const head = db.$with('head', {}).as(sql`
      insert into ${heads} (subject, sequence)
      select subject, size
      from unnest(${sql.placeholder('subjects')}::text[], ${sql.placeholder('sizes')}::bigint[]) as log(subject, size)
      where true${sql.join(written)}
      on conflict (tenant_id, subject) do update set sequence = ${heads}.sequence + excluded.sequence
      returning subject, sequence`);
    const entry = db.$with('entry', {}).as(sql`
      insert into ${activity} (subject, sequence, copy, id, type, actor_id, data, occurred_at)
      ${entries}
      returning 1`);
    return db.with(head, entry).select({ count: sql<number>`count(*)` }).from(sql`entry`);
  });
