import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, viewer } from '../../../test/kit/subgraph.ts';
import { commitmentTo } from './fairness.ts';
import { reportOf, service, startLoot, times } from './testing.fixture.ts';
import { verifyDrop } from './verify.ts';

let now = new Date();
let loot: Awaited<ReturnType<typeof startLoot>>;
beforeAll(async () => {
  loot = await startLoot({ clock: () => now });
});
afterAll(() => loot.close());

const pass = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000);
};
const rollersOf = ({ rolls }: Data) => rolls.map(({ player }: Data) => player.id).sort();

describe('settings', () => {
  test('begin as usual, and what is left out of a change stays', async () => {
    const { partyId, leader, players } = await loot.partyOf(2);
    const read = async () =>
      (await loot.run(leader, '{ me { party { lootSettings { mode threshold rollSeconds } } } }')).me.party;
    expect((await read()).lootSettings).toEqual({
      mode: 'NEED_GREED',
      threshold: 'UNCOMMON',
      rollSeconds: 60,
    });
    const masterLooterId = players[1]?.playerId;
    await loot.setLoot(leader, { partyId, mode: 'MASTER_LOOTER', masterLooterId });
    const { party } = await loot.setLoot(leader, { partyId, threshold: 'EPIC', rollSeconds: 5 });
    expect(party.lootSettings).toEqual({
      mode: 'MASTER_LOOTER',
      threshold: 'EPIC',
      rollSeconds: 5,
      masterLooter: { id: masterLooterId },
    });
  });

  test('the master looter falls back to whoever leads', async () => {
    const { partyId, leader, players } = await loot.partyOf(3);
    const [, bea, cyd] = players as [Data, Data, Data];
    const looter = async (as: Data) =>
      (await loot.run(as, '{ me { party { lootSettings { masterLooter { id } } } } }')).me.party.lootSettings
        .masterLooter.id;
    expect(await looter(cyd)).toBe(leader.playerId);
    await loot.setLoot(leader, { partyId, masterLooterId: bea.playerId });
    expect(await looter(cyd)).toBe(bea.playerId);
    await loot.leave(bea, { partyId });
    expect(await looter(cyd)).toBe(leader.playerId);
    await loot.leave(leader, { partyId });
    expect(await looter(cyd)).toBe(cyd.playerId);
  });

  test('a drop keeps those it dropped under', async () => {
    const { partyId, leader, dropId, itemId } = await loot.dropped(2, { rollSeconds: 30 });
    await loot.setLoot(leader, { partyId, mode: 'FREE_FOR_ALL', rollSeconds: 300, threshold: 'POOR' });
    expect(await loot.history(leader, dropId)).toMatchObject({
      settings: { mode: 'NEED_GREED', threshold: 'UNCOMMON', rollSeconds: 30 },
      items: [{ id: itemId, mode: 'NEED_GREED', status: 'ROLLING' }],
    });
  });
});

describe('a drop', () => {
  test('is reported by a service, and told to the party with a commitment and no seed', async () => {
    const { partyId, leader } = await loot.partyOf(2);
    const { drop, errors } = await loot.reportLoot(
      service,
      reportOf(partyId, [{ name: 'Ring' }, { quality: 'COMMON' }]),
    );
    expect(errors).toEqual([]);
    expect(drop).toMatchObject({
      commitment: expect.stringMatching(/^[0-9a-f]{64}$/),
      seed: null,
      items: [
        { name: 'Ring', mode: 'NEED_GREED', status: 'ROLLING' },
        { name: 'Sword', mode: 'FREE_FOR_ALL', status: 'FREE' },
      ],
    });
    const [told] = await loot.database.sql`
      select actor_id, data from party.activity where subject = ${`party:${partyId}`} and type = 'party:loot-dropped'`;
    expect(told).toMatchObject({ actor_id: null, data: { dropId: drop.id, commitment: drop.commitment } });
    expect((await loot.history(leader, drop.id)).id).toBe(drop.id);
  });

  test('snapshots who may have it: members then, as far as the game lets them', async () => {
    const { partyId, leader, players } = await loot.partyOf(3);
    const [ada, bea] = players.map(({ playerId }) => playerId);
    const eligible = { eligiblePlayerIds: [ada, bea, viewer().playerId], needForbiddenPlayerIds: [bea] };
    const { id } = await loot.drop(partyId, [eligible, {}]);
    await loot.join(viewer(), { partyId });
    const [restricted, open] = (await loot.history(leader, id)).items;
    expect(restricted.candidates.map(({ player, mayNeed }: Data) => [player.id, mayNeed]).sort()).toEqual(
      [
        [ada, true],
        [bea, false],
      ].sort(),
    );
    expect(open.candidates).toHaveLength(3);
  });

  test('reported twice is one drop, also at once, and gets the same answer', async () => {
    const { partyId, leader } = await loot.partyOf(2);
    const report = reportOf(partyId);
    const answers = await Promise.all(times(20).map(() => loot.reportLoot(service, report)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await loot.events(partyId, 'party:loot-%')).toEqual(['party:loot-dropped']);
    await loot.disband(leader, { partyId });
    const late = await loot.reportLoot(service, report);
    expect(late.drop.id).toBe(answers[0].drop.id);
    const other = await loot.partyOf(1);
    const elsewhere = await loot.reportLoot(service, { ...report, partyId: other.partyId });
    expect(elsewhere.drop.id).not.toBe(late.drop.id);
  });
});

describe('NEED_GREED', () => {
  test('any NEED beats every GREED; the last vote resolves it at once, the seed is revealed, and all of it verifies', async () => {
    const { players, dropId, itemId, partyId } = await loot.dropped(3);
    const [ada, bea, cyd] = players as [Data, Data, Data];
    await loot.roll(ada, { itemId, vote: 'GREED' });
    await loot.roll(bea, { itemId, vote: 'NEED' });
    const { item } = await loot.roll(cyd, { itemId, vote: 'GREED' });
    expect(item).toMatchObject({ status: 'AWARDED', winner: { id: bea.playerId } });
    expect(item.rounds.map(rollersOf)).toEqual([[bea.playerId]]);
    const history = await loot.history(ada, dropId);
    expect(commitmentTo(history.seed)).toBe(history.commitment);
    expect(verifyDrop(history)).toEqual([]);
    expect(await loot.events(partyId, 'party:loot-%')).toEqual([
      'party:loot-dropped',
      'party:loot-roll-cast',
      'party:loot-roll-cast',
      'party:loot-roll-cast',
      'party:loot-rolled',
      'party:loot-revealed',
    ]);
  });

  test('ties are rolled again among the tied, each round is kept', async () => {
    const { players, dropId, itemId } = await loot.dropped(3);
    const [ada, bea, cyd] = players.map(({ playerId }) => playerId) as [string, string, string];
    await loot.loadDice(
      dropId,
      itemId,
      (dice) => dice(ada, 1) === dice(bea, 1) && dice(ada, 1) > dice(cyd, 1) && dice(ada, 2) < dice(bea, 2),
    );
    for (const player of players) await loot.roll(player, { itemId, vote: 'NEED' });
    const history = await loot.history(players[0] ?? service, dropId);
    const [item] = history.items;
    expect(item.winner.id).toBe(bea);
    expect(item.rounds.map(rollersOf)).toEqual([[ada, bea, cyd].sort(), [ada, bea].sort()]);
    expect(verifyDrop(history)).toEqual([]);
  });

  test('votes are sealed until it is resolved, except one’s own; in events too', async () => {
    const { players, dropId, itemId, partyId } = await loot.dropped(2);
    const [ada, bea] = players as [Data, Data];
    await loot.roll(ada, { itemId, vote: 'NEED' });
    const seenBy = async (as: Data) => {
      const { me } = await loot.run(
        as,
        'query ($id: ID!) { me { party { lootDrop(id: $id) { seed items { candidates { player { id } vote hasVoted } } } } } }',
        { id: dropId },
      );
      return Object.fromEntries(
        me.party.lootDrop.items[0].candidates.map(({ player, ...rest }: Data) => [player.id, rest]),
      );
    };
    const none = { vote: null, hasVoted: false };
    expect(await seenBy(ada)).toEqual({
      [ada.playerId]: { vote: 'NEED', hasVoted: true },
      [bea.playerId]: none,
    });
    expect(await seenBy(bea)).toEqual({
      [ada.playerId]: { vote: null, hasVoted: true },
      [bea.playerId]: none,
    });
    const logged = JSON.stringify(
      await loot.database.sql`
      select data from party.activity where subject = ${`party:${partyId}`}`,
    );
    const [{ seed } = { seed: '' }] = await loot.database.sql`
      select seed from party.loot_drops where id = ${dropId}`;
    expect(logged).not.toContain('NEED"');
    expect(logged).not.toContain(seed);
    await loot.roll(bea, { itemId, vote: 'PASS' });
    expect(await seenBy(bea)).toEqual({
      [ada.playerId]: { vote: 'NEED', hasVoted: true },
      [bea.playerId]: { vote: 'PASS', hasVoted: true },
    });
  });

  test('the seed stays secret while any item of the drop is rolled for', async () => {
    const { partyId, players } = await loot.partyOf(1);
    const [ada] = players as [Data];
    const { id, items } = await loot.drop(partyId, [{}, {}]);
    await loot.roll(ada, { itemId: items[0].id, vote: 'NEED' });
    const between = await loot.history(ada, id);
    expect([between.seed, between.items[0].winner.id]).toEqual([null, ada.playerId]);
    expect(verifyDrop(between)).toHaveLength(1);
    await loot.roll(ada, { itemId: items[1].id, vote: 'PASS' });
    expect(verifyDrop(await loot.history(ada, id))).toEqual([]);
    expect((await loot.events(partyId)).filter((type) => type === 'party:loot-revealed')).toHaveLength(1);
  });

  test('all passed: free for every candidate to claim', async () => {
    const { players, dropId, itemId, partyId } = await loot.dropped(2);
    for (const player of players) await loot.roll(player, { itemId, vote: 'PASS' });
    const [ada, bea] = players as [Data, Data];
    expect((await loot.history(ada, dropId)).items[0]).toMatchObject({ status: 'FREE', winner: null });
    const { item } = await loot.claim(bea, { itemId });
    expect(item).toMatchObject({ status: 'AWARDED', winner: { id: bea.playerId }, rounds: [] });
    expect(verifyDrop(await loot.history(ada, dropId))).toEqual([]);
    expect((await loot.events(partyId, 'party:loot-%')).slice(-3)).toEqual([
      'party:loot-released',
      'party:loot-revealed',
      'party:loot-claimed',
    ]);
  });

  test.each(['leaves', 'is kicked'])(
    'who %s loses the vote, and the rest is resolved at once',
    async (way) => {
      const { players, dropId, itemId, partyId, leader } = await loot.dropped(3);
      const [ada, bea, cyd] = players as [Data, Data, Data];
      await loot.roll(ada, { itemId, vote: 'GREED' });
      await loot.roll(cyd, { itemId, vote: 'NEED' });
      if (way === 'leaves') await loot.leave(cyd, { partyId });
      else await loot.kick(leader, { partyId, playerId: cyd.playerId });
      expect((await loot.history(ada, dropId)).items[0].status).toBe('ROLLING');
      await loot.leave(bea, { partyId });
      const history = await loot.history(ada, dropId);
      expect(history.items[0]).toMatchObject({ status: 'AWARDED', winner: { id: ada.playerId } });
      expect(verifyDrop(history)).toEqual([]);
    },
  );

  test('coming back does not bring the vote back', async () => {
    const { players, itemId, partyId } = await loot.dropped(3);
    const [, , cyd] = players as [Data, Data, Data];
    await loot.leave(cyd, { partyId });
    await loot.join(cyd, { partyId });
    expect((await loot.roll(cyd, { itemId, vote: 'NEED' })).errors).toMatchObject([{ code: 'NOT_ELIGIBLE' }]);
  });

  test('disbanding resolves what is open with the votes that are there', async () => {
    const { players, itemId, partyId, leader } = await loot.dropped(3);
    await loot.roll(players[1] ?? leader, { itemId, vote: 'GREED' });
    await loot.disband(leader, { partyId });
    const [item] = await loot.database.sql`select * from party.loot_items where id = ${itemId}`;
    expect(item).toMatchObject({ status: 'AWARDED', winner_id: players[1]?.playerId });
    const types = await loot.events(partyId);
    expect(types.slice(-3)).toEqual(['party:loot-rolled', 'party:loot-revealed', 'party:disbanded']);
  });

  test('nobody may have it: it is nobody’s', async () => {
    const { leader, dropId } = await loot.dropped(2, {}, { eligiblePlayerIds: [viewer().playerId] });
    expect((await loot.history(leader, dropId)).items[0]).toMatchObject({ status: 'FREE', candidates: [] });
  });

  test('not voting is PASS at the deadline', async () => {
    const { players, dropId, itemId, partyId, leader } = await loot.dropped(3, { rollSeconds: 30 });
    await loot.roll(players[1] ?? leader, { itemId, vote: 'GREED' });
    const unheeded = await loot.drop(partyId);
    pass(30);
    const status = async (id: string) => (await loot.history(leader, id)).items[0].status;
    await expect.poll(() => status(unheeded.id)).toBe('FREE');
    const history = await loot.history(leader, dropId);
    expect(history.items[0]).toMatchObject({ status: 'AWARDED', winner: { id: players[1]?.playerId } });
    expect(verifyDrop(history)).toEqual([]);
    const rolled = await loot.database.sql`
      select actor_id from party.activity where subject = ${`party:${partyId}`} and type = 'party:loot-rolled'`;
    expect([...rolled]).toEqual([{ actor_id: null }]);
  });
});

test('PERSONAL: one of the candidates has it as soon as it drops, provably', async () => {
  const { players, dropId, partyId, leader } = await loot.dropped(4, { mode: 'PERSONAL' });
  const history = await loot.history(leader, dropId);
  const [item] = history.items;
  expect(item).toMatchObject({ mode: 'PERSONAL', status: 'AWARDED' });
  expect(rollersOf(item.rounds[0])).toEqual(players.map(({ playerId }) => playerId).sort());
  expect(verifyDrop(history)).toEqual([]);
  expect(await loot.events(partyId, 'party:loot-_o%')).toEqual(['party:loot-rolled']);
});

describe('MASTER_LOOTER', () => {
  test('the looter assigns it to a candidate', async () => {
    const { players, itemId, partyId, leader, dropId } = await loot.dropped(3, { mode: 'MASTER_LOOTER' });
    const to = players[2]?.playerId;
    const { item } = await loot.assign(leader, { itemId, playerId: to });
    expect(item).toMatchObject({ status: 'AWARDED', winner: { id: to }, rounds: [] });
    expect((await loot.events(partyId)).at(-1)).toBe('party:loot-assigned');
    expect(verifyDrop(await loot.history(leader, dropId))).toEqual([]);
  });

  test('whom the leader chose when it dropped, and once they are gone whoever leads', async () => {
    const { partyId, players, leader } = await loot.partyOf(3);
    const [, bea, cyd] = players as [Data, Data, Data];
    await loot.setLoot(leader, { partyId, mode: 'MASTER_LOOTER', masterLooterId: bea.playerId });
    const { items } = await loot.drop(partyId, [{}, {}]);
    await loot.setLoot(leader, { partyId, masterLooterId: cyd.playerId });
    const assign = async (as: Data, index: number) =>
      (await loot.assign(as, { itemId: items[index].id, playerId: cyd.playerId })).errors.map(
        ({ code }: Data) => code,
      );
    expect(await assign(cyd, 0)).toEqual(['NOT_MASTER_LOOTER']);
    expect(await assign(bea, 0)).toEqual([]);
    await loot.leave(bea, { partyId });
    expect(await assign(cyd, 1)).toEqual(['NOT_MASTER_LOOTER']);
    expect(await assign(leader, 1)).toEqual([]);
  });
});

test('FREE_FOR_ALL: the first claim has it', async () => {
  const { players, itemId, dropId, leader } = await loot.dropped(2, { mode: 'FREE_FOR_ALL' });
  const { item } = await loot.claim(players[1] ?? leader, { itemId });
  expect(item.winner.id).toBe(players[1]?.playerId);
  expect(verifyDrop(await loot.history(leader, dropId))).toEqual([]);
});

describe('history', () => {
  const page = async (as: Data, first: number, after?: string) =>
    (
      await loot.run(
        as,
        'query ($first: Int, $after: String) { me { party { lootDrops(first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } } }',
        { first, after },
      )
    ).me.party.lootDrops;

  test('is paged, newest first, and stays so while more drops', async () => {
    const { partyId, leader } = await loot.partyOf(2);
    const dropped: string[] = [];
    for (const _ of times(5)) dropped.unshift((await loot.drop(partyId)).id);
    const expected = [...dropped];
    const first = await page(leader, 2);
    await loot.drop(partyId);
    const second = await page(leader, 2, first.pageInfo.endCursor);
    const third = await page(leader, 2, second.pageInfo.endCursor);
    expect([first, second, third].flatMap(({ nodes }) => nodes.map(({ id }: Data) => id))).toEqual(expected);
    expect(third.pageInfo.hasNextPage).toBe(false);
  });

  test('is the members’ alone', async () => {
    const { partyId, dropId, itemId } = await loot.dropped(2);
    const read =
      'query ($id: ID!, $drop: ID!) { party(id: $id) { lootDrops { nodes { id } } lootDrop(id: $drop) { id } } }';
    const { party } = await loot.run(viewer(), read, { id: partyId, drop: dropId });
    expect(party).toEqual({ lootDrops: { nodes: [] }, lootDrop: null });
    const entity = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on PartyLootDrop { id } } }';
    const representations = { r: [{ __typename: 'PartyLootDrop', id: dropId }] };
    expect((await loot.run(viewer(), entity, representations))._entities).toEqual([null]);
    expect((await loot.run(service, entity, representations))._entities).toEqual([{ id: dropId }]);
    const elsewhere = await loot.partyOf(1);
    expect(await loot.history(elsewhere.leader, dropId)).toBeNull();
    expect(await loot.history(elsewhere.leader, 'x')).toBeNull();
    expect((await loot.claim(elsewhere.leader, { itemId })).errors).toMatchObject([
      { code: 'LOOT_NOT_FOUND' },
    ]);
  });
});

test('every event has its type, and shows its drop and item as they are now', async () => {
  const { partyId, players, leader, itemId, dropId } = await loot.dropped(2, { rollSeconds: 60 });
  for (const player of players) await loot.roll(player, { itemId, vote: 'NEED' });
  const free = await loot.drop(partyId);
  for (const player of players) await loot.roll(player, { itemId: free.items[0].id, vote: 'PASS' });
  await loot.claim(leader, { itemId: free.items[0].id });
  await loot.setLoot(leader, { partyId, mode: 'MASTER_LOOTER' });
  const given = await loot.drop(partyId);
  await loot.assign(leader, { itemId: given.items[0].id, playerId: leader.playerId });
  const { me } = await loot.run(
    leader,
    `{ me { party { activity(first: 14) { nodes {
      __typename actor { id }
      ... on PartyLootSettingsSet { settings { mode rollSeconds masterLooter { id } } }
      ... on PartyLootDropped { drop { id } }
      ... on PartyLootRollCast { player { id } item { id } }
      ... on PartyLootRolled { winner { id } item { id status } rounds { rolls { number } } }
      ... on PartyLootReleased { item { id } }
      ... on PartyLootRevealed { drop { id seed } seed commitment }
      ... on PartyLootClaimed { player { id } item { id } }
      ... on PartyLootAssigned { player { id } item { id } }
    } } } } }`,
  );
  const actor = { id: leader.playerId };
  const nodes = me.party.activity.nodes.toReversed();
  expect(nodes.map(({ __typename }: Data) => __typename)).toEqual([
    'PartyLootDropped',
    'PartyLootRollCast',
    'PartyLootRollCast',
    'PartyLootRolled',
    'PartyLootRevealed',
    'PartyLootDropped',
    'PartyLootRollCast',
    'PartyLootRollCast',
    'PartyLootReleased',
    'PartyLootRevealed',
    'PartyLootClaimed',
    'PartyLootSettingsSet',
    'PartyLootDropped',
    'PartyLootAssigned',
  ]);
  const seed = expect.stringMatching(/^[0-9a-f]{64}$/);
  expect(nodes[1]).toMatchObject({ actor, player: actor, item: { id: itemId } });
  expect(nodes[3]).toMatchObject({ actor: null, item: { id: itemId, status: 'AWARDED' } });
  expect(nodes[4]).toMatchObject({ actor: null, drop: { id: dropId, seed }, seed, commitment: seed });
  expect(nodes[10]).toMatchObject({ actor, player: actor });
  expect(nodes[11]).toMatchObject({
    actor,
    settings: { mode: 'MASTER_LOOTER', rollSeconds: 60, masterLooter: actor },
  });
});
