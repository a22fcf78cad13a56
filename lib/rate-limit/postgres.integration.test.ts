import { randomUUID } from 'node:crypto';
import { createLog } from '@fellowship/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { type NetworkProxy, startProxy } from '../../test/kit/proxy.ts';
import { createGuessLimit } from './guess-limit.ts';
import { RateLimited } from './limited.ts';
import type { RateStore } from './limiter.ts';
import { postgresRates } from './postgres.ts';

const log = createLog({ name: 'test', level: 'silent' });
const allowance = { name: 'requests', points: 10, seconds: 60 };

let database: TestDatabase;
let proxy: NetworkProxy;
/** Two processes. */
let stores: readonly [RateStore, RateStore];
beforeAll(async () => {
  database = await createDatabase();
  const { url } = database;
  const { hostname: host, port } = new URL(url);
  proxy = await startProxy({ host, port: Number(port) });
  const open = () => postgresRates({ url, migrationUrl: url }, log, 60_000);
  stores = await Promise.all([open(), open()]);
});
afterAll(async () => {
  for (const store of stores) await store.close();
  await proxy.close();
  await database.drop();
});

const takes = async (store: RateStore, key: string, times: number) => {
  const limiter = store.limiter(allowance);
  const outcomes = await Promise.allSettled(Array.from({ length: times }, () => limiter.take(key)));
  const refusals = outcomes.filter(({ status }) => status === 'rejected');
  for (const refusal of refusals) expect(refusal).toMatchObject({ reason: expect.any(RateLimited) });
  return times - refusals.length;
};

test('processes count together', async () => {
  const [taken, there] = await Promise.all([takes(stores[0], 'Ada', 20), takes(stores[1], 'Ada', 20)]);
  expect(taken + there).toBe(10);
  expect(await takes(stores[1], 'Bea', 20)).toBe(10);
});

test('wrong guesses too, and right ones are given back', async () => {
  const [here, there] = stores.map((store) => createGuessLimit(store, { guesses: 3, seconds: 60 }));
  const guess = (at: typeof here, right: boolean) =>
    at?.attempt(
      'Ada',
      async () => right,
      (result) => !result,
    );
  for (const right of [true, false, true, false, true]) await guess(here, right);
  await guess(there, false);
  await expect(guess(there, true)).rejects.toThrow('Too many wrong guesses: try again in');
  await expect(guess(here, true)).rejects.toThrow(RateLimited);
});

test('a refusal costs no statement once there was one', async () => {
  const limiter = stores[0].limiter(allowance);
  const counted = async () =>
    (await database.sql`select points from fellowship_rates.counts where key like '%Cyd'`)[0];
  await limiter.take('Cyd', 10);
  await expect(limiter.take('Cyd')).rejects.toThrow(RateLimited);
  const before = await counted();
  expect(before).toEqual({ points: 11 });
  for (let time = 0; time < 5; time++) await expect(limiter.take('Cyd')).rejects.toThrow(RateLimited);
  expect(await counted()).toEqual(before);
});

test('the service may count, and is not the owner of what it counts in', async () => {
  const [table] = await database.sql`
    select relpersistence as kind, pg_get_userbyid(relowner) <> 'fellowship_service' as "ownedByAnother"
    from pg_class where oid = 'fellowship_rates.counts'::regclass`;
  expect(table).toEqual({ kind: 'u', ownedByAnother: true });
});

test('while the database does not answer, a process counts by itself', async () => {
  const proxied = new URL(database.url);
  proxied.host = `127.0.0.1:${proxy.port}`;
  const connections = async () =>
    (
      await database.sql`select from pg_stat_activity
        where datname = current_database() and application_name = 'fellowship rates'`
    ).length;
  const others = await connections();
  const store = await postgresRates({ url: proxied.href, migrationUrl: proxied.href }, log);
  // All it may have: those that it opens once others hang would be answered.
  await expect
    .poll(async () => {
      await takes(store, randomUUID(), 20);
      return (await connections()) - others;
    })
    .toBe(5);
  proxy.freeze();
  expect(await takes(store, 'Eve', 20)).toBe(10);
  proxy.cut();
  await store.close();
});
