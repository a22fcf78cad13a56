import type { Page } from '@fellowship/pagination';
import { query, type Reads } from '@fellowship/postgres';
import { and, asc, eq, isNotNull, sql } from 'drizzle-orm';
import { rankColumns } from '../ranks/queries.ts';
import type { GuildRow, RankRow } from '../rows.ts';
import { guilds, members, ranks, tags } from '../tables/index.ts';
import { type Onlooker, seen } from './visibility.ts';

export const guildColumns = {
  id: guilds.id,
  communityId: guilds.communityId,
  name: guilds.name,
  nameKey: guilds.nameKey,
  slug: guilds.slug,
  description: guilds.description,
  visibility: guilds.visibility,
  recruiting: guilds.recruiting,
  leaderId: guilds.leaderId,
  memberCount: guilds.memberCount,
  maxMembers: guilds.maxMembers,
  createdAt: guilds.createdAt,
  archivedAt: guilds.archivedAt,
};

const visible = query('guilds_visible', (db) =>
  db
    .select(guildColumns)
    .from(guilds)
    .where(and(sql`${guilds.id} = any(${sql.placeholder('ids')}::uuid[])`, seen(db))),
);

/** Those of the guilds that the viewer may see. */
export const visibleGuilds = (reads: Reads, by: Onlooker & { ids: readonly string[] }): Promise<GuildRow[]> =>
  reads.run(visible, { ...by });

const bySlug = query('guild_by_slug', (db) =>
  db
    .select(guildColumns)
    .from(guilds)
    .where(
      and(
        eq(guilds.communityId, sql.placeholder('communityId')),
        eq(guilds.slug, sql.placeholder('slug')),
        seen(db),
      ),
    ),
);

/** The community's guild with a slug, if the viewer may see it. */
export async function guildBySlug(
  reads: Reads,
  by: Onlooker & { communityId: string; slug: string },
): Promise<GuildRow | null> {
  const [guild] = await reads.run(bySlug, { ...by });
  return guild ?? null;
}

/**
 * Statements of their own, since each has an index of its own, which a condition that may be void would keep from
 * use. Measured with 100,000 guilds, one in 1,000 recruiting: the same page of those in 14 ms with one statement for
 * all, in under 1 ms so.
 */
const byName = (name: string, inCommunity: boolean, recruitingOnly: boolean) =>
  query(name, (db) =>
    db
      .select(guildColumns)
      .from(guilds)
      .where(
        and(
          inCommunity ? eq(guilds.communityId, sql.placeholder('communityId')) : undefined,
          sql`(${guilds.nameKey}, ${guilds.id}) > (${sql.placeholder('from')}, ${sql.placeholder('fromId')}::uuid)`,
          // Both ends, although the first is said above: of a range the planner guesses that it is short, and takes
          // this order's index. Of one end it guesses a third of the table, and sorted all names of a tenant.
          sql`${guilds.nameKey} >= ${sql.placeholder('from')}`,
          sql`${guilds.nameKey} < ${sql.placeholder('to')}`,
          recruitingOnly
            ? sql`${guilds.recruiting}`
            : sql`${guilds.recruiting} = coalesce(${sql.placeholder('recruiting')}::boolean, ${guilds.recruiting})`,
          seen(db),
        ),
      )
      .orderBy(asc(guilds.nameKey), asc(guilds.id))
      .limit(sql.placeholder('limit')),
  );

const ofTenant = byName('guilds_by_name', false, false);
const ofCommunity = byName('guilds_of_community_by_name', true, false);
const recruitingOfTenant = byName('guilds_recruiting_by_name', false, true);
const recruitingOfCommunity = byName('guilds_recruiting_of_community_by_name', true, true);

const tagged = query('guilds_by_tag', (db) =>
  db
    .select(guildColumns)
    .from(tags)
    .innerJoin(guilds, eq(guilds.id, tags.guildId))
    .where(
      and(
        eq(tags.tag, sql.placeholder('tag')),
        sql`${guilds.communityId} = coalesce(${sql.placeholder('communityId')}::uuid, ${guilds.communityId})`,
        sql`(${tags.nameKey}, ${tags.guildId}) > (${sql.placeholder('from')}, ${sql.placeholder('fromId')}::uuid)`,
        // Both ends, as above: before a table's first vacuum all guilds with the tag were read and sorted.
        sql`${tags.nameKey} >= ${sql.placeholder('from')}`,
        sql`${tags.nameKey} < ${sql.placeholder('to')}`,
        sql`${guilds.recruiting} = coalesce(${sql.placeholder('recruiting')}::boolean, ${guilds.recruiting})`,
        seen(db),
      ),
    )
    .orderBy(asc(tags.nameKey), asc(tags.guildId))
    .limit(sql.placeholder('limit')),
);

/** Sorts before every id. */
const firstId = '00000000-0000-0000-0000-000000000000';
/** Sorts after every letter. */
const lastLetter = '\u{10FFFF}';

export interface Search extends Onlooker {
  /** How the key of the name begins (`nameKey`). */
  readonly prefix: string;
  /** On its page, as `tagOf` gives it. Any unless given. */
  readonly tag: string | undefined;
  /** All communities of the tenant unless given. */
  readonly communityId: string | undefined;
  /** Both unless given. */
  readonly recruiting: boolean | null;
  readonly page: Page;
}

/** A page of the guilds that the viewer may see, by name, and one more row when there is a next page. */
export function findGuilds(
  reads: Reads,
  { prefix, tag, communityId, page, ...by }: Search,
): Promise<GuildRow[]> {
  const [from, fromId] = page.after ?? [prefix, firstId];
  const values = { ...by, from, fromId, to: prefix + lastLetter, limit: page.first + 1 };
  if (tag !== undefined) return reads.run(tagged, { ...values, tag, communityId: communityId ?? null });
  const recruiting = by.recruiting === true;
  if (communityId === undefined) return reads.run(recruiting ? recruitingOfTenant : ofTenant, values);
  return reads.run(recruiting ? recruitingOfCommunity : ofCommunity, { ...values, communityId });
}

const lock = query('guild_lock', (db) =>
  db
    .select(guildColumns)
    .from(guilds)
    .where(eq(guilds.id, sql.placeholder('id')))
    .for('no key update'),
);

/**
 * A guild, whoever asks, held: nobody else changes it, its ranks or its members until the transaction ends. Rows
 * that refer to it can be inserted meanwhile (`for update` would make even those wait).
 */
export async function lockGuild(tx: Reads, id: string): Promise<GuildRow | null> {
  const [guild] = await tx.run(lock, { id });
  return guild ?? null;
}

const archivedRank = query('guild_archived_rank', (db) =>
  db
    .select(rankColumns)
    .from(members)
    .innerJoin(guilds, and(eq(guilds.id, members.guildId), isNotNull(guilds.archivedAt)))
    .innerJoin(ranks, and(eq(ranks.guildId, members.guildId), eq(ranks.id, members.rankId)))
    .where(
      and(eq(members.guildId, sql.placeholder('guildId')), eq(members.playerId, sql.placeholder('playerId'))),
    ),
);

/** The rank that a player has in a guild that is archived; null when it is not, or they are no member. */
export async function rankInArchived(
  reads: Reads,
  by: { guildId: string; playerId: string },
): Promise<RankRow | null> {
  const [rank] = await reads.run(archivedRank, by);
  return rank ?? null;
}
