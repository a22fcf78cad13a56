import type { Page } from '@fellowship/pagination';
import { narrowQuery, query, type Reads } from '@fellowship/postgres';
import { and, asc, eq, sql } from 'drizzle-orm';
import { guildColumns } from '../guilds/queries.ts';
import { type Onlooker, seen, seenWith } from '../guilds/visibility.ts';
import { rankColumns } from '../ranks/queries.ts';
import type { MemberRow } from '../rows.ts';
import { guilds, members, ranks } from '../tables/index.ts';

/** A player in a guild, named by both. */
export interface MemberKey {
  readonly guildId: string;
  readonly playerId: string;
}

const byKeys = query('members_by_keys', (db) =>
  db
    .select({
      guildId: members.guildId,
      playerId: members.playerId,
      joinedAt: members.joinedAt,
      note: members.note,
      rank: rankColumns,
    })
    .from(members)
    .innerJoin(guilds, eq(guilds.id, members.guildId))
    .innerJoin(ranks, and(eq(ranks.guildId, members.guildId), eq(ranks.id, members.rankId)))
    .where(
      and(
        sql`(${members.guildId}, ${members.playerId}) in (select * from unnest(
          ${sql.placeholder('guildIds')}::uuid[], ${sql.placeholder('playerIds')}::uuid[]))`,
        seen(db),
      ),
    ),
);

/** Those of the players who are members, in those of the guilds that the viewer may see. In any order. */
export const membersByKeys = (
  reads: Reads,
  { keys, ...by }: Onlooker & { keys: readonly MemberKey[] },
): Promise<MemberRow[]> =>
  reads.run(byKeys, {
    ...by,
    guildIds: keys.map(({ guildId }) => guildId),
    playerIds: keys.map(({ playerId }) => playerId),
  });

const pageColumns = {
  guildId: members.guildId,
  playerId: members.playerId,
  joinedAt: members.joinedAt,
  note: members.note,
  rankId: members.rankId,
};

const after = sql`(${sql.placeholder('afterJoinedAt')}::timestamptz, ${sql.placeholder('afterId')}::uuid)`;

const ofGuilds = narrowQuery('members_of_guilds', (db, pick) => {
  const page = db
    .select(pageColumns)
    .from(members)
    .where(and(eq(members.guildId, guilds.id), sql`(${members.joinedAt}, ${members.playerId}) > ${after}`))
    .orderBy(asc(members.joinedAt), asc(members.playerId))
    .limit(sql.placeholder('limit'))
    .as('page');
  return db
    .select({
      guildId: page.guildId,
      playerId: page.playerId,
      ...pick({ joinedAt: page.joinedAt, note: page.note }),
      rank: pick(rankColumns, 'rank'),
    })
    .from(guilds)
    .innerJoinLateral(page, sql`true`)
    .innerJoin(ranks, and(eq(ranks.guildId, page.guildId), eq(ranks.id, page.rankId)))
    .where(and(sql`${guilds.id} = any(${sql.placeholder('guildIds')}::uuid[])`, seenWith(db, 'MEMBERS_READ')))
    .orderBy(asc(page.joinedAt), asc(page.playerId));
});

/**
 * The same page of the members of each of the guilds where the viewer may see them, longest-standing first, and one
 * more row where there is a next page.
 */
export const membersOfGuilds = (
  reads: Reads,
  { page, ...by }: Onlooker & { guildIds: readonly string[]; page: Page },
): Promise<MemberRow[]> => reads.run(ofGuilds(page.columns), { ...by, ...bounds(page) });

const ofPlayers = narrowQuery('members_of_players', (db, pick) => {
  // Drizzle gives a column of a subquery by its bare name, so it has one that no table here has.
  const players = db
    .select({ id: sql<string>`player`.as('player') })
    .from(sql`unnest(${sql.placeholder('playerIds')}::uuid[]) as asked(player)`)
    .as('players');
  const page = db
    .select(pageColumns)
    .from(members)
    .innerJoin(guilds, eq(guilds.id, members.guildId))
    .where(
      and(
        eq(members.playerId, players.id),
        sql`(${members.joinedAt}, ${members.guildId}) > ${after}`,
        seen(db),
      ),
    )
    .orderBy(asc(members.joinedAt), asc(members.guildId))
    .limit(sql.placeholder('limit'))
    .as('page');
  return db
    .select({
      guildId: page.guildId,
      playerId: page.playerId,
      ...pick({ joinedAt: page.joinedAt, note: page.note }),
      rank: pick(rankColumns, 'rank'),
      guild: pick(guildColumns, 'guild'),
    })
    .from(players)
    .innerJoinLateral(page, sql`true`)
    .innerJoin(ranks, and(eq(ranks.guildId, page.guildId), eq(ranks.id, page.rankId)))
    .innerJoin(guilds, eq(guilds.id, page.guildId))
    .orderBy(asc(page.joinedAt), asc(page.guildId));
});

/**
 * The same page of each player's memberships in guilds that the viewer may see, longest-standing first, and one
 * more row where there is a next page. With the guilds, since that is what a membership is asked for.
 */
export const membershipsOfPlayers = (
  reads: Reads,
  { page, ...by }: Onlooker & { playerIds: readonly string[]; page: Page },
): Promise<MemberRow[]> => reads.run(ofPlayers(page.columns), { ...by, ...bounds(page) });

/** Before the first of all when there is no cursor: one condition for every page is one that an index serves. */
function bounds({ first, after }: Page) {
  const [afterJoinedAt, afterId] = after ?? ['-infinity', '00000000-0000-0000-0000-000000000000'];
  return { afterJoinedAt, afterId, limit: first + 1 };
}
