import { databaseUser } from '@fellowship/postgres';
import { within } from '@fellowship/within';
import type { Logger } from 'pino';
import postgres from 'postgres';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { limiterOf, type RateStore } from './limiter.ts';
import { memoryLimiter } from './memory.ts';

/** Where several processes count together. */
export interface RateDatabase {
  readonly url: string;
  /** The owner's, to make the table with where there is none. The same as `url` where an operator gave only one. */
  readonly migrationUrl: string;
}

const SCHEMA = 'fellowship_rates';
const TABLE = 'counts';
const CONNECTIONS = 5;
/** Milliseconds for a statement of 0.2 ms. */
const TIMEOUT = 500;
/** Milliseconds that a database that was away is not asked again. */
const PAUSE = 2_000;

/**
 * Counts in a table that processes share: one statement for what is taken, none for what is refused once it was.
 * While the database is away each process counts by itself. Rejects when it is away at the start.
 *
 * @param timeout milliseconds after which a database that does not answer counts as away: nobody is to wait for a limit
 */
export async function postgresRates(
  { url, migrationUrl }: RateDatabase,
  log: Logger,
  timeout = TIMEOUT,
): Promise<RateStore> {
  const role = await ensureTable(url, migrationUrl);
  const sql = postgres(url, {
    max: CONNECTIONS,
    fetch_types: false,
    connect_timeout: 5,
    connection: { application_name: 'fellowship rates', ...(role && { role }) },
    onnotice: () => {},
  });
  const storeClient = clientOf(sql, log, timeout);
  return {
    limiter(allowance) {
      const { name: keyPrefix, points, seconds: duration } = allowance;
      const limiter = new RateLimiterPostgres({
        storeClient,
        storeType: 'client',
        schemaName: SCHEMA,
        tableName: TABLE,
        tableCreated: true,
        keyPrefix,
        points,
        duration,
        // From the first refusal on: at `points` itself it would also hold who is given one back.
        inMemoryBlockOnConsumed: points + 1,
        insuranceLimiter: memoryLimiter(allowance),
      });
      return limiterOf(limiter, allowance);
    },
    close: () => sql.end({ timeout: 5 }),
  };
}

/** Unlogged: after a crash of the database all begin anew, which costs nothing, and every statement costs less. */
async function ensureTable(url: string, migrationUrl: string): Promise<string | undefined> {
  const sql = postgres(migrationUrl, { max: 1, onnotice: () => {} });
  try {
    await sql`select pg_advisory_lock(hashtextextended('fellowship migrations', 0))`;
    const { name, role } = await databaseUser(sql, { url, migrationUrl });
    // Asked first: to make what exists `if not exists` needs the right to make it.
    const [found] = await sql`
      select has_table_privilege(${name}, to_regclass(${`${SCHEMA}.${TABLE}`}), 'insert') as ready`;
    if (found?.['ready'] !== true) {
      const table = sql`${sql(SCHEMA)}.${sql(TABLE)}`;
      await sql`create schema if not exists ${sql(SCHEMA)}`;
      await sql`create unlogged table if not exists ${table} (
        key varchar(255) primary key, points integer not null, expire bigint)`;
      await sql`grant usage on schema ${sql(SCHEMA)} to ${sql(name)}`;
      await sql`grant select, insert, update, delete on ${table} to ${sql(name)}`;
    }
    return role;
  } finally {
    await sql.end();
  }
}

interface Statement {
  readonly text: string;
  readonly values: (string | number)[];
}

/** postgres.js as the client of `pg` that the library knows. */
function clientOf(sql: postgres.Sql, log: Logger, timeout: number) {
  let awayUntil = 0;
  return {
    async query({ text, values }: Statement) {
      if (Date.now() < awayUntil) throw new Error('The database was away a moment ago');
      try {
        // postgres.js has no time limit of its own, and a statement sent while a socket breaks may never be answered.
        const rows = await within(timeout, sql.unsafe(text, values, { prepare: true }));
        return { rows, rowCount: rows.count };
      } catch (error) {
        awayUntil = Date.now() + PAUSE;
        log.warn({ err: error }, 'The database does not count rates: each process does by itself');
        throw error;
      }
    },
  };
}
