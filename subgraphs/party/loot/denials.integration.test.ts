import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { deadlinesMet } from '../testing.fixture.ts';
import { reportOf, service, startLoot } from './testing.fixture.ts';

let now = new Date();
let loot: Awaited<ReturnType<typeof startLoot>>;
beforeAll(async () => {
  loot = await startLoot({ clock: () => now });
});
afterAll(() => loot.close());

/** Runs what a rule forbids: the code is right, and nothing in the database has changed. */
async function expectDenied(code: string, attempt: () => Promise<Data>, path: string[] = []): Promise<void> {
  const before = await loot.contents();
  expect((await attempt()).errors).toEqual([{ code, path }]);
  expect(await loot.contents()).toEqual(before);
}

describe('settings', () => {
  test('a member sets them', async () => {
    const { partyId, players } = await loot.partyOf(2);
    await expectDenied('NOT_LEADER', () =>
      loot.setLoot(players[1] ?? service, { partyId, mode: 'PERSONAL' }),
    );
  });
  test('a stranger, or of another tenant, or of no party', async () => {
    const { partyId, leader } = await loot.partyOf(1);
    for (const as of [viewer(), service, { ...leader, tenantId: tenantB }]) {
      await expectDenied('PARTY_NOT_FOUND', () => loot.setLoot(as, { partyId, mode: 'PERSONAL' }));
    }
    await expectDenied('PARTY_NOT_FOUND', () => loot.setLoot(leader, { partyId: 'x' }));
  });
  test.each([[4], [301], [0], [-1]])('%i seconds to vote', async (rollSeconds) => {
    const { partyId, leader } = await loot.partyOf(1);
    await expectDenied('INVALID_INPUT', () => loot.setLoot(leader, { partyId, rollSeconds }), [
      'rollSeconds',
    ]);
  });
  test('a master looter who is no member', async () => {
    const { partyId, leader } = await loot.partyOf(1);
    for (const masterLooterId of [randomUUID(), 'x']) {
      await expectDenied('NOT_A_MEMBER', () => loot.setLoot(leader, { partyId, masterLooterId }), [
        'masterLooterId',
      ]);
    }
  });
});

describe('voting', () => {
  test('twice, with the same vote or another, also when it is resolved', async () => {
    const { players, itemId } = await loot.dropped(2);
    const [ada, bea] = players as [Data, Data];
    await loot.roll(ada, { itemId, vote: 'GREED' });
    for (const vote of ['GREED', 'NEED', 'PASS']) {
      await expectDenied('ALREADY_ROLLED', () => loot.roll(ada, { itemId, vote }));
    }
    await loot.roll(bea, { itemId, vote: 'PASS' });
    await expectDenied('ALREADY_ROLLED', () => loot.roll(bea, { itemId, vote: 'NEED' }));
  });
  test('NEED where it is forbidden, which leaves the vote to cast', async () => {
    const { partyId, leader } = await loot.partyOf(2);
    const { items } = await loot.drop(partyId, [{ needForbiddenPlayerIds: [leader.playerId] }]);
    const itemId = items[0].id;
    await expectDenied('NEED_FORBIDDEN', () => loot.roll(leader, { itemId, vote: 'NEED' }));
    expect((await loot.roll(leader, { itemId, vote: 'GREED' })).errors).toEqual([]);
  });
  test('on an item for others, and by who came later', async () => {
    const { partyId, players, leader } = await loot.partyOf(2);
    const { items } = await loot.drop(partyId, [{ eligiblePlayerIds: [players[1]?.playerId] }]);
    const late = viewer();
    await loot.join(late, { partyId });
    for (const as of [leader, late]) {
      await expectDenied('NOT_ELIGIBLE', () => loot.roll(as, { itemId: items[0].id, vote: 'NEED' }));
    }
  });
  test('by a stranger, another tenant, the service, on what does not exist: all alike', async () => {
    const { leader, itemId } = await loot.dropped(2);
    for (const as of [viewer(), service, { ...leader, tenantId: tenantB }]) {
      await expectDenied('LOOT_NOT_FOUND', () => loot.roll(as, { itemId, vote: 'NEED' }));
    }
    for (const id of [randomUUID(), 'x', '']) {
      await expectDenied('LOOT_NOT_FOUND', () => loot.roll(leader, { itemId: id, vote: 'NEED' }));
    }
  });
  test('by who has left the party', async () => {
    const { players, itemId, partyId } = await loot.dropped(3);
    const [, , cyd] = players as [Data, Data, Data];
    await loot.leave(cyd, { partyId });
    await expectDenied('LOOT_NOT_FOUND', () => loot.roll(cyd, { itemId, vote: 'NEED' }));
  });
  test.each(['MASTER_LOOTER', 'FREE_FOR_ALL', 'PERSONAL'])('on what is %s', async (mode) => {
    const { leader, itemId } = await loot.dropped(2, { mode });
    await expectDenied('ROLL_CLOSED', () => loot.roll(leader, { itemId, vote: 'NEED' }));
  });
  test('past the deadline, whether or not it is resolved yet', async () => {
    const { leader, itemId } = await loot.dropped(2, { rollSeconds: 10 });
    now = new Date(now.getTime() + 10_000);
    expect((await loot.roll(leader, { itemId, vote: 'NEED' })).errors).toMatchObject([
      { code: 'ROLL_CLOSED' },
    ]);
    await deadlinesMet(loot, now);
    await expectDenied('ROLL_CLOSED', () => loot.roll(leader, { itemId, vote: 'NEED' }));
  });
});

describe('claiming', () => {
  test('what has an owner, as the owner and as another', async () => {
    const { players, itemId } = await loot.dropped(2, { mode: 'FREE_FOR_ALL' });
    const [ada, bea] = players as [Data, Data];
    await loot.claim(ada, { itemId });
    for (const as of [ada, bea]) await expectDenied('ALREADY_AWARDED', () => loot.claim(as, { itemId }));
  });
  test.each(['NEED_GREED', 'MASTER_LOOTER'])('what is %s', async (mode) => {
    const { leader, itemId } = await loot.dropped(2, { mode });
    await expectDenied('NOT_FREE', () => loot.claim(leader, { itemId }));
  });
  test('what is for others, and what one does not see', async () => {
    const { partyId, players, leader } = await loot.partyOf(2, { mode: 'FREE_FOR_ALL' });
    const { items } = await loot.drop(partyId, [{ eligiblePlayerIds: [players[1]?.playerId] }]);
    const itemId = items[0].id;
    await expectDenied('NOT_ELIGIBLE', () => loot.claim(leader, { itemId }));
    await expectDenied('LOOT_NOT_FOUND', () => loot.claim(viewer(), { itemId }));
    await expectDenied('LOOT_NOT_FOUND', () => loot.claim(leader, { itemId: randomUUID() }));
  });
});

describe('assigning', () => {
  test('by another than the master looter, the leader included', async () => {
    const { partyId, players, leader } = await loot.partyOf(3);
    const [, bea, cyd] = players as [Data, Data, Data];
    await loot.setLoot(leader, { partyId, mode: 'MASTER_LOOTER', masterLooterId: bea.playerId });
    const { items } = await loot.drop(partyId);
    for (const as of [leader, cyd]) {
      await expectDenied('NOT_MASTER_LOOTER', () =>
        loot.assign(as, { itemId: items[0].id, playerId: as.playerId }),
      );
    }
  });
  test('to a stranger, to who has left, to a member who came later', async () => {
    const { partyId, players, leader, itemId } = await loot.dropped(2, { mode: 'MASTER_LOOTER' });
    const [, bea] = players as [Data, Data];
    const late = viewer();
    await loot.leave(bea, { partyId });
    await loot.join(late, { partyId });
    const assign = (playerId: string) => loot.assign(leader, { itemId, playerId });
    await expectDenied('NOT_A_MEMBER', () => assign(randomUUID()));
    await expectDenied('NOT_A_MEMBER', () => assign(bea.playerId));
    await expectDenied('NOT_ELIGIBLE', () => assign(late.playerId));
    await expectDenied('NOT_A_MEMBER', () => assign('x'), ['playerId']);
  });
  test('twice', async () => {
    const { leader, itemId } = await loot.dropped(2, { mode: 'MASTER_LOOTER' });
    await loot.assign(leader, { itemId, playerId: leader.playerId });
    await expectDenied('ALREADY_AWARDED', () => loot.assign(leader, { itemId, playerId: leader.playerId }));
  });
  test('what is not the master looter’s', async () => {
    const { partyId, leader, itemId } = await loot.dropped(2);
    await expectDenied('NOT_ASSIGNABLE', () => loot.assign(leader, { itemId, playerId: leader.playerId }));
    await loot.setLoot(leader, { partyId, mode: 'MASTER_LOOTER' });
    const { items } = await loot.drop(partyId, [{ quality: 'POOR' }]);
    await expectDenied('NOT_ASSIGNABLE', () =>
      loot.assign(leader, { itemId: items[0].id, playerId: leader.playerId }),
    );
  });
});

describe('reporting', () => {
  const mutation =
    'mutation ($input: PartyLootReportInput!) { partyLootReport(input: $input) { drop { id } errors { code } } }';

  test.each([
    ['a player', []],
    ['another service', ['service:quest', 'service:matchmaking', 'combat']],
  ])('by %s is FORBIDDEN, and nothing is written', async (_, scopes) => {
    const { partyId, leader } = await loot.partyOf(1);
    const before = await loot.contents();
    const input = reportOf(partyId);
    const { data, errors } = await loot.execute({ ...leader, scopes }, mutation, { input });
    expect(data).toEqual({ partyLootReport: null });
    expect(errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    expect(await loot.contents()).toEqual(before);
  });
  test('for a party that does not exist, of another tenant, or over', async () => {
    const { partyId, leader } = await loot.partyOf(1);
    for (const id of [randomUUID(), 'x']) {
      await expectDenied('PARTY_NOT_FOUND', () => loot.reportLoot(service, reportOf(id)));
    }
    const elsewhere = { ...service, tenantId: tenantB };
    await expectDenied('PARTY_NOT_FOUND', () => loot.reportLoot(elsewhere, reportOf(partyId)));
    await loot.disband(leader, { partyId });
    await expectDenied('PARTY_NOT_FOUND', () => loot.reportLoot(service, reportOf(partyId)));
  });
  test.each([
    ['no items', { items: [] }, ['items']],
    ['a blank source', { source: '  ' }, ['source']],
    ['no report id', { reportId: '' }, ['reportId']],
  ])('%s', async (_, differing, path) => {
    const { partyId } = await loot.partyOf(1);
    await expectDenied(
      'INVALID_INPUT',
      () => loot.reportLoot(service, { ...reportOf(partyId), ...differing }),
      path,
    );
  });
  test.each([
    ['too many items', Array(21).fill({}), ['items']],
    ['a name too long', [{}, { name: 'x'.repeat(101) }], ['items', '1', 'name']],
    ['a blank name', [{ name: '' }], ['items', '0', 'name']],
    ['no key', [{ itemKey: '' }], ['items', '0', 'itemKey']],
    ['what Postgres can’t store', [{ name: 'a\0' }], ['items', '0', 'name']],
    ['players who are none', [{ eligiblePlayerIds: ['x'] }], ['items', '0', 'eligiblePlayerIds']],
  ])('%s', async (_, items, path) => {
    const { partyId } = await loot.partyOf(1);
    await expectDenied('INVALID_INPUT', () => loot.reportLoot(service, reportOf(partyId, items)), path);
  });
});
