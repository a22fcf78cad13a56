import { idOf } from '@fellowship/graphql';
import { record } from '../audit/record.ts';
import type { Context } from '../context.ts';
import { deny } from '../denials.ts';
import { guildLog, inboxLog } from '../events.ts';
import { enterGuild } from '../guilds/state.ts';
import { onlookerOf } from '../guilds/visibility.ts';
import { setRank } from '../membership/actions.ts';
import type { MemberKey } from '../membership/queries.ts';
import type {
  GuildMemberDemoteInput,
  GuildMemberPromoteInput,
  GuildMemberRankSetInput,
} from '../schema.generated.ts';
import { ranksOfGuilds } from './queries.ts';
import { changeRank, type RankChoice } from './rules.ts';

/** Returns the member's key, here and below. */
export const promoteMember = (context: Context, input: GuildMemberPromoteInput): Promise<MemberKey> =>
  changeMember(context, 'guildMemberPromote', input, 'NEXT_HIGHER');

export const demoteMember = (context: Context, input: GuildMemberDemoteInput): Promise<MemberKey> =>
  changeMember(context, 'guildMemberDemote', input, 'NEXT_LOWER');

export const setMemberRank = (context: Context, input: GuildMemberRankSetInput): Promise<MemberKey> =>
  changeMember(context, 'guildMemberRankSet', input, { id: idOf(input.rankId) });

function changeMember(
  context: Context,
  mutation: string,
  input: GuildMemberPromoteInput | GuildMemberDemoteInput | GuildMemberRankSetInput,
  choice: RankChoice,
): Promise<MemberKey> {
  return context.command(mutation, input, async (tx) => {
    const { guild, actor, target } = await enterGuild(tx, context.viewer, input.guildId, input.playerId);
    const ranks = await ranksOfGuilds(tx, { ...onlookerOf(context.viewer), guildIds: [guild.id] });
    const change = changeRank(actor, target, ranks, choice);
    if (change.kind === 'DENIED') deny(change.code);
    const { guildId, playerId } = target ?? deny('NOT_A_MEMBER', ['playerId']);
    if (change.kind === 'UNCHANGED') return { guildId, playerId };
    const { id: rankId, name: rankName } = change.rank;
    await setRank(tx, guildId, playerId, rankId);
    tx.emit({
      type: change.kind === 'PROMOTED' ? 'guild.member.promoted' : 'guild.member.demoted',
      subject: guildLog(guildId),
      copies: [inboxLog(playerId)],
      data: { guildId, playerId, rankId, rankName },
    });
    await record(tx, context, {
      guildId,
      action: change.kind === 'PROMOTED' ? 'MEMBER_PROMOTED' : 'MEMBER_DEMOTED',
      targetId: playerId,
      before: { rank: target?.rank.name },
      after: { rank: rankName },
    });
    return { guildId, playerId };
  });
}
