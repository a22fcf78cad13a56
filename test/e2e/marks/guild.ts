import { DEMO_COMMUNITY_ID } from '@fellowship/identity';
import type { Data, Player } from '../../kit/client.ts';
import { act, type Story } from './story.ts';

/** What a guild goes through, heard by its leader, an officer, and a recruit of another community. */
export async function guild({ graph, players, open }: Story): Promise<void> {
  const [ada, bea, dan, eve, fay] = await players('Ada', 'Bea', 'Dan', 'Eve', 'Fay');
  const cyd = await graph.player('Cyd', { communities: ['elsewhere'] });
  const founded = await act(
    ada,
    'guildCreate',
    { communityId: DEMO_COMMUNITY_ID, name: 'Dawn' },
    'guild { id ranks { id kind } }',
  );
  const guildId: string = founded.guild.id;
  const ranks = new Map(founded.guild.ranks.map(({ kind, id }: Data) => [kind, id]));
  const { invite } = await act(
    ada,
    'guildInviteCreate',
    { guildId, rankId: ranks.get('RECRUIT') },
    'invite { id code }',
  );
  const join = (player: Player) => act(player, 'guildInviteAccept', { code: invite.code }, 'guild { id }');
  for (const player of [bea, cyd]) await join(player);
  await act(
    ada,
    'guildMemberRankSet',
    { guildId, playerId: bea.id, rankId: ranks.get('OFFICER') },
    'member { note }',
  );

  const readers = [ada, bea, cyd];
  const about = {
    field: `guildActivity(guildId: "${guildId}")`,
    schema: 'guild',
    subject: `guild:${guildId}`,
  };
  const log = await open({ ...about, readers });
  const channel = (name: string, hearers: readonly Player[]) =>
    open({
      field: `guildMessages(guildId: "${guildId}", channel: ${name})`,
      schema: 'guild',
      subject: `guild:${guildId}:${name.toLowerCase()}`,
      readers: hearers,
    });
  const logs = [log, await channel('GUILD', readers), await channel('OFFICER', [ada, bea])];
  const then = async (player: Player, name: string, input: object, payload = 'guild { id }') => {
    const answer = await act(player, name, input, payload);
    for (const each of logs) await each.compare();
    return answer;
  };

  await then(ada, 'guildUpdate', { guildId, description: 'At first light', visibility: 'PRIVATE' });
  for (const player of [dan, eve]) await then(player, 'guildInviteAccept', { code: invite.code });
  await then(ada, 'guildMemberPromote', { guildId, playerId: dan.id }, 'member { note }');
  await then(ada, 'guildMemberDemote', { guildId, playerId: dan.id }, 'member { note }');
  await then(ada, 'guildInviteRevoke', { inviteId: invite.id }, 'invite { id }');
  await then(eve, 'guildLeave', { guildId });
  await then(ada, 'guildMemberKick', { guildId, playerId: dan.id });
  await then(ada, 'guildMemberBan', { guildId, playerId: dan.id }, 'ban { reason }');
  await then(ada, 'guildMemberUnban', { guildId, playerId: dan.id });
  await then(ada, 'guildLeadershipTransfer', { guildId, playerId: bea.id });
  await then(bea, 'guildLeadershipTransfer', { guildId, playerId: ada.id });

  await then(ada, 'guildUpdate', { guildId, visibility: 'PUBLIC', recruiting: true });
  const apply = async (player: Player): Promise<string> =>
    (await then(player, 'guildApply', { guildId }, 'application { id }')).application.id;
  for (const [player, reviewer, name] of [
    [dan, dan, 'Withdraw'],
    [eve, ada, 'Reject'],
    [fay, ada, 'Approve'],
  ] as const) {
    await then(
      reviewer,
      `guildApplication${name}`,
      { applicationId: await apply(player) },
      'application { id }',
    );
  }

  const made = { guildId, name: 'Scout', level: 2.5, permissions: ['READ'] };
  const { rank } = await then(ada, 'guildRankCreate', made, 'rank { id }');
  await then(ada, 'guildMemberRankSet', { guildId, playerId: fay.id, rankId: rank.id }, 'member { note }');
  await then(ada, 'guildRankUpdate', { guildId, rankId: rank.id, name: 'Ranger' }, 'rank { id }');
  await then(ada, 'guildBankLimitSet', { guildId, rankId: rank.id, currency: '5' }, 'rank { id }');
  await then(ada, 'guildRankDelete', { guildId, rankId: rank.id, destinationRankId: ranks.get('RECRUIT') });

  await then(ada, 'guildPageUpdate', { guildId, version: 0, headline: 'Join us' }, 'page { version }');
  const { post } = await then(
    ada,
    'guildPostPublish',
    { guildId, kind: 'NEWS', title: 'News', body: 'Good.' },
    'post { id version }',
  );
  await then(
    ada,
    'guildPostUpdate',
    { postId: post.id, version: post.version, title: 'Old news' },
    'post { id }',
  );
  await then(ada, 'guildPostDelete', { postId: post.id });

  const { tab } = await then(ada, 'guildBankTabCreate', { guildId, name: 'Ores' }, 'tab { id }');
  await then(ada, 'guildBankTabUpdate', { guildId, tabId: tab.id, name: 'Herbs' }, 'tab { id }');
  await then(ada, 'guildBankDeposit', { guildId, currency: '10' }, 'entry { number }');
  await then(ada, 'guildBankWithdraw', { guildId, currency: '5' }, 'entry { number }');

  const startsAt = new Date(Date.now() + 3_600_000).toISOString();
  const plan = { guildId, title: 'Raid', startsAt, durationMinutes: 60, timeZone: 'Europe/Berlin' };
  const { event } = await then(ada, 'guildEventCreate', plan, 'event { id }');
  await then(ada, 'guildEventUpdate', { eventId: event.id, title: 'Siege' }, 'event { id }');
  await then(
    cyd,
    'guildEventRespond',
    { eventId: event.id, startsAt, attendance: 'GOING' },
    'occurrence { goingCount }',
  );
  await then(ada, 'guildEventCancel', { eventId: event.id }, 'event { id }');

  for (const [name, author, moderator] of [
    ['GUILD', cyd, bea],
    ['GUILD', ada, ada],
    ['OFFICER', bea, ada],
  ] as const) {
    const { message } = await then(
      author,
      'guildMessagePost',
      { guildId, channel: name, body: 'Hello' },
      'message { id }',
    );
    await then(moderator, 'guildMessageDelete', { messageId: message.id }, 'message { id }');
  }
  for (const each of logs) await each.compareAll();

  await act(ada, 'guildArchive', { guildId }, 'guildId');
  await log.compareLast();
  await act(ada, 'guildRestore', { guildId }, 'guild { id }');
  await (await open({ ...about, readers })).compareAll();
}
