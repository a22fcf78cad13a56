import { type Expiry, onlyOne, query } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import type { ActivityTables } from './tables.ts';

const day = 24 * 3_600_000;

export interface ActivityRetention {
  readonly days: number;
  /** Whether the log is passed on to a bus: then what it has not got yet is kept, however old. */
  readonly relayed: boolean;
}

/**
 * Removes the log's oldest rows. They are found from the low end of its order, which is that of time but for
 * transactions that overlap: a row that is a little younger than those behind it only waits for the next round.
 */
export function activityExpiry(
  { activity, relays }: ActivityTables,
  { days, relayed }: ActivityRetention,
): Expiry {
  const unrelayed = sql`and xid < (select xid from ${relays})`;
  const expired = query('activity_expired', (db) =>
    db
      .delete(activity)
      .where(
        sql`ctid = any(array(
          select oldest.ctid from ${onlyOne(activity)} mine cross join lateral (
            select ctid, xid, occurred_at from ${activity}
            where mine.held order by xid, position limit ${sql.placeholder('limit')}::int
          ) oldest
          where occurred_at < ${sql.placeholder('before')}::timestamptz ${relayed ? unrelayed : sql``}))`,
      )
      .returning({ one: sql`1` }),
  );
  return { table: 'activity', query: expired, keep: days * day };
}
