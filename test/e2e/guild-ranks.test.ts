import { DEMO_COMMUNITY_ID } from '@fellowship/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Data, Player } from '../kit/client.ts';
import { openStack, type TestStack, topologies } from '../kit/stack.ts';

/** Highest first: the system's ranks, and one of the guild's own. */
const ladder = ['LEADER', 'OFFICER', 'Herald', 'VETERAN', 'MEMBER', 'RECRUIT'];
/** Who may give notes: the others lack OFFICER_CHAT. */
const officers = ['LEADER', 'OFFICER', 'Herald'];

describe.each(topologies)('ranks through the gateway, %s', (topology) => {
  let graph: TestStack;
  let guildId: string;
  const ranks = new Map<string, string>();
  const holders = new Map<string, Player>();
  const holder = (rank: string): Player => {
    const player = holders.get(rank);
    if (!player) throw new Error(rank);
    return player;
  };

  beforeAll(async () => {
    graph = await openStack(topology);
    const leader = await graph.player('LEADER');
    holders.set('LEADER', leader);
    const founded = { communityId: DEMO_COMMUNITY_ID, name: 'Ladder', recruiting: true };
    const { guild } = await leader.mutate('guildCreate', founded, 'guild { id ranks { id kind } }');
    guildId = guild.id;
    for (const { id, kind } of guild.ranks) ranks.set(kind, id);
    const herald = { guildId, name: 'Herald', level: 3.5, permissions: ['OFFICER_CHAT', 'CHAT'] };
    ranks.set('Herald', (await leader.mutate('guildRankCreate', herald, 'rank { id }')).rank.id);
    for (const rank of ladder.slice(1)) {
      const player = await graph.player(rank);
      holders.set(rank, player);
      const { application } = await player.mutate('guildApply', { guildId }, 'application { id }');
      await leader.mutate('guildApplicationApprove', { applicationId: application.id }, 'application { id }');
      const given = { guildId, playerId: player.id, rankId: ranks.get(rank) };
      expect((await leader.mutate('guildMemberRankSet', given, 'member { player { id } }')).errors).toEqual(
        [],
      );
    }
  });
  afterAll(() => graph?.stop());

  test.each(ladder)('%s notes something about each rank', async (actor) => {
    const codes = [];
    for (const target of ladder) {
      const input = { guildId, playerId: holder(target).id, note: `by ${actor}` };
      const { errors } = await holder(actor).mutate('guildMemberNoteSet', input, 'member { note }');
      codes.push(errors[0]?.code ?? 'yes');
    }
    const above = ladder.indexOf(actor);
    expect(codes).toEqual(
      ladder.map((_, index) =>
        !officers.includes(actor) ? 'MISSING_PERMISSION' : index > above ? 'yes' : 'MEMBER_NOT_BELOW_YOU',
      ),
    );
  });

  test.each(ladder)('%s kicks the leader, and nothing changes', async (actor) => {
    const input = { guildId, playerId: holder('LEADER').id };
    const { errors } = await holder(actor).mutate('guildMemberKick', input, 'guild { id }');
    const may = ['LEADER', 'OFFICER'].includes(actor);
    expect(errors[0].code).toBe(may ? 'MEMBER_NOT_BELOW_YOU' : 'MISSING_PERMISSION');
    const { guild } = await holder(actor).run(
      'query ($id: ID!) { guild(id: $id) { leader { id } memberCount } }',
      {
        id: guildId,
      },
    );
    expect(guild).toEqual({ leader: { id: holder('LEADER').id }, memberCount: ladder.length });
  });

  test('a permission given to a rank counts at once, and the audit log tells of it', async () => {
    const [leader, member] = [holder('LEADER'), holder('MEMBER')];
    const invite = () => member.mutate('guildInviteCreate', { guildId }, 'invite { code }');
    expect((await invite()).errors[0].code).toBe('MISSING_PERMISSION');
    const permissions = ['MEMBERS_READ', 'PAGE_READ', 'CHAT', 'INVITE'];
    const update = { guildId, rankId: ranks.get('MEMBER'), permissions };
    await leader.mutate('guildRankUpdate', update, 'rank { id }');
    expect((await invite()).errors).toEqual([]);
    const read =
      'query ($id: ID!) { guild(id: $id) { auditLog(first: 2) { nodes { action actor { id } } } } }';
    const nodes: Data[] = (await leader.run(read, { id: guildId })).guild.auditLog.nodes;
    expect(nodes).toEqual([
      { action: 'INVITE_CREATED', actor: { id: member.id } },
      { action: 'RANK_UPDATED', actor: { id: leader.id } },
    ]);
  });
});
