import { idOf } from '@fellowship/graphql';
import { violatedConstraint } from '@fellowship/postgres';
import { eq } from 'drizzle-orm';
import { record } from '../audit/record.ts';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { guildLog } from '../events.ts';
import { insertMember } from '../membership/actions.ts';
import { permissionsOf, systemRanks } from '../ranks/permissions.ts';
import type { GuildCreateInput, GuildUpdateInput } from '../schema.generated.ts';
import { guilds, ranks, tags } from '../tables/index.ts';
import { descriptionOf, nameKey, nameOf, slugFrom, slugOf } from './names.ts';
import { largestGuild, mayEdit, mayFound, mayTake } from './rules.ts';
import { enterGuild } from './state.ts';

/** Founds a guild with its system ranks and its leader. Returns its id. */
export const createGuild = (context: Context, input: GuildCreateInput): Promise<string> =>
  context.command('guildCreate', input, async (tx) => {
    const { playerId, communities } = context.viewer;
    const communityId = idOf(input.communityId) ?? deny('NOT_IN_COMMUNITY', ['communityId']);
    denyIf(mayFound(communities, communityId));
    const name = nameOf(input.name) ?? deny('INVALID_INPUT', ['name']);
    const slug =
      (typeof input.slug === 'string' ? slugOf(input.slug) : slugFrom(name)) ??
      deny('INVALID_INPUT', ['slug']);
    const description = descriptionOf(input.description ?? '') ?? deny('INVALID_INPUT', ['description']);
    const maxMembers = input.maxMembers ?? largestGuild;
    if (mayTake({ memberCount: 1 }, maxMembers)) deny('INVALID_INPUT', ['maxMembers']);

    const id = context.newId();
    const guild = tx.db.insert(guilds).values({
      id,
      communityId,
      name,
      nameKey: nameKey(name),
      slug,
      description,
      visibility: input.visibility ?? 'PUBLIC',
      recruiting: input.recruiting ?? false,
      leaderId: playerId,
      memberCount: 1,
      maxMembers,
      createdAt: tx.now,
    });
    await denyIfTaken(guild);
    const rows = systemRanks.map(({ kind, level, name }) => {
      return { guildId: id, id: context.newId(), kind, level, name, permissions: permissionsOf(kind) };
    });
    await tx.db.insert(ranks).values(rows);
    tx.emit({ type: 'guild.created', subject: guildLog(id), data: { guildId: id } });
    for (const rank of rows) if (rank.kind === 'LEADER') await insertMember(tx, id, playerId, rank);
    return id;
  });

/** Returns the guild's id. */
export const updateGuild = (context: Context, input: GuildUpdateInput): Promise<string> =>
  context.command('guildUpdate', input, async (tx) => {
    const { guild, actor } = await enterGuild(tx, context.viewer, input.guildId);
    denyIf(mayEdit(actor));
    const name = nameOf(input.name ?? guild.name) ?? deny('INVALID_INPUT', ['name']);
    const description =
      descriptionOf(input.description ?? guild.description) ?? deny('INVALID_INPUT', ['description']);
    const maxMembers = input.maxMembers ?? guild.maxMembers;
    if (mayTake(guild, maxMembers)) deny('INVALID_INPUT', ['maxMembers']);

    const after = {
      name,
      description,
      maxMembers,
      visibility: input.visibility ?? guild.visibility,
      recruiting: input.recruiting ?? guild.recruiting,
    };
    const update = tx.db.update(guilds).set({ ...after, nameKey: nameKey(name) });
    await denyIfTaken(update.where(eq(guilds.id, guild.id)));
    if (name !== guild.name) await renameTags(tx, guild.id, name);
    tx.emit({ type: 'guild.updated', subject: guildLog(guild.id), data: { guildId: guild.id } });
    const before = {
      name: guild.name,
      description: guild.description,
      maxMembers: guild.maxMembers,
      visibility: guild.visibility,
      recruiting: guild.recruiting,
    };
    await record(tx, context, { guildId: guild.id, action: 'GUILD_UPDATED', before, after });
    return guild.id;
  });

/** Guilds with a tag are read by name, so a tag has the name too. */
export async function renameTags(tx: Tx, guildId: string, name: string): Promise<void> {
  await tx.db
    .update(tags)
    .set({ nameKey: nameKey(name) })
    .where(eq(tags.guildId, guildId));
}

/** The database keeps names and slugs apart; who comes second, even by a moment, is told which it was. */
export async function denyIfTaken(write: PromiseLike<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'guilds_one_name') deny('NAME_TAKEN', ['name']);
    if (constraint === 'guilds_one_slug') deny('SLUG_TAKEN', ['slug']);
    throw error;
  }
}
