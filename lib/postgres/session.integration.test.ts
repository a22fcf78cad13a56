import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { type NetworkProxy, startProxy } from '../../test/kit/proxy.ts';
import { query } from './query.ts';
import { Session } from './session.ts';

const one = query('one', (db) => db.select({ one: sql<number>`1` }).from(sql`(select 1) as t`));

let database: TestDatabase;
let proxy: NetworkProxy;

beforeAll(async () => {
  database = await createDatabase();
  const { hostname, port } = new URL(database.url);
  proxy = await startProxy({ host: hostname, port: Number(port || 5432) });
});
afterAll(async () => {
  await proxy.close();
  await database.drop();
});

test('a half-open connection is replaced when its patience ends: what waited fails, what follows works', async () => {
  const url = new URL(database.url);
  url.host = `127.0.0.1:${proxy.port}`;
  const session = new Session({ url: url.href, patience: 300 });
  expect(await session.run(one, {})).toEqual([{ one: 1 }]);
  proxy.freeze();
  await expect(session.run(one, {})).rejects.toThrow();
  expect(await session.run(one, {})).toEqual([{ one: 1 }]);
  await session.close();
});
