import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { type NetworkProxy, startProxy } from '../../test/kit/proxy.ts';
import { systemTenant } from './columns.ts';
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
  const answer = () => session.run(one, {}).catch(() => 'lost');
  await expect.poll(answer).toEqual([{ one: 1 }]);
  proxy.freeze();
  await expect(session.run(one, {})).rejects.toThrow();
  await expect.poll(answer).toEqual([{ one: 1 }]);
  await session.close();
});

test('so is one whose transaction waits for its commit: whether it took effect is not known', async () => {
  const url = new URL(database.url);
  url.host = `127.0.0.1:${proxy.port}`;
  const session = new Session({ url: url.href, patience: 1_500 });
  await expect.poll(() => session.run(one, {}).catch(() => 'lost')).toEqual([{ one: 1 }]);
  const committing = session.transaction(systemTenant, async (tx) => {
    await tx.run(one, {});
    proxy.freeze();
  });
  await expect(committing).rejects.toMatchObject({
    name: 'ConnectionLost',
    committing: true,
    message: 'The database connection was lost during a commit',
  });
  await expect
    .poll(() => session.transaction(systemTenant, (tx) => tx.run(one, {})).catch(() => 'lost'))
    .toEqual([{ one: 1 }]);
  await session.close();
});

test('steady reads stay with their connection: they fail when it is lost, while others get the next one', async () => {
  const session = new Session({ url: database.url });
  const steady = session.steady();
  expect(await steady.run(one, {})).toEqual([{ one: 1 }]);
  await database.sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'fellowship' and datname = current_database()`;
  await expect.poll(() => session.run(one, {}).catch(() => 'lost')).toEqual([{ one: 1 }]);
  await expect(steady.run(one, {})).rejects.toMatchObject({ name: 'ConnectionLost' });
  expect(await session.steady().run(one, {})).toEqual([{ one: 1 }]);
  await session.close();
});
