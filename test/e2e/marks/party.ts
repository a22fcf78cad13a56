import type { Data, Player } from '../../kit/client.ts';
import { act, type Story } from './story.ts';

/** What a party goes through, heard by its leader and a member of another community. */
export async function party({ graph, players, open }: Story): Promise<void> {
  const scopes = ['service:quest', 'service:matchmaking', 'service:combat'];
  const service = await graph.player('Server', { scopes });
  const [ada, cyd, dan] = await players('Ada', 'Cyd', 'Dan');
  const bea = await graph.player('Bea', { communities: ['elsewhere'] });
  const { party } = await act(ada, 'partyCreate', { joinPolicy: 'OPEN', role: 'DPS' }, 'party { id }');
  const partyId: string = party.id;
  await act(bea, 'partyJoin', { partyId, role: 'DPS' }, 'party { id }');
  const log = await open({
    field: `partyActivity(partyId: "${partyId}")`,
    schema: 'party',
    subject: `party:${partyId}`,
    readers: [ada, bea],
  });
  const then = async (player: Player, name: string, input: object, payload = 'party { id }') => {
    const answer = await act(player, name, input, payload);
    await log.compare();
    return answer;
  };

  await then(ada, 'partyUpdate', { partyId, note: 'Duel!', goal: 'DUEL', maxMembers: 4 });
  await then(bea, 'partyRoleSet', { partyId, playerId: bea.id, role: 'DPS' });
  const invited = async (inviter: Player, player: Player): Promise<string> => {
    const input = { partyId, playerId: player.id };
    return (await then(inviter, 'partyInvite', input, 'invite { id }')).invite.id;
  };
  await then(cyd, 'partyInviteDecline', { inviteId: await invited(ada, cyd) }, 'invite { id }');
  await then(ada, 'partyInviteCancel', { inviteId: await invited(ada, cyd) }, 'invite { id }');
  await then(cyd, 'partyInviteAccept', { inviteId: await invited(ada, cyd) });
  await then(ada, 'partyKick', { partyId, playerId: cyd.id });
  await then(dan, 'partyJoin', { partyId });
  await then(dan, 'partyLeave', { partyId });
  await then(ada, 'partyLeaderTransfer', { partyId, playerId: bea.id });
  await then(bea, 'partyLeaderTransfer', { partyId, playerId: ada.id });

  for (const author of [ada, bea]) {
    const { message } = await then(author, 'partyMessagePost', { partyId, body: 'Hello' }, 'message { id }');
    await then(ada, 'partyMessageDelete', { messageId: message.id }, 'message { id }');
  }

  const objectives = [{ key: 'kill', title: 'Kill wolves' }];
  const quest = { partyId, questKey: 'wolves', title: 'Wolves', objectives };
  await then(bea, 'partyQuestShare', quest, 'quest { id }');
  const report = { reportId: 'r', playerId: ada.id, questKey: 'wolves', objectiveKey: 'kill' };
  await then(service, 'partyObjectiveReport', report, 'quest { id }');
  const { quest: bears } = await then(
    ada,
    'partyQuestShare',
    { ...quest, questKey: 'bears' },
    'quest { id }',
  );
  await then(ada, 'partyQuestAbandon', { questId: bears.id }, 'quest { id }');

  const { readyCheck } = await then(ada, 'partyReadyCheckStart', { partyId }, 'readyCheck { id }');
  const answer = { readyCheckId: readyCheck.id, answer: 'READY' };
  await then(bea, 'partyReadyCheckRespond', answer, 'readyCheck { id }');

  await then(ada, 'partyQueueEnter', { partyId }, 'entry { id }');
  await then(ada, 'partyQueueLeave', { partyId }, 'entry { id }');
  await then(ada, 'partyQueueEnter', { partyId }, 'entry { id }');
  await then(service, 'partyMatchReport', { partyId, matchId: 'm1' }, 'entry { id }');

  const drop = async (mode: string): Promise<string> => {
    await then(ada, 'partyLootSettingsSet', {
      partyId,
      mode,
      masterLooterId: mode === 'MASTER_LOOTER' ? ada.id : null,
    });
    const items = [{ itemKey: 'sword', name: 'Sword', quality: 'EPIC' }];
    const input = { partyId, reportId: `${mode} ${Math.random()}`, source: 'Dragon', items };
    const { drop } = await then(service, 'partyLootReport', input, 'drop { items { id } }');
    return drop.items.map(({ id }: Data) => id)[0];
  };
  for (const votes of [
    ['NEED', 'GREED'],
    ['PASS', 'PASS'],
  ]) {
    const itemId = await drop('NEED_GREED');
    for (const [nth, player] of [ada, bea].entries())
      await then(player, 'partyLootRoll', { itemId, vote: votes[nth] }, 'item { id }');
  }
  await then(
    ada,
    'partyLootAssign',
    { itemId: await drop('MASTER_LOOTER'), playerId: bea.id },
    'item { id }',
  );
  await then(bea, 'partyLootClaim', { itemId: await drop('FREE_FOR_ALL') }, 'item { id }');

  await log.compareAll();
  await act(ada, 'partyDisband', { partyId }, 'party { id }');
  await log.compareLast();
}
