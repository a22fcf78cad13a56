import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startParty } from '../testing.fixture.ts';

let party: Awaited<ReturnType<typeof startParty>>;
beforeAll(async () => {
  party = await startParty();
});
afterAll(() => party.close());

const settings = 'joinPolicy maxMembers goal note';

test('a party is formed with a goal and a note', async () => {
  const leader = viewer();
  await party.create(leader, { goal: 'RAID', note: '  bring potions ' });
  const { me } = await party.run(leader, `{ me { party { ${settings} } } }`);
  expect(me.party).toEqual({ joinPolicy: 'INVITE_ONLY', maxMembers: 5, goal: 'RAID', note: 'bring potions' });
});

test('its leader changes what is given, and the rest stays', async () => {
  const { partyId, leader } = await party.form([null, null], { goal: 'RAID', note: 'x' });
  const update = async (input: object) => (await party.update(leader, { partyId, ...input })).party;
  const before = { id: partyId, joinPolicy: 'OPEN', maxMembers: 5, goal: 'RAID', note: 'x' };
  expect(await update({ maxMembers: 2 })).toEqual({ ...before, maxMembers: 2 });
  expect(await update({ joinPolicy: 'INVITE_ONLY', maxMembers: null })).toEqual({
    ...before,
    maxMembers: 2,
    joinPolicy: 'INVITE_ONLY',
  });
  expect(await update({ goal: null, note: ' ' })).toMatchObject({ goal: null, note: null });
});

test('it is told once, and not when nothing changes', async () => {
  const { partyId, leader } = await party.form([null]);
  for (let count = 0; count < 2; count += 1) {
    await party.update(leader, { partyId, goal: 'ARENA', joinPolicy: 'INVITE_ONLY' });
  }
  expect(await party.story(leader)).toEqual(['PartyCreated', 'PartyMemberJoined', 'PartyUpdated']);
  const { me } = await party.run(
    leader,
    '{ me { party { activity(first: 1) { nodes { ... on PartyUpdated { goal maxMembers joinPolicy } } } } } }',
  );
  expect(me.party.activity.nodes).toEqual([{ goal: 'ARENA', maxMembers: 5, joinPolicy: 'INVITE_ONLY' }]);
});

test('two changes in one request: each answers what it made', async () => {
  const { partyId, leader } = await party.form([null]);
  const change = (goal: string) =>
    `partyUpdate(input: { partyId: "${partyId}", goal: "${goal}" }) { party { goal } }`;
  const answers = await party.run(leader, `mutation { a: ${change('RAID')} b: ${change('ARENA')} }`);
  expect(answers).toEqual({ a: { party: { goal: 'RAID' } }, b: { party: { goal: 'ARENA' } } });
});

test('what a party lacks is for its goal, or for what one asks', async () => {
  const { leader } = await party.form(['TANK', 'DPS', null], { goal: 'DUNGEON' });
  const { me } = await party.run(
    leader,
    `{ me { party { composition { tanks healers dps undecided
      missing { role count } arena: missing(activity: "ARENA") { role count }
      questing: missing(activity: "QUESTING") { role } none: missing(activity: "__proto__") { role } } } } }`,
  );
  expect(me.party.composition).toEqual({
    tanks: 1,
    healers: 0,
    dps: 1,
    undecided: 1,
    missing: [
      { role: 'HEALER', count: 1 },
      { role: 'DPS', count: 2 },
    ],
    arena: [
      { role: 'HEALER', count: 1 },
      { role: 'DPS', count: 1 },
    ],
    questing: [],
    none: null,
  });
});

test('how many play what is kept in step with the members', async () => {
  const { partyId, leader, players } = await party.form(['TANK', 'DPS', 'DPS', null]);
  const [, second = leader, third = leader] = players;
  const counts = async () =>
    (await party.run(leader, '{ me { party { composition { tanks healers dps undecided } } } }')).me.party
      .composition;
  expect(await counts()).toEqual({ tanks: 1, healers: 0, dps: 2, undecided: 1 });
  await party.setRole(second, { partyId, playerId: second.playerId, role: 'HEALER' });
  await party.kick(leader, { partyId, playerId: third.playerId });
  expect(await counts()).toEqual({ tanks: 1, healers: 1, dps: 0, undecided: 1 });
});

describe('denied, with nothing changed', () => {
  test.each([
    [{ maxMembers: 1 }, 'INVALID_INPUT'],
    [{ maxMembers: 6 }, 'INVALID_INPUT'],
    [{ maxMembers: 2 }, 'TOO_MANY_MEMBERS'],
    [{ goal: 'NONE' }, 'ACTIVITY_NOT_FOUND'],
    [{ goal: '__proto__' }, 'ACTIVITY_NOT_FOUND'],
    [{ goal: 'RAID', note: 'x'.repeat(201) }, 'INVALID_INPUT'],
    [{ note: 'a\0' }, 'INVALID_INPUT'],
  ])('%j', async (input, code) => {
    const { partyId, leader } = await party.form([null, null, null]);
    expect(await party.refusal(() => party.update(leader, { partyId, ...input }))).toBe(code);
  });

  test('forming a party for what there is not, or with too long a note', async () => {
    const form = (input: object) => party.refusal(() => party.create(viewer(), input));
    expect(await form({ goal: 'NONE' })).toBe('ACTIVITY_NOT_FOUND');
    expect(await form({ note: 'x'.repeat(201) })).toBe('INVALID_INPUT');
  });

  test('a member, a stranger or another tenant changes it', async () => {
    const { partyId, leader, players } = await party.form([null, null]);
    const update = (as = leader) => party.refusal(() => party.update(as, { partyId, goal: 'RAID' }));
    expect(await update(players[1])).toBe('NOT_LEADER');
    expect(await update(viewer())).toBe('PARTY_NOT_FOUND');
    expect(await update({ ...leader, tenantId: tenantB })).toBe('PARTY_NOT_FOUND');
  });
});

test('50 players join while the leader makes it smaller: never more than it takes', async () => {
  const { partyId, leader } = await party.form([null]);
  const answers = await Promise.all([
    ...Array.from({ length: 25 }, () => party.join(viewer(), { partyId })),
    party.update(leader, { partyId, maxMembers: 3 }),
    ...Array.from({ length: 25 }, () => party.join(viewer(), { partyId })),
  ]);
  const shrunk = answers[25]?.errors.length === 0;
  const [row] = await party.database.sql`
    select max_members, tanks + healers + dps + undecided as counted,
      (select count(*)::int from party.members m where m.party_id = p.id) as members
    from party.parties p where id = ${partyId}`;
  const size = shrunk ? 3 : 5;
  expect(row).toEqual({ max_members: size, counted: size, members: size });
});
