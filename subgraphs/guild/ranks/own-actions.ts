import { idOf } from '@fellowship/graphql';
import { lineOf } from '@fellowship/text';
import { and, eq, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { record } from '../audit/record.ts';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { guildLog } from '../events.ts';
import { enterGuild } from '../guilds/state.ts';
import { onlookerOf } from '../guilds/visibility.ts';
import type { RankRow } from '../rows.ts';
import type {
  GuildRankCreateInput,
  GuildRankDeleteInput,
  GuildRankUpdateInput,
} from '../schema.generated.ts';
import { invites, members, ranks } from '../tables/index.ts';
import { lowest, mayCreateRank, mayDeleteRank, mayUpdateRank, type RankDraft } from './own-rules.ts';
import { inOrder } from './permissions.ts';
import { ranksOfGuilds } from './queries.ts';
import { lacks } from './rules.ts';

/** A rank, named by its guild and its id. */
export interface RankKey {
  readonly guildId: string;
  readonly rankId: string;
}

const longestName = 40;
const nameOf = (text: string) => lineOf(text, 1, longestName) ?? deny('INVALID_INPUT', ['name']);

export const createRank = (context: Context, input: GuildRankCreateInput): Promise<RankKey> =>
  context.command('guildRankCreate', input, async (tx) => {
    const { guild, actor, all } = await enterRanks(tx, context, input.guildId);
    const { level, permissions } = input;
    const draft = { name: nameOf(input.name), level, permissions: inOrder(['READ', ...permissions]) };
    denyIf(lacks(actor, 'MANAGE_RANKS'));
    if (level <= lowest) deny('INVALID_INPUT', ['level']);
    denyIf(mayCreateRank(actor, all, draft));
    const key = { guildId: guild.id, rankId: context.newId() };
    await tx.db.insert(ranks).values({ guildId: key.guildId, id: key.rankId, ...draft });
    tx.emit({
      type: 'guild.rank.created',
      subject: guildLog(guild.id),
      data: { ...key, rankName: draft.name },
    });
    await record(tx, context, {
      guildId: guild.id,
      action: 'RANK_CREATED',
      subjectId: key.rankId,
      after: draft,
    });
    return key;
  });

export const updateRank = (context: Context, input: GuildRankUpdateInput): Promise<RankKey> =>
  context.command('guildRankUpdate', input, async (tx) => {
    const { guild, actor, all, find } = await enterRanks(tx, context, input.guildId);
    const found = find(input.rankId);
    const draft = found
      ? {
          name: nameOf(input.name ?? found.name),
          level: input.level ?? found.level,
          permissions: inOrder(['READ', ...(input.permissions ?? found.permissions)]),
        }
      : nothing;
    denyIf(lacks(actor, 'MANAGE_RANKS'));
    if (found?.kind === null && draft.level <= lowest) deny('INVALID_INPUT', ['level']);
    denyIf(mayUpdateRank(actor, found, all, draft));
    const rank = found ?? deny('RANK_NOT_FOUND');
    await tx.db
      .update(ranks)
      .set({ ...draft, permissions: [...draft.permissions] })
      .where(isRank(ranks.guildId, ranks.id, rank));
    const key = { guildId: guild.id, rankId: rank.id };
    tx.emit({
      type: 'guild.rank.updated',
      subject: guildLog(guild.id),
      data: { ...key, rankName: draft.name },
    });
    const before = draftOf(rank);
    await record(tx, context, {
      guildId: guild.id,
      action: 'RANK_UPDATED',
      subjectId: rank.id,
      before,
      after: draft,
    });
    return key;
  });

/** Returns the guild's id. */
export const deleteRank = (context: Context, input: GuildRankDeleteInput): Promise<string> =>
  context.command('guildRankDelete', input, async (tx) => {
    const { guild, actor, find } = await enterRanks(tx, context, input.guildId);
    const [gone, next] = [find(input.rankId), find(input.destinationRankId)];
    denyIf(mayDeleteRank(actor, gone, next));
    const rank = gone ?? deny('RANK_NOT_FOUND');
    const destination = next ?? deny('RANK_NOT_FOUND');
    // One statement each, whatever the number of members.
    const moved = { rankId: destination.id };
    await tx.db
      .update(members)
      .set(moved)
      .where(isRank(members.guildId, members.rankId, rank));
    await tx.db
      .update(invites)
      .set(moved)
      .where(isRank(invites.guildId, invites.rankId, rank));
    await tx.db.delete(ranks).where(isRank(ranks.guildId, ranks.id, rank));
    tx.emit({
      type: 'guild.rank.deleted',
      subject: guildLog(guild.id),
      data: {
        guildId: guild.id,
        rankId: rank.id,
        rankName: rank.name,
        destinationId: destination.id,
        destinationName: destination.name,
      },
    });
    await record(tx, context, {
      guildId: guild.id,
      action: 'RANK_DELETED',
      subjectId: rank.id,
      before: draftOf(rank),
      after: { destination: destination.name },
    });
    return guild.id;
  });

/** A locked guild with its ranks. */
async function enterRanks(tx: Tx, { viewer }: Context, guildId: string) {
  const { guild, actor } = await enterGuild(tx, viewer, guildId);
  const all = await ranksOfGuilds(tx, { ...onlookerOf(viewer), guildIds: [guild.id] });
  const find = (rankId: string) => all.find(({ id }) => id === idOf(rankId)) ?? null;
  return { guild, actor, all, find };
}

const nothing: RankDraft = { name: '', level: 0, permissions: [] };

const draftOf = ({ name, level, permissions }: RankRow): RankDraft => ({ name, level, permissions });

const isRank = (guildId: PgColumn, id: PgColumn, rank: RankRow): SQL | undefined =>
  and(eq(guildId, rank.guildId), eq(id, rank.id));
