import { activityExpiry } from '@fellowship/activity';
import { commandExpiry } from '@fellowship/command';
import { type Database, openDatabase, removeExpired } from '@fellowship/postgres';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { untilHeard } from '../../../test/kit/client.ts';
import { type Data, viewer } from '../../../test/kit/subgraph.ts';
import { activity, commands, heads, relays } from '../tables/index.ts';
import { startParty } from '../testing.fixture.ts';

const day = 24 * 3_600_000;
const subscription = `subscription ($id: ID!, $after: String) { partyActivity(partyId: $id, after: $after) {
  ... on PartyRoleSet { role } } }`;
const feed = 'query ($id: ID!) { party(id: $id) { activity(first: 100) { nodes { cursor } } } }';

let party: Awaited<ReturnType<typeof startParty>>;
let database: Database;
/** Days by which the subgraph's clock is behind. */
let ago = 0;
const clock = () => new Date(Date.now() - ago * day);

beforeAll(async () => {
  party = await startParty({ clock });
  database = openDatabase({ url: party.database.url, role: 'fellowship_service' });
});
afterEach(() => {
  ago = 0;
});
afterAll(async () => {
  await database.close();
  await party.close();
});

const expire = (relayed = false) =>
  removeExpired(
    database.upkeep,
    activityExpiry({ activity, heads, relays }, { days: 90, relayed }),
    () => new Date(),
  );

/** A party with the given ages of its events, in days; the first two were its beginning. */
async function partyOf(ages: readonly number[]) {
  const ada = viewer();
  ago = ages[0] ?? 0;
  const { id } = (await party.create(ada, {})).party;
  for (const age of ages.slice(2)) {
    ago = age;
    await party.setRole(ada, { partyId: id, playerId: ada.playerId, role: 'DPS' });
  }
  ago = 0;
  const { nodes } = (await party.run(ada, feed, { id })).party.activity;
  return { ada, id, cursors: nodes.map(({ cursor }: Data) => cursor).reverse() as string[] };
}

/** What a subscription from a cursor gives, up to a mark: the number of events, or the code that ended it. */
async function resume({ ada, id }: { ada: ReturnType<typeof viewer>; id: string }, after?: string) {
  const events: AsyncGenerator<Data> = await party.subscribe(ada, subscription, { id, after });
  const read = async (): Promise<number> => {
    for (let count = 0; ; count += 1) {
      const { data } = (await events.next()).value;
      if (data.partyActivity.role === 'HEALER') return count;
    }
  };
  const mark = () => party.setRole(ada, { partyId: id, playerId: ada.playerId, role: 'HEALER' });
  const given = await untilHeard(
    read().catch((error) => error.extensions?.code),
    mark,
  );
  await events.return(undefined);
  return given;
}

test('events past their days go, whoever’s they are, and the rest stays', async () => {
  const [old, mixed] = [await partyOf([100, 100, 95]), await partyOf([100, 100, 10, 0])];
  expect(await expire()).toBe(5);
  const left = await party.database.sql`select subject, sequence from party.activity order by sequence`;
  expect(left).toEqual([
    { subject: `party:${mixed.id}`, sequence: '3' },
    { subject: `party:${mixed.id}`, sequence: '4' },
  ]);
  // Numbers go on where they were.
  await party.setRole(old.ada, { partyId: old.id, playerId: old.ada.playerId, role: 'TANK' });
  const [row] = await party.database
    .sql`select sequence from party.activity where subject = ${`party:${old.id}`}`;
  expect(row).toEqual({ sequence: '4' });
});

test('a cursor is good as long as all that follows it is there', async () => {
  const mixed = await partyOf([100, 100, 10, 0]);
  await expire();
  const [first, second, third, last] = mixed.cursors;
  expect(await resume(mixed, first)).toBe('CURSOR_EXPIRED');
  expect(await resume(mixed, second)).toBe(2);
  expect(await resume(mixed, third)).toBe(1);
  expect(await resume(mixed, last)).toBe(0);
});

test('a log of which nothing is left: its last cursor is good, and the ones before are not', async () => {
  const old = await partyOf([100, 100, 95]);
  await expire();
  const [first, second, last] = old.cursors;
  expect(await resume(old, first)).toBe('CURSOR_EXPIRED');
  expect(await resume(old, second)).toBe('CURSOR_EXPIRED');
  expect(await resume(old, last)).toBe(0);
  expect(await resume(old)).toBe(0);
});

test('what a bus has not got yet is kept, however old', async () => {
  await partyOf([100, 100, 95]);
  expect(await expire(true)).toBe(0);
  const { sql } = party.database;
  const [oldest] = await sql`select xid::text from party.activity
    where occurred_at < now() - interval '90 days' order by xid desc limit 1`;
  await sql`insert into party.activity_relays (tenant_id, bus, xid, store, stored)
    values ('00000000-0000-0000-0000-000000000000', 'nats', ${oldest?.['xid']}::text::xid8, '', 0)`;
  const before = await sql`select from party.activity where occurred_at < now() - interval '90 days'`;
  const removed = await expire(true);
  expect(removed).toBeGreaterThan(0);
  expect(removed).toBeLessThan(before.length);
});

test('many are removed in statements of 1,000, and two processes at once do no harm', async () => {
  const { sql } = party.database;
  await sql`insert into party.activity (tenant_id, subject, sequence, id, type, data, occurred_at)
    select '0000000a-0000-4000-8000-000000000000', 'party:many', n, gen_random_uuid(), 'party:created', '{}',
      now() - interval '91 days' from generate_series(1, 2500) n`;
  const [some, others] = await Promise.all([expire(), expire()]);
  expect(some + others).toBeGreaterThanOrEqual(2_500);
  expect(await sql`select from party.activity where subject = 'party:many'`).toHaveLength(0);
});

test('idempotency keys are forgotten after two days', async () => {
  const ada = viewer();
  ago = 3;
  await party.create(ada, { idempotencyKey: 'old' });
  ago = 1;
  await party.leave(ada, { partyId: viewer().playerId, idempotencyKey: 'new' });
  ago = 0;
  expect(await removeExpired(database.upkeep, commandExpiry(commands), () => new Date())).toBe(1);
  const keys = await party.database.sql`select key from party.commands where player_id = ${ada.playerId}`;
  expect(keys).toEqual([{ key: 'new' }]);
});
