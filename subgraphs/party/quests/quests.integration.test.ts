import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { costOf } from '../../../test/kit/plan.ts';
import { type Data, tenantA, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startParty } from '../testing.fixture.ts';
import { endedQuestsOfParties } from './queries.ts';

let party: Awaited<ReturnType<typeof startParty>>;
beforeAll(async () => {
  party = await startParty();
});
afterAll(() => party.close());

type Viewer = ReturnType<typeof viewer>;

const service = viewer({ scopes: ['service:quest'] });
const times = (count: number) => Array.from({ length: count }, (_, index) => index);

const wolves = {
  questKey: 'wolves',
  title: 'The wolves of the north',
  objectives: [
    { key: 'kill', title: 'Kill wolves', target: 5 },
    { key: 'talk', title: 'Talk to the elder' },
  ],
};

/** A party of three that is at the wolves, shared by its second member. */
async function atIt() {
  const { partyId, players, leader } = await party.form([null, null, null]);
  const [, sharer = leader, third = leader] = players;
  const { quest } = await party.shareQuest(sharer, { partyId, ...wolves });
  const report = (by: Viewer, objectiveKey: string, differing: object = {}) =>
    party.reportObjective(service, {
      reportId: randomUUID(),
      playerId: by.playerId,
      questKey: 'wolves',
      objectiveKey,
      ...differing,
    });
  return { partyId, leader, sharer, third, questId: quest.id as string, report };
}

const progressOf = ({ quest }: Data) => quest.objectives.map(({ progress }: Data) => progress);
const questsOf = async (as: Viewer) =>
  (
    await party.run(
      as,
      `{ me { party { quests { id questKey title sharer { id } objectives { key title progress target isComplete } }
        questHistory { nodes { id status } } } } }`,
    )
  ).me.party;

test('a shared quest collects what every member achieves, until it is complete', async () => {
  const { leader, sharer, third, questId, report } = await atIt();
  expect(progressOf(await report(leader, 'kill', { amount: 2 }))).toEqual([2, 0]);
  expect(progressOf(await report(sharer, 'talk'))).toEqual([2, 1]);
  expect((await questsOf(third)).quests).toEqual([
    {
      id: questId,
      questKey: 'wolves',
      title: 'The wolves of the north',
      sharer: { id: sharer.playerId },
      objectives: [
        { key: 'kill', title: 'Kill wolves', progress: 2, target: 5, isComplete: false },
        { key: 'talk', title: 'Talk to the elder', progress: 1, target: 1, isComplete: true },
      ],
    },
  ]);
  const done = await report(third, 'kill', { amount: 100 });
  expect(progressOf(done)).toEqual([5, 1]);
  expect(done.quest.status).toBe('COMPLETED');
  expect(await questsOf(leader)).toEqual({
    quests: [],
    questHistory: { nodes: [{ id: questId, status: 'COMPLETED' }] },
  });
  expect((await party.story(leader)).slice(-5)).toEqual([
    'PartyQuestShared',
    'PartyQuestProgressed',
    'PartyQuestProgressed',
    'PartyQuestProgressed',
    'PartyQuestCompleted',
  ]);
});

test('progress is told with who made it and what of it counted', async () => {
  const { leader, third, questId, report } = await atIt();
  await report(third, 'kill', { amount: 4 });
  await report(third, 'kill', { amount: 4 });
  const { me } = await party.run(
    leader,
    `{ me { party { activity(first: 1) { nodes { actor { id } ... on PartyQuestProgressed {
      quest { id } player { id } objectiveKey added progress target } } } } } }`,
  );
  expect(me.party.activity.nodes).toEqual([
    {
      actor: null,
      quest: { id: questId },
      player: { id: third.playerId },
      objectiveKey: 'kill',
      added: 1,
      progress: 5,
      target: 5,
    },
  ]);
});

test('a quest is given up by its sharer or the leader, and can then be shared again', async () => {
  const { partyId, leader, sharer, questId } = await atIt();
  expect((await party.abandonQuest(sharer, { questId })).quest.status).toBe('ABANDONED');
  const again = (await party.shareQuest(leader, { partyId, ...wolves })).quest;
  expect(again.id).not.toBe(questId);
  await party.leave(leader, { partyId });
  expect((await party.abandonQuest(sharer, { questId: again.id })).quest.status).toBe('ABANDONED');
});

test('it stays with the party when its sharer goes, and ends with the party', async () => {
  const { partyId, leader, sharer, third, report } = await atIt();
  await party.leave(sharer, { partyId });
  expect(progressOf(await report(third, 'kill'))).toEqual([1, 0]);
  await party.disband(leader, { partyId });
  const rows = await party.database.sql`select status from party.quests where party_id = ${partyId}`;
  expect(rows.map((row) => row['status'])).toEqual(['ABANDONED']);
  const told = await party.database.sql`
    select type from party.activity where subject = ${`party:${partyId}`} order by sequence desc limit 2`;
  expect(told.map((row) => row['type'])).toEqual(['party:disbanded', 'party:quest-abandoned']);
});

test('only members and services see it', async () => {
  const { partyId, leader, questId } = await atIt();
  const look = `query ($id: ID!, $quest: [_Any!]!) { party(id: $id) { quests { id } questHistory { nodes { id } } }
    _entities(representations: $quest) { ... on PartyQuest { title objectives { key } } } }`;
  const variables = { id: partyId, quest: [{ __typename: 'PartyQuest', id: questId }] };
  const none = { quests: [], questHistory: { nodes: [] } };
  expect(await party.run(viewer(), look, variables)).toEqual({ party: none, _entities: [null] });
  expect((await party.run(leader, look, variables))._entities).not.toEqual([null]);
  const served = await party.run(service, look, variables);
  expect(served.party).toEqual(none);
  expect(served._entities).not.toEqual([null]);
  const elsewhere = await party.run({ ...service, tenantId: tenantB }, look, variables);
  expect(elsewhere).toEqual({ party: null, _entities: [null] });
});

describe('denied, with nothing changed', () => {
  test('sharing what the party is at already, or more than it can be at', async () => {
    const { partyId, third } = await atIt();
    const share = (differing: object) => party.shareQuest(third, { partyId, ...wolves, ...differing });
    expect(await party.refusal(() => share({}))).toBe('QUEST_ALREADY_SHARED');
    expect(await party.refusal(() => share({ questKey: ' wolves ' }))).toBe('QUEST_ALREADY_SHARED');
    for (const index of times(24)) await share({ questKey: `q${index}` });
    expect(await party.refusal(() => share({ questKey: 'one more' }))).toBe('TOO_MANY_QUESTS');
  });

  const objective = wolves.objectives[1];
  test.each([
    [{ questKey: ' ' }],
    [{ questKey: 'x'.repeat(101) }],
    [{ title: 'x'.repeat(201) }],
    [{ title: 'a\0' }],
    [{ objectives: [] }],
    [{ objectives: times(21).map((index) => ({ ...objective, key: `${index}` })) }],
    [{ objectives: [objective, objective] }],
    [{ objectives: [{ ...objective, target: 0 }] }],
    [{ objectives: [{ ...objective, target: 1_000_001 }] }],
    [{ objectives: [{ ...objective, title: '' }] }],
  ])('sharing %j', async (differing) => {
    const { partyId, leader } = await party.form([null]);
    const share = () => party.shareQuest(leader, { partyId, ...wolves, ...differing });
    expect(await party.refusal(share)).toBe('INVALID_INPUT');
  });

  test('sharing with a party one is not in', async () => {
    const { partyId, leader } = await atIt();
    for (const as of [viewer(), { ...leader, tenantId: tenantB }]) {
      const share = () => party.shareQuest(as, { partyId, ...wolves, questKey: 'other' });
      expect(await party.refusal(share)).toBe('PARTY_NOT_FOUND');
    }
  });

  test('giving up what another shared, what has ended, or what can’t be seen', async () => {
    const { leader, third, questId } = await atIt();
    const abandon = (as: Viewer, id = questId) =>
      party.refusal(() => party.abandonQuest(as, { questId: id }));
    expect(await abandon(third)).toBe('NOT_SHARER');
    expect(await abandon(viewer())).toBe('QUEST_NOT_FOUND');
    expect(await abandon(service)).toBe('QUEST_NOT_FOUND');
    expect(await abandon({ ...leader, tenantId: tenantB })).toBe('QUEST_NOT_FOUND');
    expect(await abandon(leader, 'x')).toBe('QUEST_NOT_FOUND');
    await party.abandonQuest(leader, { questId });
    expect(await abandon(leader)).toBe('QUEST_NOT_FOUND');
  });

  test('a report of a player in no party, a quest or an objective there is not, or of too much', async () => {
    const { leader, report } = await atIt();
    const refused = (by: Viewer, key: string, differing: object = {}) =>
      party.refusal(() => report(by, key, differing));
    expect(await refused(viewer(), 'kill')).toBe('PARTY_NOT_FOUND');
    expect(await refused(leader, 'kill', { playerId: 'x' })).toBe('PARTY_NOT_FOUND');
    expect(await refused(leader, 'kill', { questKey: 'bears' })).toBe('QUEST_NOT_FOUND');
    expect(await refused(leader, 'dance')).toBe('OBJECTIVE_NOT_FOUND');
    expect(await refused(leader, 'kill', { amount: 0 })).toBe('INVALID_INPUT');
    expect(await refused(leader, 'kill', { amount: 1_000_001 })).toBe('INVALID_INPUT');
    expect(await refused(leader, 'kill', { reportId: ' ' })).toBe('INVALID_INPUT');
  });

  test('a report with a player’s token, or that of a service for something else', async () => {
    const { leader, questId } = await atIt();
    const input = {
      reportId: 'r',
      playerId: leader.playerId,
      questKey: 'wolves',
      objectiveKey: 'kill',
    };
    const mutation = `mutation ($input: PartyObjectiveReportInput!) { partyObjectiveReport(input: $input) { errors { code } } }`;
    for (const as of [leader, viewer({ scopes: ['service:combat'] })]) {
      const { errors } = await party.execute(as, mutation, { input });
      expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    }
    const rows = await party.database.sql`
      select sum(progress)::int as sum from party.quest_objectives where quest_id = ${questId}`;
    expect(rows[0]?.['sum']).toBe(0);
  });

  test('a report by a service of another tenant', async () => {
    const { leader } = await atIt();
    const elsewhere = { ...service, tenantId: tenantB };
    const input = { reportId: 'r', playerId: leader.playerId, questKey: 'wolves', objectiveKey: 'kill' };
    const report = () => party.reportObjective(elsewhere, input);
    expect(await party.refusal(report)).toBe('PARTY_NOT_FOUND');
  });
});

describe('each report once', () => {
  test('sent again, also when the quest is over and its player gone', async () => {
    const { partyId, third, leader, questId, report } = await atIt();
    await report(leader, 'talk');
    const last = { reportId: randomUUID(), amount: 5 };
    expect((await report(third, 'kill', last)).quest.status).toBe('COMPLETED');
    await party.leave(third, { partyId });
    const before = await party.story(leader);
    expect((await report(third, 'kill', last)).quest).toMatchObject({ id: questId, status: 'COMPLETED' });
    expect(await party.story(leader)).toEqual(before);
  });

  test('50 times at once counts once', async () => {
    const { leader, third, report } = await atIt();
    const reportId = randomUUID();
    const answers = await Promise.all(times(50).map(() => report(third, 'kill', { reportId })));
    expect(answers.map(progressOf)).toEqual(times(50).map(() => [1, 0]));
    const story = await party.story(leader);
    expect(story.filter((type) => type === 'PartyQuestProgressed')).toHaveLength(1);
  });

  test('50 times at once, the one that completes the quest: it completes once, and all say so', async () => {
    const { leader, third, report } = await atIt();
    await report(leader, 'kill', { amount: 5 });
    const reportId = randomUUID();
    const answers = await Promise.all(times(50).map(() => report(third, 'talk', { reportId })));
    expect(new Set(answers.map(({ quest }) => quest?.status))).toEqual(new Set(['COMPLETED']));
    const story = await party.story(leader);
    expect(story.filter((type) => type === 'PartyQuestCompleted')).toHaveLength(1);
  });

  test('50 reports of all members at once add up to the target and no further', async () => {
    const { partyId, leader, sharer, third, questId } = await atIt();
    const objectives = [{ key: 'gather', title: 'Gather', target: 40 }];
    await party.shareQuest(leader, { partyId, ...wolves, questKey: 'herbs', objectives });
    const players = [leader, sharer, third];
    const answers = await Promise.all(
      times(50).map((index) =>
        party.reportObjective(service, {
          reportId: randomUUID(),
          playerId: players[index % 3]?.playerId,
          questKey: 'herbs',
          objectiveKey: 'gather',
        }),
      ),
    );
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(40);
    expect(answers.flatMap(({ errors }) => errors.map(({ code }: Data) => code))).toEqual(
      times(10).map(() => 'QUEST_NOT_FOUND'),
    );
    const { quests } = await questsOf(leader);
    expect(quests.map(({ id }: Data) => id)).toEqual([questId]);
  });
});

describe('cost', () => {
  test('the number of statements grows with neither objectives nor quests', async () => {
    const { partyId, leader } = await party.form([null]);
    const read = async () => (await party.statements(() => questsOf(leader))).length;
    const counts: [reported: number, read: number][] = [];
    for (const count of [1, 20]) {
      const objectives = times(count).map((index) => ({ key: `o${index}`, title: 'x', target: 9 }));
      await party.shareQuest(leader, { partyId, ...wolves, questKey: `q${count}`, objectives });
      const reported = await party.statements(() =>
        party.reportObjective(service, {
          reportId: randomUUID(),
          playerId: leader.playerId,
          questKey: `q${count}`,
          objectiveKey: 'o0',
        }),
      );
      counts.push([reported.length, await read()]);
    }
    expect(counts[1]).toEqual(counts[0]);
  });

  test('of 10,000 ended quests, the last page costs what the first costs', async () => {
    const { partyId, leader } = await party.form([null]);
    const id = (n: number) => `01000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
    // Every other one is of other parties: among them alone, an index of ids would do as well.
    const ids = `('01000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
    await party.database.sql.unsafe(`
      insert into party.parties (tenant_id, id, status, join_policy, max_members, created_at)
      select '${tenantA}', ${ids}, 'DISBANDED', 'OPEN', 5, now() from generate_series(1, 1000) n`);
    await party.database.sql.unsafe(`
      insert into party.quests (tenant_id, id, party_id, key, title, sharer_id, status, shared_at, ended_at)
      select '${tenantA}', ${ids},
        case n % 2 when 0 then '${partyId}' else ${ids.replaceAll('(n)', '(n / 20 + 1)')} end,
        'q', 'q', '${leader.playerId}', 'COMPLETED', now(), now() from generate_series(1, 20000) n`);
    await party.database.sql`analyze party.quests`;
    const cost = (after: readonly string[] | null) =>
      costOf(party, tenantA, (reads) =>
        endedQuestsOfParties(reads, { parentIds: [partyId], page: { first: 20, after } }),
      );
    const first = await cost(null);
    expect(first).toEqual({
      rows: 21,
      scans: [expect.stringMatching(/^quests_ended: .*party_id = .*id < /)],
    });
    expect(await cost([id(44)])).toEqual(first);
  });
});
