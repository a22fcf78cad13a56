import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startParty } from '../testing.fixture.ts';

let party: Awaited<ReturnType<typeof startParty>>;
beforeAll(async () => {
  party = await startParty();
});
afterAll(() => party.close());

type Viewer = ReturnType<typeof viewer>;

const times = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A party with a ready check open. */
async function asked(size = 3) {
  const { partyId, players, leader } = await party.form(times(size).map(() => null));
  const { readyCheck } = await party.startReadyCheck(leader, { partyId });
  const [, second = leader, third = leader] = players;
  const readyCheckId: string = readyCheck.id;
  const respond = (as: Viewer, answer = 'READY') => party.respond(as, { readyCheckId, answer });
  return { partyId, players, leader, second, third, readyCheckId, respond };
}

const checkOf = async (as: Viewer) =>
  (
    await party.run(
      as,
      '{ me { party { readyCheck { id status finishedAt answers { player { id } answer } } } } }',
    )
  ).me.party.readyCheck;

/** Lets the time of a ready check pass: sets its start and its deadline back. */
async function pass(readyCheckId: string): Promise<void> {
  const { sql } = party.database;
  await sql`update party.ready_checks set expires_at = now() - interval '1 second' where id = ${readyCheckId}`;
  await sql`update party.deadlines set due_at = now() - interval '1 second' where id = ${readyCheckId}`;
}

test('all are asked, the leader is ready, and it passes when all are', async () => {
  const { leader, second, third, readyCheckId, respond } = await asked();
  const answers = (...given: (string | null)[]) =>
    [leader, second, third].map(({ playerId: id }, index) => ({ player: { id }, answer: given[index] }));
  expect(await checkOf(third)).toEqual({
    id: readyCheckId,
    status: 'OPEN',
    finishedAt: null,
    answers: answers('READY', null, null),
  });
  expect((await respond(third)).readyCheck).toMatchObject({
    status: 'OPEN',
    answers: answers('READY', null, 'READY'),
  });
  const last = (await respond(second)).readyCheck;
  expect(last).toMatchObject({ status: 'PASSED', answers: answers('READY', 'READY', 'READY') });
  expect(last.finishedAt).not.toBeNull();
  expect((await party.story(leader)).slice(-4)).toEqual([
    'PartyReadyCheckStarted',
    'PartyReadyCheckAnswered',
    'PartyReadyCheckAnswered',
    'PartyReadyCheckFinished',
  ]);
});

test('it waits for all, and fails when somebody is not ready', async () => {
  const { leader, second, third, respond } = await asked();
  expect((await respond(second, 'NOT_READY')).readyCheck.status).toBe('OPEN');
  expect((await respond(third)).readyCheck.status).toBe('FAILED');
  const { me } = await party.run(
    leader,
    `{ me { party { activity(first: 3) { nodes { __typename ... on PartyReadyCheckFinished { status }
      ... on PartyReadyCheckAnswered { player { id } answer readyCheck { status } } } } } } }`,
  );
  expect(me.party.activity.nodes).toEqual([
    { __typename: 'PartyReadyCheckFinished', status: 'FAILED' },
    {
      __typename: 'PartyReadyCheckAnswered',
      player: { id: third.playerId },
      answer: 'READY',
      readyCheck: { status: 'FAILED' },
    },
    {
      __typename: 'PartyReadyCheckAnswered',
      player: { id: second.playerId },
      answer: 'NOT_READY',
      readyCheck: { status: 'FAILED' },
    },
  ]);
});

test('who plays alone is ready at once', async () => {
  const { leader } = await asked(1);
  expect((await checkOf(leader)).status).toBe('PASSED');
});

describe('who goes is not asked any more', () => {
  test('and when nobody else is waited for, it is over', async () => {
    const { partyId, leader, second, third, respond } = await asked();
    await respond(second);
    await party.kick(leader, { partyId, playerId: third.playerId });
    expect(await checkOf(leader)).toMatchObject({ status: 'PASSED', answers: [{}, {}] });
  });

  test('and their answer does not count', async () => {
    const { partyId, second, third, leader, respond } = await asked();
    await respond(second, 'NOT_READY');
    await party.leave(second, { partyId });
    expect((await checkOf(leader)).status).toBe('OPEN');
    expect((await respond(third)).readyCheck.status).toBe('PASSED');
  });

  test('the leader too: it goes on without them', async () => {
    const { partyId, leader, second, third, respond } = await asked();
    await party.leave(leader, { partyId });
    await respond(third);
    expect((await respond(second)).readyCheck.status).toBe('PASSED');
  });

  test('all of them, while one who came later stays: it is cancelled', async () => {
    const { partyId, leader, second } = await asked(2);
    const late = viewer();
    await party.join(late, { partyId });
    await party.leave(leader, { partyId });
    await party.leave(second, { partyId });
    expect(await checkOf(late)).toMatchObject({ status: 'CANCELLED', answers: [] });
  });

  test('the whole party: it is cancelled with it', async () => {
    const { partyId, leader, readyCheckId } = await asked();
    await party.disband(leader, { partyId });
    const rows = await party.database.sql`
      select status, finished_at is not null as over from party.ready_checks where id = ${readyCheckId}`;
    expect(rows).toMatchObject([{ status: 'CANCELLED', over: true }]);
  });
});

describe('when its time is over', () => {
  test('it has failed for whoever looks, and is told once, by nobody', async () => {
    const { leader, second, readyCheckId, respond } = await asked();
    await pass(readyCheckId);
    const seen = await checkOf(second);
    expect(seen.status).toBe('FAILED');
    expect(seen.finishedAt).not.toBeNull();
    expect((await respond(second)).errors).toMatchObject([{ code: 'READY_CHECK_OVER' }]);
    const last = async () => {
      const { me } = await party.run(
        leader,
        `{ me { party { activity(first: 1) { nodes { __typename actor { id }
          ... on PartyReadyCheckFinished { status readyCheck { id finishedAt } } } } } } }`,
      );
      return me.party.activity.nodes;
    };
    await expect.poll(last).toEqual([
      {
        __typename: 'PartyReadyCheckFinished',
        actor: null,
        status: 'FAILED',
        readyCheck: { id: readyCheckId, finishedAt: seen.finishedAt },
      },
    ]);
    expect(await party.database.sql`select id from party.deadlines where id = ${readyCheckId}`).toEqual([]);
  });

  test('another can be started, also before anyone has noticed', async () => {
    const { partyId, leader, readyCheckId } = await asked();
    await party.database.sql`
      update party.ready_checks set expires_at = now() - interval '1 second' where id = ${readyCheckId}`;
    const again = await party.startReadyCheck(leader, { partyId, seconds: 300 });
    expect(again.readyCheck).toMatchObject({ status: 'OPEN' });
    expect((await party.story(leader)).slice(-3)).toEqual([
      'PartyReadyCheckStarted',
      'PartyReadyCheckFinished',
      'PartyReadyCheckStarted',
    ]);
  });

  test('one that was answered before is not ended again', async () => {
    const { leader, second, third, readyCheckId, respond } = await asked();
    await respond(second);
    await respond(third);
    await party.database.sql`
      update party.deadlines set due_at = now() - interval '1 second' where id = ${readyCheckId}`;
    const left = () => party.database.sql`select id from party.deadlines where id = ${readyCheckId}`;
    await expect.poll(left).toEqual([]);
    expect((await checkOf(leader)).status).toBe('PASSED');
    const story = await party.story(leader);
    expect(story.filter((type) => type === 'PartyReadyCheckFinished')).toHaveLength(1);
  });
});

test('only members see it', async () => {
  const { partyId, second, readyCheckId } = await asked();
  const look = `query ($id: ID!, $check: [_Any!]!) { party(id: $id) { readyCheck { id } }
    _entities(representations: $check) { ... on PartyReadyCheck { status } } }`;
  const variables = { id: partyId, check: [{ __typename: 'PartyReadyCheck', id: readyCheckId }] };
  expect(await party.run(second, look, variables)).toEqual({
    party: { readyCheck: { id: readyCheckId } },
    _entities: [{ status: 'OPEN' }],
  });
  expect(await party.run(viewer(), look, variables)).toEqual({
    party: { readyCheck: null },
    _entities: [null],
  });
});

describe('denied, with nothing changed', () => {
  test('a second while one is open, and one by a member or by whom the party is not', async () => {
    const { partyId, leader, second } = await asked();
    const start = (as: Viewer) => party.refusal(() => party.startReadyCheck(as, { partyId }));
    expect(await start(leader)).toBe('READY_CHECK_OPEN');
    expect(await start(second)).toBe('NOT_LEADER');
    expect(await start(viewer())).toBe('PARTY_NOT_FOUND');
    expect(await start({ ...leader, tenantId: tenantB })).toBe('PARTY_NOT_FOUND');
  });

  test.each([4, 301, -1])('for %i seconds', async (seconds) => {
    const { partyId, leader } = await party.form([null]);
    const start = () => party.startReadyCheck(leader, { partyId, seconds });
    expect(await party.refusal(start)).toBe('INVALID_INPUT');
  });

  test('answering twice, also otherwise; or when it asks another', async () => {
    const { partyId, leader, second, readyCheckId } = await asked();
    const refused = (as: Viewer, answer: string, id = readyCheckId) =>
      party.refusal(() => party.respond(as, { readyCheckId: id, answer }));
    await party.respond(second, { readyCheckId, answer: 'READY' });
    expect(await refused(second, 'READY')).toBe('ALREADY_ANSWERED');
    expect(await refused(second, 'NOT_READY')).toBe('ALREADY_ANSWERED');
    expect(await refused(leader, 'NOT_READY')).toBe('ALREADY_ANSWERED');
    const late = viewer();
    await party.join(late, { partyId });
    expect(await refused(late, 'READY')).toBe('NOT_ASKED');
    expect(await refused(viewer(), 'READY')).toBe('READY_CHECK_NOT_FOUND');
    expect(await refused({ ...leader, tenantId: tenantB }, 'READY')).toBe('READY_CHECK_NOT_FOUND');
    expect(await refused(leader, 'READY', 'x')).toBe('READY_CHECK_NOT_FOUND');
    expect(await refused(leader, 'READY', viewer().playerId)).toBe('READY_CHECK_NOT_FOUND');
  });
});

describe('at once', () => {
  test('50 starts: one', async () => {
    const { partyId, leader } = await party.form([null, null]);
    const answers = await Promise.all(times(50).map(() => party.startReadyCheck(leader, { partyId })));
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
  });

  test('all answer, each ten times: each once, and it is over once', async () => {
    const { players, leader, readyCheckId } = await asked(5);
    const answers = await Promise.all(
      times(50).map((index) =>
        party.respond(players[index % 5] ?? leader, { readyCheckId, answer: 'READY' }),
      ),
    );
    expect(answers.filter(({ errors }: Data) => errors.length === 0)).toHaveLength(4);
    const story = await party.story(leader);
    expect(story.filter((type) => type === 'PartyReadyCheckAnswered')).toHaveLength(4);
    expect(story.filter((type) => type === 'PartyReadyCheckFinished')).toHaveLength(1);
    expect((await checkOf(leader)).status).toBe('PASSED');
  });
});

test('the number of statements grows with neither members nor earlier ready checks', async () => {
  const counted: number[][] = [];
  for (const size of [2, 5]) {
    const { partyId, players, leader, readyCheckId } = await asked(size);
    const [, second = leader, ...others] = players;
    const answering = await party.statements(() => party.respond(second, { readyCheckId, answer: 'READY' }));
    for (const other of others) await party.respond(other, { readyCheckId, answer: 'READY' });
    const starting = await party.statements(() => party.startReadyCheck(leader, { partyId }));
    const reading = await party.statements(() => checkOf(leader));
    // With two, the answer ends it: one statement more.
    counted.push([answering.length - (size === 2 ? 1 : 0), starting.length, reading.length]);
  }
  expect(counted[1]).toEqual(counted[0]);
});
