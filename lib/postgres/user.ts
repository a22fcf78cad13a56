import postgres from 'postgres';

/** The role that services act as where the operator gave only one database URL: an owner's. */
export const serviceRole = 'fellowship_service';

/** Whom a service acts as in its database. */
export interface DatabaseUser {
  readonly name: string;
  /** The role to step down to once connected, where `url` does not connect as a restricted one by itself. */
  readonly role: string | undefined;
}

/** Makes the role where an operator gave only one URL. `owner` is a connection of `migrationUrl`. */
export async function databaseUser(
  owner: postgres.Sql,
  { url, migrationUrl }: { readonly url: string; readonly migrationUrl: string },
): Promise<DatabaseUser> {
  if (url !== migrationUrl) return { name: await userOf(url), role: undefined };
  await ensureServiceRole(owner);
  return { name: serviceRole, role: serviceRole };
}

async function userOf(url: string): Promise<string> {
  const sql = postgres(url, { max: 1 });
  try {
    const [row] = await sql<{ user: string }[]>`select current_user as user`;
    return row?.user ?? '';
  } finally {
    await sql.end();
  }
}

/** Roles belong to the whole server, the lock to one database: another database's migration may be first. */
async function ensureServiceRole(sql: postgres.Sql): Promise<void> {
  const [found] = await sql<{ exists: boolean; granted: boolean }[]>`
    select r.oid is not null as exists, coalesce(pg_has_role(r.oid, 'member'), false) as granted
    from (select 1) as one left join pg_roles r on r.rolname = ${serviceRole}`;
  if (!found?.exists) {
    await sql`create role ${sql(serviceRole)} nologin`.catch((error: postgres.PostgresError) => {
      if (error.code !== '42710' && error.code !== '23505') refused(error);
    });
  }
  if (!found?.granted) await sql`grant ${sql(serviceRole)} to current_user`.catch(refused);
}

function refused(error: postgres.PostgresError): never {
  const ways = `give the owner CREATEROLE, grant ${serviceRole} to it, or name a role of the services' own (DATABASE_URL) beside the owner's (MIGRATION_DATABASE_URL)`;
  throw error.code === '42501' ? new Error(`${error.message}: ${ways}`, { cause: error }) : error;
}
