import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { isolate } from './isolation.ts';
import { type DatabaseUser, databaseUser } from './user.ts';

export interface Migration {
  /** Connects as the owner of the schema. */
  readonly migrationUrl: string;
  /** What the service connects with. */
  readonly url: string;
  /** The Postgres schema the subgraph owns. */
  readonly schema: string;
  /** Where its generated migrations lie. */
  readonly folder: string;
  /** Tables that may be read across tenants by a relay. */
  readonly relayed: readonly string[];
  /** Tables whose old rows may be removed across tenants; read too. */
  readonly expiring: readonly string[];
  /** Tables whose rows are never changed or deleted. */
  readonly appendOnly?: readonly string[];
}

/**
 * Brings one subgraph's schema up to date and behind its tenants. Any number of processes may do this at
 * once: they take turns (an advisory lock; Drizzle's `migrate` has none). Returns the role the service acts as
 * when `url` does not connect as a restricted one by itself.
 */
export async function migrate(migration: Migration): Promise<{ role: string | undefined }> {
  try {
    return await migrateNow(migration);
  } catch (error) {
    throw explained(error, migration.migrationUrl);
  }
}

async function migrateNow(migration: Migration): Promise<{ role: string | undefined }> {
  const { migrationUrl, url, schema, folder, relayed, expiring, appendOnly = [] } = migration;
  const sql = postgres(migrationUrl, { max: 1, onnotice: () => {} });
  let user: DatabaseUser;
  try {
    await sql`select pg_advisory_lock(hashtextextended('fellowship migrations', 0))`;
    user = await databaseUser(sql, { url, migrationUrl });
    await applyMigrations(drizzle(sql), {
      migrationsFolder: folder,
      migrationsSchema: 'fellowship_migrations',
      migrationsTable: schema,
    });
    await isolate(sql, { schema, role: user.name, relayed, expiring, appendOnly });
  } finally {
    await sql.end();
  }
  const { role } = user;
  await assertRestricted(url, role, schema);
  return { role };
}

/** Which database it is about, of the several that one may have named; its password stays out of it. */
function explained(error: unknown, url: string): unknown {
  const place = URL.parse(url);
  if (!(error instanceof Error) || !place) return error;
  return new Error(`Database ${place.host}${place.pathname}: ${error.message}`, { cause: error });
}

/** Row level security does not hold superusers, roles with BYPASSRLS, or (unless forced) owners. */
async function assertRestricted(url: string, role: string | undefined, schema: string): Promise<void> {
  const sql = postgres(url, { max: 1, connection: { ...(role && { role }) } });
  try {
    const [found] = await sql<{ unrestricted: boolean; owns: boolean }[]>`
      select rolsuper or rolbypassrls as unrestricted,
        exists (select from pg_class c where c.relnamespace = ${schema}::regnamespace and c.relowner = r.oid) as owns
      from pg_roles r where rolname = current_user`;
    if (!found || found.unrestricted || found.owns) {
      throw new Error(
        `The service's database role may not be a superuser, bypass row level security or own schema ${schema}. ` +
          'Give the owner as MIGRATION_DATABASE_URL and a plain role as DATABASE_URL, or the owner alone as DATABASE_URL.',
      );
    }
  } finally {
    await sql.end();
  }
}
