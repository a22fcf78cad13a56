import postgres from 'postgres';
import type { EmbeddedPostgres } from './start.ts';

/** A role that logs in with a password and has no other attribute: no superuser, no bypass of row security. */
export interface LoginRole {
  readonly name: string;
  readonly password: string;
}

/**
 * Makes what is missing of a database, its owner and the other roles that log in to it, and sets their
 * passwords to the given ones. Idempotent.
 */
export async function provisionDatabase(
  server: Pick<EmbeddedPostgres, 'url'>,
  { database, owner, roles }: { database: string; owner: LoginRole; roles: readonly LoginRole[] },
): Promise<void> {
  const sql = postgres(server.url('postgres'), { max: 1, onnotice: () => {} });
  try {
    for (const role of [owner, ...roles]) await ensureRole(sql, role);
    const [exists] = await sql`select from pg_database where datname = ${database}`;
    if (!exists) await sql`create database ${sql(database)} owner ${sql(owner.name)}`;
  } finally {
    await sql.end();
  }
}

async function ensureRole(sql: postgres.Sql, { name, password }: LoginRole): Promise<void> {
  const [exists] = await sql`select from pg_roles where rolname = ${name}`;
  // Roles are made and altered by statements that take no parameters: the server does the quoting.
  const [statement] = await sql<[{ text: string }]>`
    select format(${`${exists ? 'alter' : 'create'} role %I login password %L`}, ${name}::text, ${password}::text) as text`;
  await sql.unsafe(statement.text);
}
