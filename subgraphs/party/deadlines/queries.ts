import { query, type Reads } from '@fellowship/postgres';
import { and, asc, eq, lte, sql } from 'drizzle-orm';
import type { Tx } from '../context.ts';
import { deadlines } from '../tables/index.ts';
import type { Deadline } from './deadline.ts';

const { tenantId, kind, id, partyId, dueAt } = deadlines;

export interface UpcomingDeadline extends Deadline {
  readonly tenantId: string;
  readonly dueAt: Date;
}

const upcoming = query('deadlines_upcoming', (db) =>
  db
    .select({ tenantId, kind, id, partyId, dueAt })
    .from(deadlines)
    .orderBy(asc(dueAt))
    .limit(sql.placeholder('limit')),
);

/** The next deadlines of all tenants, those that have passed first. Locks nothing. */
export const upcomingDeadlines = (everyTenant: Reads, limit: number): Promise<UpcomingDeadline[]> =>
  everyTenant.run(upcoming, { limit });

const claim = query('deadline_claim', (db) =>
  db
    .select({
      mine: sql<boolean>`pg_try_advisory_xact_lock(hashtextextended(${sql.placeholder('name')}::text, 0))`,
    })
    .from(sql`(select 1) as t`),
);

/**
 * Whether no other process is at this deadline just now; then none will be before the transaction ends. Not by
 * `for update skip locked`: the deadline's row is only locked behind its party's, as by every command.
 */
export async function claimDeadline(tx: Reads, deadline: UpcomingDeadline): Promise<boolean> {
  const name = `party deadline ${deadline.tenantId} ${deadline.kind} ${deadline.id}`;
  const [claimed] = await tx.run(claim, { name });
  return claimed?.mine === true;
}

/** Takes a deadline out of the table. False when somebody else has, or when it has not come. */
export async function takeDeadline(tx: Tx, deadline: Deadline): Promise<boolean> {
  const taken = await tx.db
    .delete(deadlines)
    .where(and(same(deadline), lte(dueAt, tx.now)))
    .returning({ id });
  return taken.length > 0;
}

/** Lets a deadline wait. */
export async function postponeDeadline(tx: Pick<Tx, 'db'>, deadline: Deadline, until: Date): Promise<void> {
  await tx.db.update(deadlines).set({ dueAt: until }).where(same(deadline));
}

const same = (deadline: Deadline) => and(eq(kind, deadline.kind), eq(id, deadline.id));
