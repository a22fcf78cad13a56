import type postgres from 'postgres';

export interface IsolationOptions {
  readonly schema: string;
  /** Whom the service acts as. */
  readonly role: string;
  readonly relayed: readonly string[];
  readonly expiring: readonly string[];
  /** Tables whose rows are never changed or deleted. */
  readonly appendOnly?: readonly string[];
}

/**
 * Puts every table of a schema behind its tenant: row level security on and forced (an owner is held by it
 * too), one policy, and the rights a service needs. Done to all tables found, so that a new one can't be
 * forgotten, and refused for a table without `tenant_id`. Idempotent, and takes no lock when nothing is new.
 *
 * The tenant is read in a sub-select so that it is evaluated once a statement, not once a row; without a
 * tenant it is null and no row matches. Tables in `relayed` may also be read by a connection that says
 * `app.relay = on`: whoever tails the log for all tenants. From those in `expiring` it may delete as well. Rows of
 * tables in `appendOnly` are never changed or deleted, not even by the owner: a trigger says no, where taking
 * rights away would hold the service alone.
 */
export async function isolate(
  sql: postgres.ReservedSql | postgres.Sql,
  { schema, role, relayed, expiring, appendOnly = [] }: IsolationOptions,
): Promise<void> {
  const tables = await sql<{ name: string; hasTenant: boolean; policies: string[]; guarded: boolean }[]>`
    select c.relname as name,
      exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'append_only') as guarded,
      exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and a.attnotnull) as "hasTenant",
      array(select p.polname::text from pg_policy p where p.polrelid = c.oid) as policies
    from pg_class c
    where c.relnamespace = ${schema}::regnamespace and c.relkind in ('r', 'p')
    order by c.relname`;

  for (const { name, hasTenant, policies, guarded } of tables) {
    if (!hasTenant) throw new Error(`Table ${schema}.${name} has no tenant_id`);
    const table = sql`${sql(schema)}.${sql(name)}`;
    if (!policies.includes('tenant')) {
      await sql`alter table ${table} enable row level security`;
      await sql`alter table ${table} force row level security`;
      await sql`create policy tenant on ${table}
        using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))`;
    }
    const expires = expiring.includes(name);
    if ((expires || relayed.includes(name)) && !policies.includes('relay')) {
      await sql`create policy relay on ${table} for select
        using ((select current_setting('app.relay', true)) = 'on')`;
    }
    if (expires && !policies.includes('expiry')) {
      await sql`create policy expiry on ${table} for delete
        using ((select current_setting('app.relay', true)) = 'on')`;
    }
    if (appendOnly.includes(name) && !guarded) await guard(sql, schema, name);
  }

  await sql`grant usage on schema ${sql(schema)} to ${sql(role)}`;
  await sql`grant select, insert, update, delete on all tables in schema ${sql(schema)} to ${sql(role)}`;
  await sql`grant usage on all sequences in schema ${sql(schema)} to ${sql(role)}`;
}

async function guard(sql: postgres.ReservedSql | postgres.Sql, schema: string, table: string): Promise<void> {
  const refuse = sql`${sql(schema)}.refuse_change`;
  await sql`create or replace function ${refuse}() returns trigger language plpgsql as
    $$ begin raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation'; end $$`;
  await sql`create trigger append_only before update or delete or truncate on ${sql(schema)}.${sql(table)}
    for each statement execute function ${refuse}()`;
}
