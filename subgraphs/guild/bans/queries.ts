import type { Page } from '@fellowship/pagination';
import { query, type Reads } from '@fellowship/postgres';
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { type Entitled, entitled } from '../guilds/visibility.ts';
import type { MemberKey } from '../membership/queries.ts';
import type { BanRow } from '../rows.ts';
import { bans } from '../tables/index.ts';

const columns = {
  guildId: bans.guildId,
  playerId: bans.playerId,
  id: bans.id,
  bannerId: bans.bannerId,
  reason: bans.reason,
  createdAt: bans.createdAt,
};

const byKeys = query('bans_by_keys', (db) =>
  db
    .select(columns)
    .from(bans)
    .where(
      and(
        sql`(${bans.guildId}, ${bans.playerId}) in (select * from unnest(
          ${sql.placeholder('guildIds')}::uuid[], ${sql.placeholder('playerIds')}::uuid[]))`,
        entitled(db, bans.guildId, 'KICK'),
      ),
    ),
);

/** Those of the players who are banned, where the viewer may see it. */
export const bansByKeys = (
  reads: Reads,
  { keys, ...by }: Entitled & { keys: readonly MemberKey[] },
): Promise<BanRow[]> =>
  reads.run(byKeys, {
    ...by,
    guildIds: keys.map(({ guildId }) => guildId),
    playerIds: keys.map(({ playerId }) => playerId),
  });

const ofGuilds = query('bans_of_guilds', (db) => {
  // Drizzle gives a column of a subquery by its bare name, so it has one that no table here has.
  const ofThese = db
    .select({ id: sql<string>`guild`.as('guild') })
    .from(sql`unnest(${sql.placeholder('guildIds')}::uuid[]) as asked(guild)`)
    .as('of_these');
  const page = db
    .select(columns)
    .from(bans)
    .where(
      and(
        eq(bans.guildId, ofThese.id),
        entitled(db, bans.guildId, 'KICK'),
        lt(bans.id, sql.placeholder('before')),
      ),
    )
    .orderBy(desc(bans.id))
    .limit(sql.placeholder('limit'))
    .as('page');
  return db
    .select({
      guildId: page.guildId,
      playerId: page.playerId,
      id: page.id,
      bannerId: page.bannerId,
      reason: page.reason,
      createdAt: page.createdAt,
    })
    .from(ofThese)
    .innerJoinLateral(page, sql`true`)
    .orderBy(desc(page.id));
});

/** Sorts after every id. */
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The same page of the bans of each of the guilds where the viewer may see them, latest first, and one more row where
 * there is a next page.
 */
export const bansOfGuilds = (
  reads: Reads,
  { page, ...by }: Entitled & { guildIds: readonly string[]; page: Page },
): Promise<BanRow[]> =>
  reads.run(ofGuilds, { ...by, before: page.after?.[0] ?? lastId, limit: page.first + 1 });
