import { type Expiry, onlyOne, query } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import type { CommandTable } from './tables.ts';

/** Milliseconds that an idempotency key is remembered: longer than any client tries again. */
const remembered = 48 * 3_600_000;

/** Forgets old idempotency keys. */
export function commandExpiry(table: CommandTable): Expiry {
  const expired = query('commands_expired', (db) =>
    db
      .delete(table)
      .where(
        sql`ctid = any(array(
          select oldest.ctid from ${onlyOne(table)} mine cross join lateral (
            select ctid from ${table}
            where mine.held and created_at < ${sql.placeholder('before')}::timestamptz
            order by created_at limit ${sql.placeholder('limit')}::int
          ) oldest))`,
      )
      .returning({ one: sql`1` }),
  );
  return { table: 'commands', query: expired, keep: remembered };
}
