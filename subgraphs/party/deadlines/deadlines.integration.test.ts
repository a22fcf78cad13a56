import { join } from 'node:path';
import { createLog } from '@fellowship/server';
import { openStore } from '@fellowship/subgraph';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import type { PartyEvent } from '../events.ts';
import { startLoot, times } from '../loot/testing.fixture.ts';
import { verifyDrop } from '../loot/verify.ts';
import { createSubgraph } from '../server.ts';
import { activity, commands, heads, relays } from '../tables/index.ts';
import { deadlinesMet } from '../testing.fixture.ts';
import type { EndByItself } from './deadline.ts';
import { DeadlineWorker } from './worker.ts';

const silent = createLog({ name: 'another', level: 'silent' });

let now = new Date();
let loot: Awaited<ReturnType<typeof startLoot>>;
beforeAll(async () => {
  loot = await startLoot({ clock: () => now });
});
afterAll(() => loot.close());

const pass = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000);
};

/** Another process on the same database. */
const another = () =>
  createSubgraph({
    url: loot.database.url,
    migrationUrl: loot.database.url,
    log: silent,
    clock: () => now,
  });

const open = async () =>
  Number((await loot.database.sql`select count(*) from party.deadlines`)[0]?.['count']);

/** Told more than once, or not at all. */
async function expectOnce(type: string, key: string, expected: number): Promise<void> {
  const told = await loot.database.sql`
    select data->>${key} as of, count(*)::int as times from party.activity
    where type = ${type} and subject like 'party:%' group by 1`;
  expect(told).toHaveLength(expected);
  expect(told.filter(({ times }) => times !== 1)).toEqual([]);
}

describe('with five processes at once', () => {
  const others: Awaited<ReturnType<typeof another>>[] = [];
  beforeAll(async () => {
    for (const _ of times(4)) others.push(await another());
  });
  afterAll(() => Promise.all(others.map((other) => other.close())));

  test('each deadline of 40 parties of two tenants is met exactly once', async () => {
    const formed = await Promise.all(
      times(40).map(async (index) => {
        const tenant = index % 2 === 0 ? {} : { tenantId: tenantB };
        const leader = viewer(tenant);
        const { id: partyId } = (await loot.create(leader, {})).party;
        const reporter = viewer({ ...tenant, scopes: ['service:combat'] });
        const { drop } = await loot.reportLoot(reporter, {
          reportId: 'r',
          partyId,
          source: 'Dragon',
          items: [{ itemKey: 'sword', name: 'Sword', quality: 'EPIC' }],
        });
        const { invite } = await loot.invite(leader, { partyId, playerId: viewer().playerId });
        return { leader, drop, invite };
      }),
    );
    expect(await open()).toBe(80);
    pass(3_600);
    await deadlinesMet(loot, now);
    await expectOnce('party:loot-released', 'dropId', 40);
    await expectOnce('party:loot-revealed', 'dropId', 40);
    await expectOnce('party:invite-expired', 'inviteId', 40);
    for (const { leader, drop } of formed) {
      expect((await loot.history(leader, drop.id)).items[0].status).toBe('FREE');
    }
  });
});

test('while players vote at the very end, each roll is resolved once', async () => {
  const other = await another();
  const drops = await Promise.all(times(10).map(() => loot.dropped(3, { rollSeconds: 5 })));
  const votes = drops.flatMap(({ players, itemId }) =>
    players.map((as) => loot.roll(as, { itemId, vote: 'NEED' })),
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  pass(5);
  await Promise.all(votes);
  await deadlinesMet(loot, now);
  for (const { partyId, leader, dropId } of drops) {
    const ends = await loot.events(partyId, 'party:loot-r%e%d');
    expect(ends.filter((type) => type !== 'party:loot-revealed')).toHaveLength(1);
    expect(verifyDrop(await loot.history(leader, dropId))).toEqual([]);
  }
  await other.close();
});

describe('when no process lives', () => {
  let again: Awaited<ReturnType<typeof another>> | undefined;
  afterEach(() => again?.close());

  test('a roll that is open then is resolved once, as soon as one is back', async () => {
    const { partyId, players, itemId, leader, dropId } = await loot.dropped(3, { rollSeconds: 60 });
    await loot.roll(players[1] ?? leader, { itemId, vote: 'GREED' });
    const { seed } = (
      await loot.database.sql`select seed from party.loot_drops where id = ${dropId}`
    )[0] as Data;
    await loot.subgraph.close();
    pass(600);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await open()).toBe(1);
    again = await another();
    await deadlinesMet(loot, now);
    const [item] = await loot.database
      .sql`select status, winner_id from party.loot_items where id = ${itemId}`;
    expect(item).toEqual({ status: 'AWARDED', winner_id: players[1]?.playerId });
    expect((await loot.events(partyId, 'party:loot-r%')).slice(-2)).toEqual([
      'party:loot-rolled',
      'party:loot-revealed',
    ]);
    const [revealed] = await loot.database.sql`
      select data from party.activity where subject = ${`party:${partyId}`} and type = 'party:loot-revealed'`;
    expect(revealed?.['data'].seed).toBe(seed);
  });
});

test('one that can’t be met waits, and holds up no other', async () => {
  const fresh = await startLoot();
  const { url } = fresh.database;
  const { partyId } = await fresh.partyOf(1);
  await fresh.subgraph.close();
  const set = (kind: string, id: string) => fresh.database.sql`
    insert into party.deadlines (tenant_id, kind, id, party_id, due_at)
    values (${viewer().tenantId}, ${kind}, ${id}, ${partyId}, ${now})`;
  const [bad, good] = [viewer().playerId, viewer().playerId];
  await set('INVITE', bad);
  await set('LOOT_ROLL', good);

  const store = await openStore<PartyEvent>(
    { url, migrationUrl: url, log: silent, clock: () => now },
    {
      name: 'party',
      schema: 'party',
      migrations: join(import.meta.dirname, '../../../drizzle/party'),
      activity: { activity, heads, relays },
      commands,
      relayed: ['deadlines'],
    },
  );
  const met: string[] = [];
  let broken = true;
  let failures = 0;
  const meet: EndByItself = async (_tx, _party, id) => {
    if (broken && id === bad) {
      failures += 1;
      throw new Error('broken');
    }
    met.push(id);
  };
  const worker = new DeadlineWorker(store, { INVITE: meet, LOOT_ROLL: meet, READY_CHECK: meet }, silent);
  await expect.poll(() => met).toEqual([good]);
  await expect.poll(() => failures).toBe(1);
  broken = false;
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect(met).toEqual([good]);
  pass(10);
  await expect.poll(() => met).toEqual([good, bad]);
  await worker.close();
  await store.close();
  await fresh.close();
});
