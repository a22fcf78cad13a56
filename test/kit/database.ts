import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { inject } from 'vitest';

export interface TestDatabase {
  /** Connects as the owner; services act as the restricted role. */
  readonly url: string;
  /** A superuser's connection, which row level security does not hold: to look behind the curtain. */
  readonly sql: postgres.Sql;
  drop(): Promise<void>;
}

/**
 * A database of a test file's own. A template is migrated once and cloned: tens of milliseconds against a
 * second or so for the migrations. `prepare` migrates the template, named by what it holds.
 */
export async function createDatabase(
  template?: { readonly name: string; readonly prepare: (url: string) => Promise<void> },
  server = inject('postgresUrl'),
): Promise<TestDatabase> {
  const admin = postgres(server, { max: 1, onnotice: () => {} });
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  try {
    if (template) await ensureTemplate(admin, server, template);
    await admin`create database ${admin(name)} ${template ? admin`template ${admin(template.name)}` : admin``}`;
  } finally {
    await admin.end();
  }
  const url = urlOf(server, name);
  const sql = postgres(url, { max: 2, onnotice: () => {} });
  return {
    url,
    sql,
    async drop() {
      await sql.end();
      const last = postgres(server, { max: 1, onnotice: () => {} });
      await last`drop database if exists ${last(name)} with (force)`;
      await last.end();
    },
  };
}

/**
 * Test files run in parallel processes: the first to take the lock makes the template, the others find it. One
 * lock for all templates, since migrations also make roles, which belong to the whole server.
 */
async function ensureTemplate(
  admin: postgres.Sql,
  server: string,
  { name, prepare }: { readonly name: string; readonly prepare: (url: string) => Promise<void> },
): Promise<void> {
  await admin`select pg_advisory_lock(hashtextextended('fellowship test templates', 0))`;
  try {
    const [ready] = await admin`select from pg_database where datname = ${name} and datistemplate`;
    if (ready) return;
    await admin`drop database if exists ${admin(name)} with (force)`;
    await admin`create database ${admin(name)}`;
    await prepare(urlOf(server, name));
    await admin`alter database ${admin(name)} with is_template true`;
  } finally {
    await admin`select pg_advisory_unlock(hashtextextended('fellowship test templates', 0))`;
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
