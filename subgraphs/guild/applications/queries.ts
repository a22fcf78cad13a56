import type { Page } from '@fellowship/pagination';
import { query, type Reads } from '@fellowship/postgres';
import { and, asc, desc, eq, gt, lt, or, sql } from 'drizzle-orm';
import { type Entitled, entitled } from '../guilds/visibility.ts';
import type { MemberKey } from '../membership/queries.ts';
import type { ApplicationRow } from '../rows.ts';
import { applications } from '../tables/index.ts';

const columns = {
  id: applications.id,
  guildId: applications.guildId,
  playerId: applications.playerId,
  status: applications.status,
  message: applications.message,
  reason: applications.reason,
  deciderId: applications.deciderId,
  createdAt: applications.createdAt,
  decidedAt: applications.decidedAt,
};

const byIds = query('applications_by_ids', (db) =>
  db
    .select(columns)
    .from(applications)
    .where(
      and(
        sql`${applications.id} = any(${sql.placeholder('ids')}::uuid[])`,
        or(
          eq(applications.playerId, sql.placeholder('viewerId')),
          entitled(db, applications.guildId, 'REVIEW_APPLICATIONS'),
        ),
      ),
    ),
);

/** Those of the applications that are the viewer's own, or the viewer's to answer. */
export const applicationsByIds = (
  reads: Reads,
  by: Entitled & { ids: readonly string[] },
): Promise<ApplicationRow[]> => reads.run(byIds, { ...by });

const pending = query('application_pending', (db) =>
  db
    .select({ id: applications.id })
    .from(applications)
    .where(
      and(
        eq(applications.guildId, sql.placeholder('guildId')),
        eq(applications.playerId, sql.placeholder('playerId')),
        eq(applications.status, 'PENDING'),
      ),
    ),
);

/** Whether a player has an application at a guild that waits for an answer. */
export const hasPending = async (reads: Reads, { guildId, playerId }: MemberKey): Promise<boolean> =>
  (await reads.run(pending, { guildId, playerId })).length > 0;

const ofGuilds = query('applications_of_guilds', (db) => {
  // Drizzle gives a column of a subquery by its bare name, so it has one that no table here has.
  const ofThese = db
    .select({ id: sql<string>`guild`.as('guild') })
    .from(sql`unnest(${sql.placeholder('guildIds')}::uuid[]) as asked(guild)`)
    .as('of_these');
  const page = db
    .select(columns)
    .from(applications)
    .where(
      and(
        eq(applications.guildId, ofThese.id),
        eq(applications.status, 'PENDING'),
        entitled(db, applications.guildId, 'REVIEW_APPLICATIONS'),
        gt(applications.id, sql.placeholder('after')),
      ),
    )
    .orderBy(asc(applications.id))
    .limit(sql.placeholder('limit'))
    .as('page');
  return db
    .select({
      id: page.id,
      guildId: page.guildId,
      playerId: page.playerId,
      status: page.status,
      message: page.message,
      reason: page.reason,
      deciderId: page.deciderId,
      createdAt: page.createdAt,
      decidedAt: page.decidedAt,
    })
    .from(ofThese)
    .innerJoinLateral(page, sql`true`)
    .orderBy(asc(page.id));
});

/** Sort before and after every id. */
const [firstId, lastId] = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

/**
 * The same page of what waits for an answer in each of the guilds where the viewer may give one, longest-waiting
 * first, and one more row where there is a next page.
 */
export const pendingOfGuilds = (
  reads: Reads,
  { page, ...by }: Entitled & { guildIds: readonly string[]; page: Page },
): Promise<ApplicationRow[]> =>
  reads.run(ofGuilds, { ...by, after: page.after?.[0] ?? firstId, limit: page.first + 1 });

const ofPlayer = query('applications_of_player', (db) =>
  db
    .select(columns)
    .from(applications)
    .where(
      and(
        eq(applications.playerId, sql.placeholder('playerId')),
        lt(applications.id, sql.placeholder('before')),
      ),
    )
    .orderBy(desc(applications.id))
    .limit(sql.placeholder('limit')),
);

/** A page of a player's own applications, newest first, and one more row when there is a next page. */
export const applicationsOfPlayer = (
  reads: Reads,
  { playerId, page }: { playerId: string; page: Page },
): Promise<ApplicationRow[]> =>
  reads.run(ofPlayer, { playerId, before: page.after?.[0] ?? lastId, limit: page.first + 1 });
