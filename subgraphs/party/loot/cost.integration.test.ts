import type { Viewer } from '@fellowship/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { costOf } from '../../../test/kit/plan.ts';
import { viewer } from '../../../test/kit/subgraph.ts';
import { candidatesOfItems, dropsOfParties, itemsOfDrops, rollingItems } from './queries.ts';
import { reportOf, service, startLoot, times } from './testing.fixture.ts';
import { publishedFields } from './verify.ts';

let loot: Awaited<ReturnType<typeof startLoot>>;
beforeAll(async () => {
  loot = await startLoot();
});
afterAll(() => loot.close());

/** The same work for more and more: how many statements each takes. */
async function counted(cases: readonly (() => Promise<() => Promise<unknown>>)[]): Promise<number[]> {
  const counts: number[] = [];
  for (const prepare of cases) {
    const work = await prepare();
    counts.push((await loot.statements(work)).length);
  }
  return counts;
}

const alike = (counts: readonly number[]) => expect(new Set(counts).size, String(counts)).toBe(1);

describe('the number of statements does not grow', () => {
  const sizes = [
    [1, 1],
    [2, 5],
    [5, 20],
  ] as const;

  test('of a report, with members and items, in any mode', async () => {
    for (const mode of ['NEED_GREED', 'PERSONAL', 'MASTER_LOOTER', 'FREE_FOR_ALL']) {
      const counts = await counted(
        sizes.map(([members, items]) => async () => {
          const { partyId } = await loot.partyOf(members, { mode });
          return () =>
            loot.reportLoot(
              service,
              reportOf(
                partyId,
                times(items).map(() => ({})),
              ),
            );
        }),
      );
      alike(counts);
    }
  });

  test('of a vote, a resolving one too', async () => {
    const prepared = async (members: number, items: number) => {
      const { partyId, players } = await loot.partyOf(members);
      const drop = await loot.drop(
        partyId,
        times(items).map(() => ({})),
      );
      const itemId = drop.items[0].id;
      for (const player of players.slice(1)) await loot.roll(player, { itemId, vote: 'NEED' });
      return () => loot.roll(players[0] ?? service, { itemId, vote: 'NEED' });
    };
    alike(
      await counted(
        sizes.map(
          ([members, items]) =>
            () =>
              prepared(members, items),
        ),
      ),
    );
  });

  test('of a vote that others are waited for after, which looks at nothing else that is rolled for', async () => {
    const { partyId, players } = await loot.partyOf(3);
    const drop = await loot.drop(
      partyId,
      times(20).map(() => ({})),
    );
    const [leader = service] = players;
    const texts = await loot.statements(() => loot.roll(leader, { itemId: drop.items[0].id, vote: 'NEED' }));
    expect(texts.filter((text) => /"party_id" = \$1 and .*'ROLLING'/s.test(text))).toEqual([]);
    expect(texts.filter((text) => /update "party"."loot_candidates".*"head" as/s.test(text))).toHaveLength(1);
  });

  test('of leaving, with what is resolved by it', async () => {
    const prepared = async (members: number, items: number) => {
      const { partyId, players } = await loot.partyOf(members);
      const drop = await loot.drop(
        partyId,
        times(items).map(() => ({})),
      );
      for (const player of players.slice(1)) {
        for (const { id } of drop.items) await loot.roll(player, { itemId: id, vote: 'NEED' });
      }
      return () => loot.leave(players[0] ?? service, { partyId });
    };
    alike(await counted([() => prepared(2, 1), () => prepared(3, 5), () => prepared(5, 20)]));
  });

  test('of reading history, with members, drops and items', async () => {
    const read = `{ me { party { members { player { party { lootDrops(first: 50) { nodes {
      id settings { masterLooter { id } } party { id } ${publishedFields} } } } } } } } }`;
    const prepared = async (members: number, drops: number) => {
      const { partyId, players, leader } = await loot.partyOf(members);
      for (const _ of times(drops)) {
        const drop = await loot.drop(
          partyId,
          times(drops).map(() => ({})),
        );
        for (const player of players) await loot.roll(player, { itemId: drop.items[0].id, vote: 'NEED' });
      }
      return () => loot.run(leader, read);
    };
    alike(await counted([() => prepared(2, 1), () => prepared(3, 3), () => prepared(5, 8)]));
  });
});

describe('after a long history', () => {
  const count = 40_000;
  const uuidOf = (n: number) => `01000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
  const tenantId = viewer().tenantId;
  let player: Viewer;
  let partyId: string;

  beforeAll(async () => {
    const formed = await loot.partyOf(1);
    player = formed.leader;
    partyId = formed.partyId;
    const { sql } = loot.database;
    // Of twenty drops one is the party's, the others are of parties that are over.
    await sql`
      insert into party.parties (tenant_id, id, status, join_policy, max_members, created_at)
      select ${tenantId}, gen_random_uuid(), 'DISBANDED', 'OPEN', 5, now() from generate_series(1, 200)`;
    await sql`
      insert into party.loot_drops (tenant_id, id, party_id, report_id, source, commitment, seed, revealed_at, dropped_at)
      select ${tenantId}, ('01000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid,
        case when n % 20 = 0 then ${partyId} else ended[1 + n % 200] end, n, 'x', 'x', 'x', now(), now()
      from generate_series(1, ${count}) n,
        (select array_agg(id) as ended from party.parties where status = 'DISBANDED') parties`;
    await sql`
      insert into party.loot_items (tenant_id, id, drop_id, party_id, place, item_key, name, quality, mode, status)
      select tenant_id, id, id, party_id, 0, 'x', 'x', 'EPIC', 'NEED_GREED', 'FREE' from party.loot_drops`;
    await sql`
      insert into party.loot_candidates (tenant_id, item_id, player_id, may_need)
      select tenant_id, id, ${player.playerId}, true from party.loot_items`;
    await loot.drop(partyId);
    await sql`analyze`;
  });

  test('a page deep in it costs what the first costs', async () => {
    const page = (after: readonly string[] | null) =>
      costOf(loot, tenantId, (reads) =>
        dropsOfParties(reads, {
          parentIds: [partyId],
          viewerId: player.playerId,
          page: { first: 20, after },
        }),
      );
    const costs = [await page(null), await page([uuidOf(30_000)]), await page([uuidOf(2_000)])];
    expect(new Set(costs.map(({ rows }) => rows)).size).toBe(1);
    for (const { rows, scans } of costs) {
      // Of these 21 are drops; the few members of all parties are read from end to end.
      expect(rows).toBeLessThan(200);
      expect(scans).toContainEqual(expect.stringMatching(/^loot_drops_of_party: .*id < /));
    }
  });

  test('the items of a page are found by their drops, and their candidates by the items', async () => {
    const ids = times(20).map((n) => uuidOf(n + 1));
    const items = await costOf(loot, tenantId, (reads) => itemsOfDrops(reads, ids));
    expect(items.rows).toBe(20);
    const viewerId = player.playerId;
    const by = { itemIds: ids, viewerId };
    expect((await costOf(loot, tenantId, (reads) => candidatesOfItems(reads, by))).rows).toBe(40);
  });

  test('what is rolled for is found among all that was', async () => {
    const cost = await costOf(loot, tenantId, (reads) => rollingItems(reads, partyId));
    expect(cost.rows).toBeLessThan(10);
  });
});
