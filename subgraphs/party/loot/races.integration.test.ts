import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Data, viewer } from '../../../test/kit/subgraph.ts';
import { reportOf, service, startLoot, times } from './testing.fixture.ts';
import { verifyDrop } from './verify.ts';

let loot: Awaited<ReturnType<typeof startLoot>>;
beforeAll(async () => {
  loot = await startLoot();
});
afterAll(() => loot.close());

const codesOf = (answers: Data[]) => answers.flatMap(({ errors }) => errors.map(({ code }: Data) => code));
/** How often each code comes. */
const count = (codes: string[]) =>
  Object.fromEntries([...Map.groupBy(codes, (code) => code)].map(([code, all]) => [code, all.length]));

/** What must hold of all loot at any time. */
async function expectSound(): Promise<void> {
  const { sql } = loot.database;
  const awards = await sql`
    select i.id from party.loot_items i
    where (select count(*) from party.activity a
      where a.type in ('party:loot-rolled', 'party:loot-claimed', 'party:loot-assigned')
        and a.data->>'itemId' = i.id::text) <> (i.status = 'AWARDED')::int`;
  expect([...awards], 'an item is awarded once, and told once').toEqual([]);
  const strangers = await sql`
    select i.id from party.loot_items i where i.winner_id is not null and not exists (
      select from party.loot_candidates c where c.item_id = i.id and c.player_id = i.winner_id and not c.left)`;
  expect([...strangers], 'only a candidate gets an item').toEqual([]);
  const reveals = await sql`
    select d.id from party.loot_drops d where (d.revealed_at is null) <> exists (
      select from party.loot_items i where i.drop_id = d.id and i.status = 'ROLLING')`;
  expect([...reveals], 'the seed is revealed when nothing is rolled for, and not before').toEqual([]);
  const waiting = await sql`
    select i.id from party.loot_items i where i.status = 'ROLLING' and not exists (
      select from party.loot_candidates c where c.item_id = i.id and not c.left and c.vote is null)`;
  expect([...waiting], 'nothing waits for nobody').toEqual([]);
}

test('50 claims at once: one has it', async () => {
  const { players, itemId } = await loot.dropped(5, { mode: 'FREE_FOR_ALL' });
  const answers = await Promise.all(
    times(50).map((index) => loot.claim(players[index % 5] ?? service, { itemId })),
  );
  expect(count(codesOf(answers))).toEqual({ ALREADY_AWARDED: 49 });
  await expectSound();
});

test('50 votes at once, ten of each of five players: each counts once, and it is resolved once', async () => {
  const { players, itemId, dropId, partyId, leader } = await loot.dropped(5);
  const answers = await Promise.all(
    times(50).map((index) => loot.roll(players[index % 5] ?? service, { itemId, vote: 'NEED' })),
  );
  expect(count(codesOf(answers))).toEqual({ ALREADY_ROLLED: 45 });
  expect(await loot.events(partyId, 'party:loot-rolled')).toHaveLength(1);
  expect(await loot.events(partyId, 'party:loot-roll-cast')).toHaveLength(5);
  expect(verifyDrop(await loot.history(leader, dropId))).toEqual([]);
  await expectSound();
});

test('50 assignments at once: one has it', async () => {
  const { players, leader, itemId } = await loot.dropped(5, { mode: 'MASTER_LOOTER' });
  const answers = await Promise.all(
    times(50).map((index) => loot.assign(leader, { itemId, playerId: players[index % 5]?.playerId })),
  );
  expect(count(codesOf(answers))).toEqual({ ALREADY_AWARDED: 49 });
  await expectSound();
});

test('50 reports of one drop at once: one drop', async () => {
  const { partyId } = await loot.partyOf(5);
  const report = reportOf(
    partyId,
    times(20).map(() => ({})),
  );
  const answers = await Promise.all(times(50).map(() => loot.reportLoot(service, report)));
  expect(new Set(answers.map(({ drop }) => drop.id)).size).toBe(1);
  expect(await loot.events(partyId, 'party:loot-dropped')).toHaveLength(1);
});

test('everyone votes while everyone leaves: resolved once, by whoever is there', async () => {
  const { players, itemId, partyId } = await loot.dropped(5);
  await Promise.all([
    ...players.map((as) => loot.roll(as, { itemId, vote: 'NEED' })),
    ...players.map((as) => loot.leave(as, { partyId })),
  ]);
  const [item] = await loot.database.sql`select status from party.loot_items where id = ${itemId}`;
  expect(['AWARDED', 'FREE']).toContain(item?.['status']);
  await expectSound();
});

test('whatever players do in parallel, loot stays sound, and all that is revealed verifies', async () => {
  const step = fc.record({
    kind: fc.constantFrom('drop', 'roll', 'roll', 'roll', 'claim', 'assign', 'settings', 'leave', 'join'),
    actor: fc.nat(4),
    target: fc.nat(4),
    vote: fc.constantFrom('NEED', 'GREED', 'PASS'),
    mode: fc.constantFrom('NEED_GREED', 'PERSONAL', 'MASTER_LOOTER', 'FREE_FOR_ALL'),
    quality: fc.constantFrom('POOR', 'EPIC'),
  });
  const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 3, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(rounds, async (rounds) => {
      const { partyId, players } = await loot.partyOf(4);
      // Stays, so that there is somebody to read the history.
      const [witness] = players as [Data];
      const items: string[] = [];
      const act = async ({ kind, actor, target, vote, mode, quality }: Data) => {
        const as = players[actor] ?? viewer();
        const itemId = items.at(-1 - target) ?? partyId;
        const playerId = (players[target] ?? as).playerId;
        if (kind === 'drop') {
          const { drop } = await loot.reportLoot(service, reportOf(partyId, [{ quality }, {}]));
          items.push(...drop.items.map(({ id }: Data) => id));
        }
        if (kind === 'roll') await loot.roll(as, { itemId, vote });
        if (kind === 'claim') await loot.claim(as, { itemId });
        if (kind === 'assign') await loot.assign(as, { itemId, playerId });
        if (kind === 'settings') await loot.setLoot(as, { partyId, mode, masterLooterId: playerId });
        if (kind === 'leave' && as !== witness) await loot.leave(as, { partyId });
        if (kind === 'join') await loot.join(as, { partyId });
      };
      for (const round of rounds) {
        await Promise.all(round.map(act));
        await expectSound();
      }
      const drops = await loot.database.sql`
        select id from party.loot_drops where party_id = ${partyId} and revealed_at is not null`;
      for (const { id } of drops) expect(verifyDrop(await loot.history(witness, id))).toEqual([]);
    }),
    { numRuns: 15 },
  );
});
