import { idOf } from '@fellowship/graphql';
import { eq } from 'drizzle-orm';
import { reasonOf } from '../audit/reason.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { guildLog, inboxLog } from '../events.ts';
import type { GuildArchiveInput, GuildRestoreInput } from '../schema.generated.ts';
import { guilds } from '../tables/index.ts';
import { denyIfTaken, renameTags } from './actions.ts';
import { nameKey, nameOf, slugOf } from './names.ts';
import { lockGuild, rankInArchived } from './queries.ts';
import { mayArchive, mayRestore } from './rules.ts';
import { enterGuild } from './state.ts';

/** Returns the guild's id, here and below. */
export const archiveGuild = (context: Context, input: GuildArchiveInput): Promise<string> =>
  context.command('guildArchive', input, async (tx) => {
    const { guild, actor } = await enterGuild(tx, context.viewer, input.guildId);
    denyIf(mayArchive(actor));
    const reason = reasonOf(input.reason);
    await tx.db.update(guilds).set({ archivedAt: tx.now }).where(eq(guilds.id, guild.id));
    // Nobody finds it any more: the inbox keeps the id, for whoever may restore it.
    const copies = [...new Set([guild.leaderId, context.viewer.playerId])].map(inboxLog);
    const data = { guildId: guild.id };
    tx.emit({ type: 'guild.archived', subject: guildLog(guild.id), copies, data });
    await record(tx, context, { guildId: guild.id, action: 'GUILD_ARCHIVED', reason });
    return guild.id;
  });

export const restoreGuild = (context: Context, input: GuildRestoreInput): Promise<string> =>
  context.command('guildRestore', input, async (tx) => {
    const { playerId } = context.viewer;
    const id = idOf(input.guildId) ?? deny('GUILD_NOT_FOUND');
    const [locked, rank] = await Promise.all([
      lockGuild(tx, id),
      rankInArchived(tx, { guildId: id, playerId }),
    ]);
    denyIf(mayRestore(rank && { playerId, rank }));
    const guild = locked ?? deny('GUILD_NOT_FOUND');
    const name = nameOf(input.name ?? guild.name) ?? deny('INVALID_INPUT', ['name']);
    const slug = slugOf(input.slug ?? guild.slug) ?? deny('INVALID_INPUT', ['slug']);

    const update = tx.db.update(guilds).set({ archivedAt: null, name, nameKey: nameKey(name), slug });
    await denyIfTaken(update.where(eq(guilds.id, id)));
    if (name !== guild.name) await renameTags(tx, id, name);
    tx.emit({ type: 'guild.restored', subject: guildLog(id), data: { guildId: id } });
    const before = { name: guild.name, slug: guild.slug };
    await record(tx, context, { guildId: id, action: 'GUILD_RESTORED', before, after: { name, slug } });
    return id;
  });
