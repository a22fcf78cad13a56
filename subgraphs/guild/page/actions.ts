import { eq } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { guildLog } from '../events.ts';
import { enterGuild } from '../guilds/state.ts';
import { lacks } from '../ranks/rules.ts';
import type { GuildRow } from '../rows.ts';
import type { GuildPageUpdateInput } from '../schema.generated.ts';
import { pages, tags } from '../tables/index.ts';
import { bodyOf, headlineOf, mediaOf, tagsOf } from './contents.ts';
import { pageOfGuild } from './queries.ts';

/** Returns the guild's id. */
export const updatePage = (context: Context, input: GuildPageUpdateInput): Promise<string> =>
  context.command('guildPageUpdate', input, async (tx) => {
    const { guild, actor } = await enterGuild(tx, context.viewer, input.guildId);
    denyIf(lacks(actor, 'PAGE_EDIT'));
    const page = await pageOfGuild(tx, guild.id);
    if (input.version !== page.version) deny('STALE_VERSION', ['version']);
    const before = { headline: page.headline, body: page.body, tags: page.tags, media: page.media };
    const after = {
      headline: headlineOf(input.headline ?? before.headline) ?? deny('INVALID_INPUT', ['headline']),
      body: bodyOf(input.body ?? before.body) ?? deny('INVALID_INPUT', ['body']),
      tags: tagsOf(input.tags ?? before.tags) ?? deny('INVALID_INPUT', ['tags']),
      media: mediaOf(input.media ?? before.media) ?? deny('INVALID_INPUT', ['media']),
    };

    const version = page.version + 1;
    const row = { ...after, version, editorId: context.viewer.playerId, updatedAt: tx.now };
    await tx.db
      .insert(pages)
      .values({ guildId: guild.id, ...row })
      .onConflictDoUpdate({ target: [pages.tenantId, pages.guildId], set: row });
    await setTags(tx, guild, after.tags);
    tx.emit({
      type: 'guild.page.updated',
      subject: guildLog(guild.id),
      data: { guildId: guild.id, version },
    });
    await record(tx, context, { guildId: guild.id, action: 'PAGE_UPDATED', before, after });
    return guild.id;
  });

/** What `guilds(tag:)` finds a guild by. */
async function setTags(tx: Tx, { id: guildId, nameKey }: GuildRow, names: readonly string[]): Promise<void> {
  await tx.db.delete(tags).where(eq(tags.guildId, guildId));
  if (names.length > 0) await tx.db.insert(tags).values(names.map((tag) => ({ guildId, nameKey, tag })));
}
