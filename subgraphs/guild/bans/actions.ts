import { idOf } from '@fellowship/graphql';
import { and, eq } from 'drizzle-orm';
import { endPending } from '../applications/state.ts';
import { reasonOf } from '../audit/reason.ts';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { guildLog, inboxLog } from '../events.ts';
import { enterGuild } from '../guilds/state.ts';
import { removeMember } from '../membership/actions.ts';
import type { MemberKey } from '../membership/queries.ts';
import { lacks } from '../ranks/rules.ts';
import type { GuildMemberBanInput, GuildMemberUnbanInput } from '../schema.generated.ts';
import { bans } from '../tables/index.ts';
import { bansByKeys } from './queries.ts';
import { mayBan, mayUnban } from './rules.ts';

/** Returns whom, and where. */
export const banMember = (context: Context, input: GuildMemberBanInput): Promise<MemberKey> =>
  context.command('guildMemberBan', input, async (tx) => {
    const { playerId: bannerId } = context.viewer;
    const { guild, actor, target } = await enterGuild(tx, context.viewer, input.guildId, input.playerId);
    denyIf(lacks(actor, 'KICK'));
    const playerId = idOf(input.playerId) ?? deny('INVALID_INPUT', ['playerId']);
    const key = { guildId: guild.id, playerId };
    const banned = await bansByKeys(tx, { viewerId: bannerId, keys: [key] });
    denyIf(mayBan(actor, target, banned.length > 0));
    const reason = reasonOf(input.reason);
    if (target) await removeMember(tx, guild.id, playerId);
    await endPending(tx, key, { status: 'REJECTED', deciderId: bannerId });
    await tx.db.insert(bans).values({ ...key, id: context.newId(), bannerId, reason, createdAt: tx.now });
    const copies = [inboxLog(playerId)];
    tx.emit({ type: 'guild.member.banned', subject: guildLog(guild.id), copies, data: key });
    const before = target ? { rank: target.rank.name } : {};
    await record(tx, context, {
      guildId: guild.id,
      action: 'MEMBER_BANNED',
      targetId: playerId,
      reason,
      before,
    });
    return key;
  });

/** Returns the guild's id. */
export const unbanMember = (context: Context, input: GuildMemberUnbanInput): Promise<string> =>
  context.command('guildMemberUnban', input, async (tx) => {
    const { guild, actor } = await enterGuild(tx, context.viewer, input.guildId);
    denyIf(lacks(actor, 'KICK'));
    const playerId = idOf(input.playerId) ?? deny('NOT_BANNED', ['playerId']);
    const data = { guildId: guild.id, playerId };
    const [ban] = await bansByKeys(tx, { viewerId: context.viewer.playerId, keys: [data] });
    denyIf(mayUnban(actor, ban !== undefined));
    const reason = reasonOf(input.reason);
    await tx.db.delete(bans).where(and(eq(bans.guildId, guild.id), eq(bans.playerId, playerId)));
    const copies = [inboxLog(playerId)];
    tx.emit({ type: 'guild.member.unbanned', subject: guildLog(guild.id), copies, data });
    const before = { reason: ban?.reason };
    await record(tx, context, {
      guildId: guild.id,
      action: 'MEMBER_UNBANNED',
      targetId: playerId,
      reason,
      before,
    });
    return guild.id;
  });
