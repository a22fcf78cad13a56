import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { viewer } from '../../../test/kit/subgraph.ts';
import { startParty } from '../testing.fixture.ts';

let party: Awaited<ReturnType<typeof startParty>>;
/** When the log was looked at, in milliseconds. */
let looks: number[] = [];
beforeAll(async () => {
  party = await startParty({
    onRelayStatement: (text) => text.includes('pg_snapshot_xmin') && looks.push(performance.now()),
  });
});
afterAll(() => party.close());

test('the log is looked at now and then while it is quiet, not once an event while it is busy, and with nobody listening never', async () => {
  const ada = viewer();
  const { id } = (await party.create(ada, {})).party;
  const after = await party.cursor(`party:${id}`);
  const events = await party.subscribe(
    ada,
    'subscription ($id: ID!, $after: String) { partyActivity(partyId: $id, after: $after) { id } }',
    { id, after },
  );
  let heard = 0;
  const mutations = 150;
  const reading = (async () => {
    while (heard < mutations) {
      await events.next();
      heard += 1;
    }
  })();

  // Woken by nothing it comes to rest, and still looks.
  await expect.poll(() => (looks.at(-1) ?? 0) - (looks.at(-2) ?? Infinity)).toBeGreaterThan(900);

  looks = [];
  const since = performance.now();
  await Promise.all(
    Array.from({ length: mutations }, () =>
      party.setRole(ada, { partyId: id, playerId: ada.playerId, role: 'DPS' }),
    ),
  );
  const perSecond = looks.length / ((performance.now() - since) / 1_000);
  expect(perSecond).toBeGreaterThan(0);
  expect(perSecond).toBeLessThan(100);
  await reading;
  await events.return();

  looks = [];
  await delay(1_500);
  expect(looks).toEqual([]);
});
