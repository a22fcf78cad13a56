import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { viewer } from '../../../test/kit/subgraph.ts';
import { startParty } from '../testing.fixture.ts';

let party: Awaited<ReturnType<typeof startParty>>;
let relayed: string[] = [];
beforeAll(async () => {
  party = await startParty({ onRelayStatement: (text) => relayed.push(text) });
});
afterAll(() => party.close());

/** How often the log was looked at in `work`, and for how many seconds that went on. */
async function looks(work: () => Promise<unknown>): Promise<{ count: number; seconds: number }> {
  const since = performance.now();
  relayed = [];
  await work();
  const count = relayed.filter((text) => text.includes('pg_snapshot_xmin')).length;
  return { count, seconds: (performance.now() - since) / 1000 };
}

test('the log is looked at now and then while it is quiet, and not once an event while it is busy', async () => {
  const ada = viewer();
  const { id } = (await party.create(ada, {})).party;
  const events = await party.subscribe(
    ada,
    'subscription ($id: ID!) { partyActivity(partyId: $id) { id } }',
    { id },
  );
  let heard = 0;
  const reading = (async () => {
    for await (const _ of events) heard += 1;
  })();
  await delay(2_500);

  const quiet = await looks(() => delay(3_000));
  expect(quiet.count).toBeGreaterThan(0);
  expect(quiet.count / quiet.seconds).toBeLessThan(1.5);

  const mutations = 400;
  const busy = await looks(() =>
    Promise.all(
      Array.from({ length: mutations }, () =>
        party.setRole(ada, { partyId: id, playerId: ada.playerId, role: 'DPS' }),
      ),
    ),
  );
  expect(busy.count).toBeGreaterThan(0);
  expect(busy.count / busy.seconds).toBeLessThan(100);
  await expect.poll(() => heard).toBe(mutations);
  console.info(
    `Looks at the log a second: ${(quiet.count / quiet.seconds).toFixed(1)} while quiet, ` +
      `${(busy.count / busy.seconds).toFixed(1)} at ${Math.round(mutations / busy.seconds)} events a second.`,
  );
  await events.return();
  await reading;
});

test('with nobody listening it is not looked at', async () => {
  await delay(1_100);
  expect((await looks(() => delay(1_500))).count).toBe(0);
});
