import type { Page } from '@fellowship/pagination';
import { query, type Reads } from '@fellowship/postgres';
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { type Onlooker, seenWith } from '../guilds/visibility.ts';
import type { PostRow } from '../rows.ts';
import type { GuildPostKind } from '../schema.generated.ts';
import { guilds, posts } from '../tables/index.ts';

const columns = {
  id: posts.id,
  guildId: posts.guildId,
  kind: posts.kind,
  title: posts.title,
  body: posts.body,
  version: posts.version,
  authorId: posts.authorId,
  publishedAt: posts.publishedAt,
  updatedAt: posts.updatedAt,
};

const byIds = query('posts_by_ids', (db) =>
  db
    .select(columns)
    .from(posts)
    .innerJoin(guilds, eq(guilds.id, posts.guildId))
    .where(and(sql`${posts.id} = any(${sql.placeholder('ids')}::uuid[])`, seenWith(db, 'PAGE_READ'))),
);

/** Those of the posts that the viewer may read. */
export const postsByIds = (reads: Reads, by: Onlooker & { ids: readonly string[] }): Promise<PostRow[]> =>
  reads.run(byIds, { ...by });

const ofGuilds = query('posts_of_guilds', (db) => {
  const page = db
    .select(columns)
    .from(posts)
    .where(
      and(
        eq(posts.guildId, guilds.id),
        lt(posts.id, sql.placeholder('before')),
        sql`${posts.kind} = coalesce(${sql.placeholder('kind')}::guild.guild_post_kind, ${posts.kind})`,
      ),
    )
    .orderBy(desc(posts.id))
    .limit(sql.placeholder('limit'))
    .as('page');
  return db
    .select({
      id: page.id,
      guildId: page.guildId,
      kind: page.kind,
      title: page.title,
      body: page.body,
      version: page.version,
      authorId: page.authorId,
      publishedAt: page.publishedAt,
      updatedAt: page.updatedAt,
    })
    .from(guilds)
    .innerJoinLateral(page, sql`true`)
    .where(and(sql`${guilds.id} = any(${sql.placeholder('guildIds')}::uuid[])`, seenWith(db, 'PAGE_READ')))
    .orderBy(desc(page.id));
});

/** Sorts after every id. */
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The same page of the posts of each of the guilds of which the viewer may read them, newest first, and one more row
 * where there is a next page. `kind` null: of all kinds.
 */
export const postsOfGuilds = (
  reads: Reads,
  { page, ...by }: Onlooker & { guildIds: readonly string[]; kind: GuildPostKind | null; page: Page },
): Promise<PostRow[]> =>
  reads.run(ofGuilds, { ...by, before: page.after?.[0] ?? lastId, limit: page.first + 1 });
