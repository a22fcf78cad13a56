import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Data, Player } from '../kit/client.ts';
import { startStack, type TestStack, topologies } from '../kit/stack.ts';

/** A party through the gateway, from the finder to a match: what a game client and its servers send. */
describe.each(topologies)('a party, %s', (topology) => {
  let graph: TestStack;
  let ada: Player;
  let bea: Player;
  let service: Player;
  let partyId: string;

  beforeAll(async () => {
    const activities = { DUEL: { TANK: 1, DPS: 1 } };
    graph = await startStack(topology, { PARTY_ACTIVITIES: JSON.stringify(activities) });
    ada = await graph.player('Ada');
    bea = await graph.player('Bea');
    service = await graph.player('Server', { scopes: ['service:quest', 'service:matchmaking'] });
    const created = await ada.mutate('partyCreate', { role: 'TANK', goal: 'DUEL' }, 'party { id }');
    partyId = created.party.id;
  });
  afterAll(() => graph?.stop());

  const unrefused = ({ errors, ...payload }: Data): Data => {
    expect(errors).toEqual([]);
    return payload;
  };

  test('is opened, found by who it lacks, and joined', async () => {
    const find =
      '{ parties(activity: "DUEL", missingRole: DPS) { nodes { id note composition { missing { role count } } } } }';
    expect((await bea.run(find)).parties.nodes).toEqual([]);
    unrefused(
      await ada.mutate('partyUpdate', { partyId, joinPolicy: 'OPEN', note: 'Duel!' }, 'party { id }'),
    );
    expect((await bea.run(find)).parties.nodes).toEqual([
      { id: partyId, note: 'Duel!', composition: { missing: [{ role: 'DPS', count: 1 }] } },
    ]);
    unrefused(await bea.mutate('partyJoin', { partyId, role: 'DPS' }, 'party { id }'));
    expect((await bea.run(find)).parties.nodes).toEqual([]);
  });

  test('talks: a message is heard with its text, and deleted without', async () => {
    const heard = await ada.subscribe(
      `subscription ($partyId: ID!, $after: String) { partyActivity(partyId: $partyId, after: $after) { __typename
        ... on PartyMessagePosted { message { body author { id party { id } } } }
        ... on PartyMessageDeleted { message { number body } } } }`,
      { partyId, after: await graph.cursor('party', `party:${partyId}`) },
    );
    const first = heard.next();
    const { message } = unrefused(
      await bea.mutate('partyMessagePost', { partyId, body: 'Hello' }, 'message { id }'),
    );
    expect((await first).data?.['partyActivity']).toEqual({
      __typename: 'PartyMessagePosted',
      message: { body: 'Hello', author: { id: bea.id, party: { id: partyId } } },
    });
    unrefused(await ada.mutate('partyMessageDelete', { messageId: message.id }, 'message { id }'));
    expect((await heard.next()).data?.['partyActivity']).toEqual({
      __typename: 'PartyMessageDeleted',
      message: { number: 1, body: null },
    });
    await heard.close();
    const { me } = await bea.run('{ me { party { messages { nodes { id body } } } } }');
    expect(me.party.messages.nodes).toEqual([{ id: message.id, body: null }]);
    const tooLong = await bea.mutate(
      'partyMessagePost',
      { partyId, body: 'x'.repeat(2_001) },
      'message { id }',
    );
    expect(tooLong.errors).toMatchObject([{ code: 'INVALID_INPUT', path: ['body'] }]);
  });

  test('shares a quest that a game server moves on, once a report', async () => {
    const objectives = [{ key: 'kill', title: 'Kill wolves', target: 2 }];
    const shared = { partyId, questKey: 'wolves', title: 'Wolves', objectives };
    const { quest } = unrefused(await bea.mutate('partyQuestShare', shared, 'quest { id }'));
    const report = (reportId: string) =>
      service.mutate(
        'partyObjectiveReport',
        { reportId, playerId: ada.id, questKey: 'wolves', objectiveKey: 'kill' },
        'quest { id status objectives { progress } }',
      );
    for (const reportId of ['r1', 'r1']) {
      expect(unrefused(await report(reportId)).quest).toEqual({
        id: quest.id,
        status: 'ACTIVE',
        objectives: [{ progress: 1 }],
      });
    }
    expect(unrefused(await report('r2')).quest.status).toBe('COMPLETED');
    const { me } = await ada.run('{ me { party { quests { id } questHistory { nodes { id } } } } }');
    expect(me.party).toEqual({ quests: [], questHistory: { nodes: [{ id: quest.id }] } });
    const again = { ...shared, questKey: 'bears' };
    const { quest: given } = unrefused(await ada.mutate('partyQuestShare', again, 'quest { id }'));
    unrefused(await ada.mutate('partyQuestAbandon', { questId: given.id }, 'quest { status }'));
  });

  test('is ready', async () => {
    const { readyCheck } = unrefused(
      await ada.mutate('partyReadyCheckStart', { partyId }, 'readyCheck { id status }'),
    );
    expect(readyCheck.status).toBe('OPEN');
    const answered = await bea.mutate(
      'partyReadyCheckRespond',
      { readyCheckId: readyCheck.id, answer: 'READY' },
      'readyCheck { status answers { player { id } answer } }',
    );
    expect(unrefused(answered).readyCheck.status).toBe('PASSED');
    expect((await bea.run('{ me { party { readyCheck { status } } } }')).me.party.readyCheck.status).toBe(
      'PASSED',
    );
  });

  test('queues, and is matched', async () => {
    unrefused(await ada.mutate('partyQueueEnter', { partyId }, 'entry { id }'));
    unrefused(await ada.mutate('partyQueueLeave', { partyId }, 'entry { id }'));
    unrefused(await ada.mutate('partyQueueEnter', { partyId }, 'entry { id }'));
    unrefused(await service.mutate('partyMatchReport', { partyId, matchId: 'm1' }, 'entry { id }'));
    const { me } = await bea.run('{ me { party { queue { status matchId } } } }');
    expect(me.party.queue).toEqual({ status: 'MATCHED', matchId: 'm1' });
  });

  test('is not told things by who may not', async () => {
    const report = { reportId: 'x', playerId: ada.id, questKey: 'wolves', objectiveKey: 'kill' };
    await expect(ada.mutate('partyObjectiveReport', report, 'quest { id }')).rejects.toThrow('FORBIDDEN');
    const match = { partyId, matchId: 'm2' };
    await expect(ada.mutate('partyMatchReport', match, 'entry { id }')).rejects.toThrow('FORBIDDEN');
  });
});
