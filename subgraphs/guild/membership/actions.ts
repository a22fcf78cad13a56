import { linesOf } from '@fellowship/text';
import { and, eq, sql } from 'drizzle-orm';
import { endPending } from '../applications/state.ts';
import { reasonOf } from '../audit/reason.ts';
import { record } from '../audit/record.ts';
import { forgetResponses } from '../calendar/forget.ts';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { guildLog, inboxLog } from '../events.ts';
import { enterGuild } from '../guilds/state.ts';
import { onlookerOf } from '../guilds/visibility.ts';
import { ranksOfGuilds } from '../ranks/queries.ts';
import type { GuildRow, RankRow } from '../rows.ts';
import type {
  GuildLeadershipTransferInput,
  GuildLeaveInput,
  GuildMemberKickInput,
  GuildMemberNoteSetInput,
  GuildRankKind,
} from '../schema.generated.ts';
import { guilds, members } from '../tables/index.ts';
import type { MemberKey } from './queries.ts';
import { mayKick, mayLeave, mayNote, mayTransfer } from './rules.ts';

const longestNote = 500;

/** Returns the guild's id, here and below. */
export const leaveGuild = (context: Context, input: GuildLeaveInput): Promise<string> =>
  context.command('guildLeave', input, async (tx) => {
    const { playerId } = context.viewer;
    const { guild, actor, target } = await enterGuild(tx, context.viewer, input.guildId, input.successorId);
    denyIf(mayLeave(actor, target));
    if (guild.leaderId === playerId) {
      const successor = target ?? deny('SUCCESSOR_REQUIRED', ['successorId']);
      await setLeader(tx, context, guild, successor.playerId);
    }
    await removeMember(tx, guild.id, playerId);
    tx.emit({
      type: 'guild.member.left',
      subject: guildLog(guild.id),
      data: { guildId: guild.id, playerId },
    });
    return guild.id;
  });

export const transferLeadership = (context: Context, input: GuildLeadershipTransferInput): Promise<string> =>
  context.command('guildLeadershipTransfer', input, async (tx) => {
    const { guild, actor, target } = await enterGuild(tx, context.viewer, input.guildId, input.playerId);
    denyIf(mayTransfer(actor, target));
    const { playerId } = target ?? deny('NOT_A_MEMBER', ['playerId']);
    await setLeader(tx, context, guild, playerId);
    return guild.id;
  });

export const kickMember = (context: Context, input: GuildMemberKickInput): Promise<string> =>
  context.command('guildMemberKick', input, async (tx) => {
    const { guild, actor, target } = await enterGuild(tx, context.viewer, input.guildId, input.playerId);
    denyIf(mayKick(actor, target));
    const { playerId, rank } = target ?? deny('NOT_A_MEMBER', ['playerId']);
    const reason = reasonOf(input.reason);
    await removeMember(tx, guild.id, playerId);
    const data = { guildId: guild.id, playerId };
    tx.emit({ type: 'guild.member.kicked', subject: guildLog(guild.id), copies: [inboxLog(playerId)], data });
    const before = { rank: rank.name };
    await record(tx, context, {
      guildId: guild.id,
      action: 'MEMBER_KICKED',
      targetId: playerId,
      reason,
      before,
    });
    return guild.id;
  });

/** No event: the log is for all members, and the note is not. Returns whose. */
export const setNote = (context: Context, input: GuildMemberNoteSetInput): Promise<MemberKey> =>
  context.command('guildMemberNoteSet', input, async (tx) => {
    const { guild, actor, target } = await enterGuild(tx, context.viewer, input.guildId, input.playerId);
    denyIf(mayNote(actor, target));
    const { guildId, playerId, note: before } = target ?? deny('NOT_A_MEMBER', ['playerId']);
    const text = linesOf(input.note ?? '', 0, longestNote) ?? deny('INVALID_INPUT', ['note']);
    const note = text.trim() === '' ? null : text;
    await tx.db
      .update(members)
      .set({ note })
      .where(and(eq(members.guildId, guildId), eq(members.playerId, playerId)));
    await record(tx, context, {
      guildId: guild.id,
      action: 'MEMBER_NOTE_SET',
      targetId: playerId,
      before: { note: before },
      after: { note },
    });
    return { guildId, playerId };
  });

/** Puts a player into a locked guild that the rules let them into, and counts them. */
export async function addMember(tx: Tx, guildId: string, playerId: string, rank: RankRow): Promise<void> {
  await insertMember(tx, guildId, playerId, rank);
  await endPending(tx, { guildId, playerId }, { status: 'WITHDRAWN' });
  await tx.db
    .update(guilds)
    .set({ memberCount: sql`${guilds.memberCount} + 1` })
    .where(eq(guilds.id, guildId));
}

/** The same where the guild has counted them already: its founder. */
export async function insertMember(
  tx: Tx,
  guildId: string,
  playerId: string,
  { id: rankId, name: rankName }: Pick<RankRow, 'id' | 'name'>,
): Promise<void> {
  await tx.db.insert(members).values({ guildId, playerId, rankId, joinedAt: tx.now });
  const data = { guildId, playerId, rankId, rankName };
  tx.emit({ type: 'guild.member.joined', subject: guildLog(guildId), data });
}

/** Gives a member of a locked guild a rank. */
export async function setRank(tx: Tx, guildId: string, playerId: string, rankId: string): Promise<void> {
  await tx.db
    .update(members)
    .set({ rankId })
    .where(and(eq(members.guildId, guildId), eq(members.playerId, playerId)));
}

/** Takes a member out of a locked guild, and no longer counts them. */
export async function removeMember(tx: Tx, guildId: string, playerId: string): Promise<void> {
  await tx.db.delete(members).where(and(eq(members.guildId, guildId), eq(members.playerId, playerId)));
  await forgetResponses(tx, guildId, playerId);
  await tx.db
    .update(guilds)
    .set({ memberCount: sql`${guilds.memberCount} - 1` })
    .where(eq(guilds.id, guildId));
}

/** The lead goes to another member, and who led becomes an officer. */
async function setLeader(tx: Tx, context: Context, guild: GuildRow, playerId: string): Promise<void> {
  const { id: guildId, leaderId: previousLeaderId } = guild;
  const ranks = await ranksOfGuilds(tx, { ...onlookerOf(context.viewer), guildIds: [guildId] });
  await setRank(tx, guildId, previousLeaderId, systemRank(ranks, 'OFFICER').id);
  await setRank(tx, guildId, playerId, systemRank(ranks, 'LEADER').id);
  await tx.db.update(guilds).set({ leaderId: playerId }).where(eq(guilds.id, guildId));
  const data = { guildId, playerId, previousLeaderId };
  tx.emit({
    type: 'guild.leadership.transferred',
    subject: guildLog(guildId),
    copies: [inboxLog(playerId)],
    data,
  });
  await record(tx, context, {
    guildId,
    action: 'LEADERSHIP_TRANSFERRED',
    targetId: playerId,
    before: { leaderId: previousLeaderId },
    after: { leaderId: playerId },
  });
}

/** Every guild has every one of them. */
export function systemRank(ranks: readonly RankRow[], kind: GuildRankKind): RankRow {
  const rank = ranks.find((rank) => rank.kind === kind);
  if (!rank) throw new Error(`A guild without ${kind}`);
  return rank;
}
