import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { query } from '@fellowship/postgres';
import { createLog } from '@fellowship/server';
import { openStore, type Store } from '@fellowship/subgraph';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { tenantA } from '../../test/kit/subgraph.ts';
import type { GroupEvent } from './events.ts';
import { activity, commands, heads, organizations, relays } from './tables/index.ts';

// What every command of every subgraph stands on, by the store of this one.
let database: TestDatabase;
let store: Store<GroupEvent>;
beforeAll(async () => {
  database = await createDatabase();
  const { url } = database;
  store = await openStore<GroupEvent>(
    { url, migrationUrl: url, log: createLog({ name: 'test', level: 'silent' }) },
    {
      name: 'group',
      schema: 'social_group',
      migrations: join(import.meta.dirname, '../../drizzle/group'),
      activity: { activity, heads, relays },
      commands,
    },
  );
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const actor = () => ({ tenantId: tenantA, playerId: randomUUID() });
const add = query('organization_add', (db) =>
  db.insert(organizations).values({
    id: sql.placeholder('id'),
    name: sql.placeholder('name'),
    createdAt: sql.placeholder('now'),
    updatedAt: sql.placeholder('now'),
  }),
);
const backend = query('backend', (db) =>
  db.select({ pid: sql<number>`pg_backend_pid()` }).from(sql`(select 1) as t`),
);
const created = (organizationId: string) =>
  ({
    type: 'organization.created',
    subject: `organization:${organizationId}`,
    data: { organizationId },
  }) as const;
const namesOf = async (ids: readonly string[]) => {
  const rows = await database.sql<{ name: string }[]>`
    select name from social_group.organizations where id = any(${[...ids]}::uuid[]) order by name`;
  return rows.map(({ name }) => name);
};

test('the same statement may be written twice, each with its own values, and before all events', async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  await store.commands.run(actor(), 'twice', {}, async (tx) => {
    const { now } = tx;
    tx.write(add, { id: one, name: 'One', now });
    tx.write(add, { id: other, name: 'Other', now: new Date(now) });
    tx.emit(created(one));
    tx.emit(created(other));
  });
  expect(await namesOf([one, other])).toEqual(['One', 'Other']);
  const events = await database.sql`
    select sequence::int from social_group.activity where subject in (${`organization:${one}`}, ${`organization:${other}`})`;
  expect([...events]).toEqual([{ sequence: 1 }, { sequence: 1 }]);
});

test('what is said, written and left for later in a savepoint that is undone has not been', async () => {
  const [kept, undone] = [randomUUID(), randomUUID()];
  const done: string[] = [];
  await store.commands.run(actor(), 'undone', {}, async (tx) => {
    const { now } = tx;
    const attempt = (id: string, name: string) => {
      tx.write(add, { id, name, now });
      tx.emit(created(id));
      tx.onCommit(() => done.push(name));
    };
    attempt(kept, 'Kept');
    const failing = tx.savepoint(async () => {
      attempt(undone, 'Undone');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
  });
  expect(await namesOf([kept, undone])).toEqual(['Kept']);
  expect(done).toEqual(['Kept']);
  const events = await database.sql`
    select from social_group.activity where subject = ${`organization:${undone}`}`;
  expect(events).toHaveLength(0);
});

test('what is decided again knows it, and only the last attempt has an effect', async () => {
  const taken = randomUUID();
  const free = randomUUID();
  const who = actor();
  const write = (id: string, name: string) =>
    store.commands.run(who, 'add', {}, async (tx) => tx.write(add, { id, name, now: tx.now }));
  await write(taken, 'Taken');
  const attempts: boolean[] = [];
  const done: boolean[] = [];
  await store.commands.run(who, 'add', {}, async (tx) => {
    attempts.push(tx.again);
    tx.write(add, { id: tx.again ? free : taken, name: 'Free', now: tx.now });
    tx.emit(created(free));
    tx.onCommit(() => done.push(tx.again));
  });
  expect(attempts).toEqual([false, true]);
  expect(done).toEqual([true]);
  expect(await namesOf([taken, free])).toEqual(['Free', 'Taken']);
});

test('who lost to another with the same key does nothing of what their own attempt had in mind', async () => {
  const who = actor();
  const done: string[] = [];
  const input = { idempotencyKey: 'once' };
  const run = (name: string, work: (pid: number) => Promise<void>) =>
    store.commands.run(who, 'same', input, async (tx) => {
      const [row] = await tx.run(backend, {});
      tx.onCommit(() => done.push(name));
      await work(row?.pid ?? 0);
      return name;
    });
  let second: Promise<string> | undefined;
  const first = run('first', async (pid) => {
    second ??= run('second', async () => {});
    // It waits for the first to commit or to roll back.
    await expect
      .poll(() => database.sql`select from pg_stat_activity where ${pid} = any(pg_blocking_pids(pid))`)
      .toHaveLength(1);
    await database.sql`select pg_terminate_backend(${pid})`;
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
  expect([await first, await second]).toEqual(['second', 'second']);
  expect(done).toEqual(['second']);
});
