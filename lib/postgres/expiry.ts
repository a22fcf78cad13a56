import { setTimeout as delay } from 'node:timers/promises';
import { type SQL, sql } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';
import type { Logger } from 'pino';
import type { Query, Reads } from './query.ts';

/**
 * For a statement's `from`: one row, whose `held` says whether no other session runs a statement with `onlyOne`
 * of this table. Held until the statement's transaction ends.
 */
export function onlyOne(table: PgTable): SQL {
  const { schema, name } = getTableConfig(table);
  const lock = sql.raw(`'fellowship expiry ${schema}.${name}'`);
  return sql`(select pg_try_advisory_xact_lock(hashtextextended(${lock}, 0)) as held offset 0)`;
}

/** Rows removed by one statement: some tens of milliseconds of work. */
const expiryBatch = 1_000;
/** Milliseconds between two statements while there is more to remove, and between two rounds. */
const pause = 200;
const round = 3_600_000;

/** What is removed from one table. */
export interface Expiry {
  /** For the log. */
  readonly table: string;
  /**
   * Removes up to `:limit` rows older than `:before`, across tenants, and returns one row for each. Of all
   * processes' such statements at a time, `onlyOne` does.
   */
  readonly query: Query<readonly unknown[]>;
  /** Milliseconds that rows are kept. */
  readonly keep: number;
}

export interface ExpiryOptions {
  readonly upkeep: Reads;
  readonly expiries: readonly Expiry[];
  readonly clock: () => Date;
  readonly random?: () => number;
  readonly log: Logger;
}

/**
 * Removes old rows in the background: once an hour, a bounded statement at a time, never within a request. Any
 * number of processes may do so, beginning at a moment of their own; they don't get into each other's way.
 */
export function startExpiry({ upkeep, expiries, clock, log, random = Math.random }: ExpiryOptions) {
  const stop = new AbortController();
  const wait = (milliseconds: number) =>
    delay(milliseconds, undefined, { signal: stop.signal, ref: false }).catch(() => {});

  async function run(): Promise<void> {
    await wait(round * random());
    while (!stop.signal.aborted) {
      for (const expiry of expiries) {
        await removeExpired(upkeep, expiry, clock, wait, stop.signal).then(
          (count) => count > 0 && log.info({ table: expiry.table, count }, 'Removed expired rows'),
          (error: unknown) => log.warn({ err: error, table: expiry.table }, 'Could not remove expired rows'),
        );
      }
      await wait(round);
    }
  }
  const running = run();

  return {
    async close(): Promise<void> {
      stop.abort();
      await running;
    },
  };
}

/** Removes all there is to remove; returns how many rows. */
export async function removeExpired(
  upkeep: Reads,
  { query, keep }: Expiry,
  clock: () => Date,
  wait: (milliseconds: number) => Promise<unknown> = delay,
  signal?: AbortSignal,
): Promise<number> {
  const before = new Date(clock().getTime() - keep).toISOString();
  for (let total = 0; ; await wait(pause)) {
    const removed = await upkeep.run(query, { before, limit: expiryBatch });
    total += removed.length;
    if (removed.length === 0 || signal?.aborted) return total;
  }
}
