import { query, type Reads } from '@fellowship/postgres';
import { and, eq, sql } from 'drizzle-orm';
import { type Onlooker, seenWith } from '../guilds/visibility.ts';
import type { PageRow } from '../rows.ts';
import { guilds, pages } from '../tables/index.ts';

const page = {
  guildId: pages.guildId,
  version: pages.version,
  headline: pages.headline,
  body: pages.body,
  tags: pages.tags,
  media: pages.media,
  editorId: pages.editorId,
  updatedAt: pages.updatedAt,
};

const ofGuilds = query('pages_of_guilds', (db) =>
  db
    .select({ id: guilds.id, page })
    .from(guilds)
    .leftJoin(pages, eq(pages.guildId, guilds.id))
    .where(and(sql`${guilds.id} = any(${sql.placeholder('guildIds')}::uuid[])`, seenWith(db, 'PAGE_READ'))),
);

/** The pages of those guilds of which the viewer may read it. */
export const pagesOfGuilds = async (
  reads: Reads,
  by: Onlooker & { guildIds: readonly string[] },
): Promise<PageRow[]> => (await reads.run(ofGuilds, { ...by })).map(({ id, page }) => page ?? emptyPage(id));

const ofGuild = query('page_of_guild', (db) =>
  db
    .select(page)
    .from(pages)
    .where(eq(pages.guildId, sql.placeholder('guildId'))),
);

/** The page of a locked guild, whoever asks. */
export async function pageOfGuild(reads: Reads, guildId: string): Promise<PageRow> {
  const [row] = await reads.run(ofGuild, { guildId });
  return row ?? emptyPage(guildId);
}

function emptyPage(guildId: string): PageRow {
  const contents = { headline: '', body: '', tags: [], media: [] };
  return { guildId, version: 0, ...contents, editorId: null, updatedAt: null };
}
