import type { Page } from '@fellowship/pagination';
import { query, type Reads } from '@fellowship/postgres';
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { type Entitled, entitled } from '../guilds/visibility.ts';
import type { AuditRow } from '../rows.ts';
import { audit } from '../tables/index.ts';

const ofGuilds = query('audit_of_guilds', (db) => {
  // Drizzle gives a column of a subquery by its bare name, so it has one that no table here has.
  const ofThese = db
    .select({ id: sql<string>`guild`.as('guild') })
    .from(sql`unnest(${sql.placeholder('guildIds')}::uuid[]) as asked(guild)`)
    .as('of_these');
  const page = db
    .select({
      id: audit.id,
      guildId: audit.guildId,
      action: audit.action,
      actorId: audit.actorId,
      targetId: audit.targetId,
      subjectId: audit.subjectId,
      reason: audit.reason,
      before: audit.before,
      after: audit.after,
      occurredAt: audit.occurredAt,
    })
    .from(audit)
    .where(
      and(
        eq(audit.guildId, ofThese.id),
        entitled(db, audit.guildId, 'READ_AUDIT'),
        lt(audit.id, sql.placeholder('before')),
      ),
    )
    .orderBy(desc(audit.id))
    .limit(sql.placeholder('limit'))
    .as('page');
  return db
    .select({
      id: page.id,
      guildId: page.guildId,
      action: page.action,
      actorId: page.actorId,
      targetId: page.targetId,
      subjectId: page.subjectId,
      reason: page.reason,
      before: page.before,
      after: page.after,
      occurredAt: page.occurredAt,
    })
    .from(ofThese)
    .innerJoinLateral(page, sql`true`)
    .orderBy(desc(page.id));
});

/** Sorts after every id. */
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The same page of the audit log of each of the guilds where the viewer may read it, newest first, and one more
 * row where there is a next page.
 */
export const auditOfGuilds = (
  reads: Reads,
  { page, ...by }: Entitled & { guildIds: readonly string[]; page: Page },
): Promise<AuditRow[]> =>
  reads.run(ofGuilds, { ...by, before: page.after?.[0] ?? lastId, limit: page.first + 1 });
