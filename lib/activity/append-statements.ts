import { type Builder, type Preparable, type Query, query } from '@fellowship/postgres';
import { and, sql } from 'drizzle-orm';
import type { ActivityTables } from './tables.ts';

/**
 * The statements that append to a log, each after what is written with it. Their placeholders' names begin with
 * `append.`, so that those of the writes may be any others.
 */
export function appendStatements(tables: ActivityTables) {
  return {
    /** An event in logs that get nothing else: `subjects` and `sizes` (all 1), `now`, `subject`, `id`, `type`, `actorId`, `data`. */
    one: remembered(tables, 'activity_append_one', one),
    /** Any number of them: `subjects` and `sizes`, `now`, and `entries` as JSON, with how many come `after` each in its log. */
    all: remembered(tables, 'activity_append', all),
  };
}

type Write = Query<unknown>;
type Append = (db: Builder, tables: ActivityTables, writes: readonly Write[]) => Preparable<unknown>;

const given = (name: string) => sql.placeholder(`append.${name}`);

/** Made once for the same writes: a command's own. */
function remembered(tables: ActivityTables, name: string, append: Append) {
  const statements = new Map<string, Query<unknown>>();
  return (writes: readonly Write[]): Query<unknown> => {
    const whole = [name, ...writes.map((write) => write.name)].join('_after_');
    const statement = statements.get(whole) ?? query(whole, (db) => append(db, tables, writes));
    statements.set(whole, statement);
    return statement;
  };
}

function one(db: Builder, tables: ActivityTables, writes: readonly Write[]): Preparable<unknown> {
  return appended(
    db,
    tables,
    writes,
    sql`select subject, sequence, subject <> ${given('subject')}, ${given('id')}::uuid, ${given('type')},
      ${given('actorId')}::uuid, ${given('data')}::jsonb, ${given('now')}::timestamptz
    from head`,
  );
}

function all(db: Builder, tables: ActivityTables, writes: readonly Write[]): Preparable<unknown> {
  return appended(
    db,
    tables,
    writes,
    sql`select subject, sequence - after, copy, id, type, actor_id, data, ${given('now')}::timestamptz
    from rows from (jsonb_to_recordset(${given('entries')}::jsonb)
      as (subject text, after int, copy boolean, id uuid, type text, "actorId" uuid, data jsonb))
      with ordinality as entry(subject, after, copy, id, type, actor_id, data, nth)
      join head using (subject)
    order by nth`,
  );
}

/** @param entries what is inserted, made of `head`: the logs' subjects and their new last numbers */
function appended(
  db: Builder,
  { activity, heads }: ActivityTables,
  writes: readonly Write[],
  entries: ReturnType<typeof sql>,
): Preparable<unknown> {
  const before = writes.map(({ build }, nth) =>
    db.$with(`write_${nth}`, {}).as(sql`${build(db).getSQL()} returning 1`),
  );
  // Whoever holds heads waits for no rows any more: what is written, and locked for it, comes first.
  const written = before.map((_, nth) => sql`(select count(*) from ${sql.identifier(`write_${nth}`)}) >= 0`);
  const head = db.$with('head', {}).as(sql`
    insert into ${heads} (subject, sequence)
    select subject, size from unnest(${given('subjects')}::text[], ${given('sizes')}::bigint[]) as log(subject, size)
    where ${and(sql`true`, ...written)}
    on conflict (tenant_id, subject) do update set sequence = ${heads}.sequence + excluded.sequence
    returning subject, sequence`);
  const entry = db.$with('entry', {}).as(sql`
    insert into ${activity} (subject, sequence, copy, id, type, actor_id, data, occurred_at)
    ${entries}
    returning 1`);
  return db
    .with(...before, head, entry)
    .select({ count: sql<number>`count(*)` })
    .from(sql`entry`);
}
