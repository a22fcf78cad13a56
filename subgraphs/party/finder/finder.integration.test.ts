import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { costOf } from '../../../test/kit/plan.ts';
import { type Data, tenantA, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startParty } from '../testing.fixture.ts';
import { joinableParties } from './queries.ts';

let party: Awaited<ReturnType<typeof startParty>>;
beforeAll(async () => {
  party = await startParty({ activities: { DUNGEON: { TANK: 1, HEALER: 1, DPS: 3 }, TOWER: { TANK: 2 } } });
});
afterAll(() => party.close());

const find = `query ($activity: String, $missingRole: PartyRole, $first: Int, $after: String) {
  parties(activity: $activity, missingRole: $missingRole, first: $first, after: $after) {
    nodes { id goal members { role } } pageInfo { hasNextPage endCursor } } }`;

/** The ids of the parties that a player finds, in a tenant where only this test plays. */
async function found(tenantId: string, by: object = {}): Promise<string[]> {
  const { parties } = await party.run(viewer({ tenantId }), find, by);
  return parties.nodes.map(({ id }: Data) => id);
}

const newTenant = () => viewer().playerId;

async function formIn(tenantId: string, input: object): Promise<string> {
  return (await party.create(viewer({ tenantId }), { joinPolicy: 'OPEN', ...input })).party.id;
}

test('what is found is OPEN, active and has room; newest first', async () => {
  const tenantId = newTenant();
  const first = await formIn(tenantId, {});
  await formIn(tenantId, { joinPolicy: 'INVITE_ONLY' });
  const leader = viewer({ tenantId });
  const over = (await party.create(leader, { joinPolicy: 'OPEN' })).party.id;
  await party.disband(leader, { partyId: over });
  const full = await formIn(tenantId, { maxMembers: 2 });
  const guest = viewer({ tenantId });
  const last = await formIn(tenantId, {});
  expect(await found(tenantId)).toEqual([last, full, first]);
  await party.join(guest, { partyId: full });
  expect(await found(tenantId)).toEqual([last, first]);
  await party.leave(guest, { partyId: full });
  expect(await found(tenantId)).toEqual([last, full, first]);
});

test('nothing of another tenant is found', async () => {
  await formIn(tenantA, {});
  const [before, theirs] = [await found(tenantB), await formIn(tenantA, {})];
  expect(await found(tenantB)).toEqual(before);
  expect(await found(tenantA)).toContain(theirs);
});

test('by activity, and by the role it still lacks', async () => {
  const tenantId = newTenant();
  const tanked = await formIn(tenantId, { goal: 'DUNGEON', role: 'TANK' });
  const healed = await formIn(tenantId, { goal: 'DUNGEON', role: 'HEALER' });
  const tower = await formIn(tenantId, { goal: 'TOWER', role: 'TANK' });
  const aimless = await formIn(tenantId, { role: 'DPS' });
  expect(await found(tenantId, { activity: 'DUNGEON' })).toEqual([healed, tanked]);
  expect(await found(tenantId, { activity: 'DUNGEON', missingRole: 'TANK' })).toEqual([healed]);
  expect(await found(tenantId, { activity: 'DUNGEON', missingRole: 'DPS' })).toEqual([healed, tanked]);
  expect(await found(tenantId, { activity: 'TOWER', missingRole: 'HEALER' })).toEqual([]);
  expect(await found(tenantId, { missingRole: 'TANK' })).toEqual([aimless, tower, healed]);
  expect(await found(tenantId, { missingRole: 'DPS' })).toEqual([healed, tanked]);
  expect(await found(tenantId, { activity: 'NONE' })).toEqual([]);
});

test('as roles and goals change', async () => {
  const tenantId = newTenant();
  const leader = viewer({ tenantId });
  const { id: partyId } = (await party.create(leader, { joinPolicy: 'OPEN', goal: 'DUNGEON' })).party;
  const lacking = () => found(tenantId, { missingRole: 'TANK' });
  expect(await lacking()).toEqual([partyId]);
  await party.setRole(leader, { partyId, playerId: leader.playerId, role: 'TANK' });
  expect(await lacking()).toEqual([]);
  await party.update(leader, { partyId, goal: 'TOWER' });
  expect(await lacking()).toEqual([partyId]);
});

test('paged without gap or repeat, while more are formed', async () => {
  const tenantId = newTenant();
  const formed: string[] = [];
  for (let count = 0; count < 5; count += 1) formed.unshift(await formIn(tenantId, {}));
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const { parties } = await party.run(viewer({ tenantId }), find, { first: 2, after });
    seen.push(...parties.nodes.map(({ id }: Data) => id));
    after = parties.pageInfo.hasNextPage ? parties.pageInfo.endCursor : undefined;
    await formIn(tenantId, {});
  } while (after !== undefined);
  expect(seen).toEqual(formed);
});

test.each([
  ['BAD_USER_INPUT', { first: 0 }],
  ['BAD_USER_INPUT', { first: 101 }],
  ['CURSOR_INVALID', { after: 'x' }],
])('%s: %j is refused', async (code, by) => {
  const { errors } = await party.execute(viewer(), find, by);
  expect(errors?.[0]?.extensions['code']).toBe(code);
});

describe('cost', () => {
  test('two statements a page, however many parties are on it', async () => {
    const tenantId = newTenant();
    const counts: number[] = [];
    for (const parties of [1, 3]) {
      for (let count = 0; count < parties; count += 1) await formIn(tenantId, {});
      counts.push((await party.statements(() => found(tenantId))).length);
    }
    expect(counts).toEqual([2, 2]);
  });

  test('parties that are full, closed or over cost nothing, and a deep page what the first costs', async () => {
    const tenantId = newTenant();
    await party.database.sql`
      insert into party.parties (tenant_id, id, leader_id, status, join_policy, max_members, goal, undecided, created_at)
      select ${tenantId}, ('01000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
        case when n % 4 = 3 then null else gen_random_uuid() end,
        (case when n % 4 = 3 then 'DISBANDED' else 'ACTIVE' end)::party.party_status,
        (case when n % 4 = 1 then 'INVITE_ONLY' else 'OPEN' end)::party.party_join_policy,
        5, case when n % 8 = 0 then 'DUNGEON' end, case when n % 4 = 2 then 5 else 1 end, now()
      from generate_series(1, 10000) n`;
    await party.database.sql`analyze party.parties`;
    const activities = new Map([['DUNGEON', { TANK: 1, HEALER: 1, DPS: 3 }]]);
    const cost = (activity: string | null, after: readonly string[] | null) =>
      costOf(party, tenantId, (reads) =>
        joinableParties(reads, { activity, role: 'TANK', activities, page: { first: 20, after } }),
      );
    const deep = ['01000000-0000-7000-8000-000000000400'];
    for (const activity of [null, 'DUNGEON']) {
      const costs = [await cost(activity, null), await cost(activity, deep)];
      expect(costs.map(({ rows }) => rows)).toEqual([21, 21]);
      const index = activity ? /^parties_joinable_for: .*goal = .*id < / : /^parties_joinable: .*id < /;
      for (const { scans } of costs) expect(scans).toEqual([expect.stringMatching(index)]);
    }
  });
});
