import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startParty } from '../testing.fixture.ts';

let party: Awaited<ReturnType<typeof startParty>>;
beforeAll(async () => {
  party = await startParty({ activities: { DUEL: { TANK: 1, DPS: 1 }, ANYTHING: {} } });
});
afterAll(() => party.close());

type Viewer = ReturnType<typeof viewer>;

const matchmaker = viewer({ scopes: ['service:matchmaking'] });

/** A party that can duel, waiting. */
async function waiting() {
  const { partyId, players, leader } = await party.form(['TANK', 'DPS'], { goal: 'DUEL' });
  const { entry } = await party.enterQueue(leader, { partyId });
  return { partyId, leader, other: players[1] ?? leader, entryId: entry.id as string };
}

const queueOf = async (as: Viewer) =>
  (await party.run(as, '{ me { party { queue { id activity status matchId endedAt } } } }')).me.party.queue;

test('a party that has whom its goal takes enters, and waits until a match is found', async () => {
  const { partyId, other, entryId } = await waiting();
  expect(await queueOf(other)).toEqual({
    id: entryId,
    activity: 'DUEL',
    status: 'WAITING',
    matchId: null,
    endedAt: null,
  });
  const { entry } = await party.reportMatch(matchmaker, { partyId, entryId, matchId: 'm1' });
  expect(entry).toEqual({ id: entryId, activity: 'DUEL', status: 'MATCHED', matchId: 'm1' });
  expect(await queueOf(other)).toMatchObject({ id: entryId, status: 'MATCHED', matchId: 'm1' });
  const { me } = await party.run(
    other,
    `{ me { party { activity(first: 2) { nodes { __typename actor { id }
      ... on PartyMatchFound { matchId entry { id } } ... on PartyQueueEntered { activity entry { id } } } } } } }`,
  );
  expect(me.party.activity.nodes).toMatchObject([
    { __typename: 'PartyMatchFound', actor: null, matchId: 'm1', entry: { id: entryId } },
    { __typename: 'PartyQueueEntered', activity: 'DUEL', entry: { id: entryId } },
  ]);
});

test('the matchmaker hears on the bus who enters', async () => {
  const { partyId, leader, other, entryId } = await waiting();
  const [event] = await party.database.sql`
    select data from party.activity where subject = ${`party:${partyId}`} and type = 'party:queue-entered'`;
  expect(event?.['data']).toEqual({
    partyId,
    entryId,
    activity: 'DUEL',
    members: [
      { playerId: leader.playerId, role: 'TANK' },
      { playerId: other.playerId, role: 'DPS' },
    ],
  });
});

test('it enters for another activity than its goal, leaves, and enters again', async () => {
  const { partyId, leader } = await party.form([null]);
  const first = (await party.enterQueue(leader, { partyId, activity: 'ANYTHING' })).entry;
  expect((await party.leaveQueue(leader, { partyId })).entry).toMatchObject({ id: first.id, status: 'LEFT' });
  const second = (await party.enterQueue(leader, { partyId, activity: 'ANYTHING' })).entry;
  expect(second.id).not.toBe(first.id);
  expect((await queueOf(leader)).id).toBe(second.id);
});

describe('what takes a party out of the queue', () => {
  const reasons = async (partyId: string) =>
    (
      await party.database.sql`
        select data->>'reason' as reason from party.activity
        where subject = ${`party:${partyId}`} and type = 'party:queue-left'`
    ).map((row) => row['reason']);

  test.each<[string, (of: Awaited<ReturnType<typeof waiting>>) => Promise<unknown>]>([
    ['a member joins', ({ partyId }) => party.join(viewer(), { partyId })],
    ['a member leaves', ({ partyId, other }) => party.leave(other, { partyId })],
    ['the leader leaves', ({ partyId, leader }) => party.leave(leader, { partyId })],
    [
      'a member is kicked',
      ({ partyId, leader, other: { playerId } }) => party.kick(leader, { partyId, playerId }),
    ],
  ])('%s', async (_, change) => {
    const of = await waiting();
    await change(of);
    expect(await reasons(of.partyId)).toEqual(['MEMBERS_CHANGED']);
  });

  test('a member plays another role; but not the same', async () => {
    const { partyId, other } = await waiting();
    const play = (role: string) => party.setRole(other, { partyId, playerId: other.playerId, role });
    await play('DPS');
    expect((await queueOf(other)).status).toBe('WAITING');
    await play('HEALER');
    expect((await queueOf(other)).status).toBe('LEFT');
    expect(await reasons(partyId)).toEqual(['MEMBERS_CHANGED']);
  });

  test('it disbands', async () => {
    const { partyId, leader } = await waiting();
    await party.disband(leader, { partyId });
    expect(await reasons(partyId)).toEqual(['DISBANDED']);
    const rows = await party.database.sql`
      select status from party.queue_entries where party_id = ${partyId}`;
    expect(rows.map((row) => row['status'])).toEqual(['LEFT']);
  });

  test('not another leader, nor other settings', async () => {
    const { partyId, leader, other } = await waiting();
    await party.transfer(leader, { partyId, playerId: other.playerId });
    await party.update(other, { partyId, goal: 'ANYTHING', joinPolicy: 'INVITE_ONLY' });
    expect((await queueOf(other)).status).toBe('WAITING');
  });
});

test('only members and the matchmaker see it', async () => {
  const { partyId, leader, entryId } = await waiting();
  const look = `query ($id: ID!, $entry: [_Any!]!) { party(id: $id) { queue { id } }
    _entities(representations: $entry) { ... on PartyQueueEntry { activity } } }`;
  const variables = { id: partyId, entry: [{ __typename: 'PartyQueueEntry', id: entryId }] };
  const seen = async (as: Viewer) => {
    const { party: of, _entities } = await party.run(as, look, variables);
    return [of?.queue?.id ?? null, _entities[0]?.activity ?? null];
  };
  expect(await seen(leader)).toEqual([entryId, 'DUEL']);
  expect(await seen(viewer())).toEqual([null, null]);
  expect(await seen(matchmaker)).toEqual([null, 'DUEL']);
  expect(await seen({ ...matchmaker, tenantId: tenantB })).toEqual([null, null]);
});

describe('denied, with nothing changed', () => {
  const enter = (as: Viewer, input: object) => party.refusal(() => party.enterQueue(as, input));

  test('a party that lacks some, and what it lacks is said', async () => {
    const { partyId, leader } = await party.form([null, 'TANK', 'TANK']);
    expect(await enter(leader, { partyId, activity: 'DUEL' })).toBe('COMPOSITION_INCOMPLETE');
    const { partyQueueEnter } = await party.run(
      leader,
      'mutation ($input: PartyQueueEnterInput!) { partyQueueEnter(input: $input) { entry { id } errors { message path } } }',
      { input: { partyId, activity: 'DUEL' } },
    );
    expect(partyQueueEnter).toEqual({
      entry: null,
      errors: [{ message: 'The party lacks roles that the activity takes: 1 DPS', path: ['activity'] }],
    });
  });

  test('for nothing, or for what there is not', async () => {
    const { partyId, leader } = await party.form([null]);
    expect(await enter(leader, { partyId })).toBe('ACTIVITY_NOT_FOUND');
    expect(await enter(leader, { partyId, activity: 'NONE' })).toBe('ACTIVITY_NOT_FOUND');
  });

  test('twice, by a member, or by whom the party is not', async () => {
    const { partyId, leader, other } = await waiting();
    expect(await enter(leader, { partyId })).toBe('ALREADY_QUEUED');
    expect(await enter(other, { partyId })).toBe('NOT_LEADER');
    expect(await enter(viewer(), { partyId })).toBe('PARTY_NOT_FOUND');
    expect(await enter({ ...leader, tenantId: tenantB }, { partyId })).toBe('PARTY_NOT_FOUND');
  });

  test('leaving as a member, or where there is no waiting', async () => {
    const { partyId, leader, other } = await waiting();
    const leave = (as: Viewer) => party.refusal(() => party.leaveQueue(as, { partyId }));
    expect(await leave(other)).toBe('NOT_LEADER');
    expect(await leave(viewer())).toBe('PARTY_NOT_FOUND');
    await party.leaveQueue(leader, { partyId });
    expect(await leave(leader)).toBe('NOT_QUEUED');
  });

  test('a match for a party that does not wait, or waits anew, or is not there', async () => {
    const { partyId, leader, entryId } = await waiting();
    const report = (input: object, as = matchmaker) =>
      party.refusal(() => party.reportMatch(as, { partyId, matchId: 'm', ...input }));
    expect(await report({ matchId: ' ' })).toBe('INVALID_INPUT');
    expect(await report({ matchId: 'x'.repeat(201) })).toBe('INVALID_INPUT');
    expect(await report({ entryId: 'x' })).toBe('NOT_QUEUED');
    expect(await report({ partyId: 'x' })).toBe('PARTY_NOT_FOUND');
    expect(await report({}, { ...matchmaker, tenantId: tenantB })).toBe('PARTY_NOT_FOUND');
    await party.leaveQueue(leader, { partyId });
    expect(await report({})).toBe('NOT_QUEUED');
    await party.enterQueue(leader, { partyId });
    expect(await report({ entryId })).toBe('NOT_QUEUED');
    await party.disband(leader, { partyId });
    expect(await report({})).toBe('PARTY_NOT_FOUND');
  });

  test('a match with a player’s token, or that of a service for something else', async () => {
    const { partyId, leader } = await waiting();
    const mutation =
      'mutation ($input: PartyMatchReportInput!) { partyMatchReport(input: $input) { errors { code } } }';
    for (const as of [leader, viewer({ scopes: ['service:quest'] })]) {
      const { errors } = await party.execute(as, mutation, { input: { partyId, matchId: 'm' } });
      expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    }
    expect((await queueOf(leader)).status).toBe('WAITING');
  });
});

describe('at once', () => {
  const times = (count: number) => Array.from({ length: count }, (_, index) => index);
  const succeeded = (answers: Data[]) => answers.filter(({ errors }) => errors.length === 0);

  test('50 times the same match: it is found once, and all are told so', async () => {
    const { partyId, leader } = await waiting();
    const answers = await Promise.all(
      times(50).map(() => party.reportMatch(matchmaker, { partyId, matchId: 'm1' })),
    );
    expect(new Set(answers.map(({ entry }) => entry?.status))).toEqual(new Set(['MATCHED']));
    const story = await party.story(leader);
    expect(story.filter((type) => type === 'PartyMatchFound')).toHaveLength(1);
  });

  test('50 different matches: one of them', async () => {
    const { partyId } = await waiting();
    const answers = await Promise.all(
      times(50).map((index) => party.reportMatch(matchmaker, { partyId, matchId: `m${index}` })),
    );
    expect(succeeded(answers)).toHaveLength(1);
  });

  test('a match and a member who leaves: matched or left, never both', async () => {
    for (const index of times(10)) {
      const { partyId, leader, other } = await waiting();
      await Promise.all([
        party.leave(other, { partyId }),
        party.reportMatch(matchmaker, { partyId, matchId: `m${index}` }),
      ]);
      const story = await party.story(leader);
      const ends = story.filter((type) => type === 'PartyMatchFound' || type === 'PartyQueueLeft');
      expect(ends).toHaveLength(1);
    }
  });
});

test('the number of statements does not grow with how often a party has queued', async () => {
  const { partyId, leader } = await party.form([null]);
  const counted: number[][] = [];
  for (const rounds of [1, 5]) {
    for (let round = 0; round < rounds; round += 1) {
      await party.enterQueue(leader, { partyId, activity: 'ANYTHING' });
      await party.leaveQueue(leader, { partyId });
    }
    const entering = await party.statements(() =>
      party.enterQueue(leader, { partyId, activity: 'ANYTHING' }),
    );
    const reading = await party.statements(() => queueOf(leader));
    await party.leaveQueue(leader, { partyId });
    counted.push([entering.length, reading.length]);
  }
  expect(counted[1]).toEqual(counted[0]);
});
