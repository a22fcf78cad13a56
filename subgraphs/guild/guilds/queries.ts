import type { Page } from '@fellowship/pagination';
import { query, type Reads } from '@fellowship/postgres';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { GuildRow } from '../rows.ts';
import { guilds } from '../tables.ts';
import { type Onlooker, seen } from './visibility.ts';

const columns = {
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
};

const visible = query('guilds_visible', (db) =>
  db
    .select(columns)
    .from(guilds)
    .where(and(sql`${guilds.id} = any(${sql.placeholder('ids')}::uuid[])`, seen(db))),
);

/** Those of the guilds that the viewer may see. */
export const visibleGuilds = (reads: Reads, by: Onlooker & { ids: readonly string[] }): Promise<GuildRow[]> =>
  reads.run(visible, { ...by });

const bySlug = query('guild_by_slug', (db) =>
  db
    .select(columns)
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

/** Two statements, since each has an index of its own, which a condition that may be void would keep from use. */
const byName = (name: string, inCommunity: boolean) =>
  query(name, (db) =>
    db
      .select(columns)
      .from(guilds)
      .where(
        and(
          inCommunity ? eq(guilds.communityId, sql.placeholder('communityId')) : undefined,
          sql`(${guilds.nameKey}, ${guilds.id}) > (${sql.placeholder('from')}, ${sql.placeholder('fromId')}::uuid)`,
          sql`${guilds.nameKey} < ${sql.placeholder('to')}`,
          sql`${guilds.recruiting} = coalesce(${sql.placeholder('recruiting')}::boolean, ${guilds.recruiting})`,
          seen(db),
        ),
      )
      .orderBy(asc(guilds.nameKey), asc(guilds.id))
      .limit(sql.placeholder('limit')),
  );

const ofTenant = byName('guilds_by_name', false);
const ofCommunity = byName('guilds_of_community_by_name', true);

/** Sorts before every id. */
const firstId = '00000000-0000-0000-0000-000000000000';
/** Sorts after every letter. */
const lastLetter = '\u{10FFFF}';

export interface Search extends Onlooker {
  /** How the key of the name begins (`nameKey`). */
  readonly prefix: string;
  /** All communities of the tenant unless given. */
  readonly communityId: string | undefined;
  /** Both unless given. */
  readonly recruiting: boolean | null;
  readonly page: Page;
}

/** A page of the guilds that the viewer may see, by name, and one more row when there is a next page. */
export function findGuilds(reads: Reads, { prefix, communityId, page, ...by }: Search): Promise<GuildRow[]> {
  const [from, fromId] = page.after ?? [prefix, firstId];
  const values = { ...by, from, fromId, to: prefix + lastLetter, limit: page.first + 1 };
  return communityId === undefined
    ? reads.run(ofTenant, values)
    : reads.run(ofCommunity, { ...values, communityId });
}

const lock = query('guild_lock', (db) =>
  db
    .select(columns)
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
