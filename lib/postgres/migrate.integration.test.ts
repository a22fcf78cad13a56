import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { migrate } from './migrate.ts';

const password = 'a password';
/** Roles belong to the whole server. */
const role = `test_${randomUUID().replaceAll('-', '')}`;
let database: TestDatabase;
let url: string;
beforeAll(async () => {
  database = await createDatabase();
  await database.sql`create role ${database.sql(role)} login`;
  await database.sql.unsafe(`alter role ${role} password '${password}'`);
  url = Object.assign(new URL(database.url), { username: role, password }).href;
});
afterAll(async () => {
  await database.sql`reassign owned by ${database.sql(role)} to current_user`;
  await database.sql`drop owned by ${database.sql(role)}`;
  await database.sql`drop role ${database.sql(role)}`;
  await database.drop();
});

const start = () =>
  migrate({
    migrationUrl: database.url,
    url,
    schema: 'social_group',
    folder: join(import.meta.dirname, '../../drizzle/group'),
    relayed: [],
    expiring: [],
  });

test('a service starts as a plain role, as which it acts', async () => {
  expect(await start()).toEqual({ role: undefined });
});

test.each([
  ['a superuser', 'superuser', 'nosuperuser'],
  ['a role that bypasses row level security', 'bypassrls', 'nobypassrls'],
])('a service does not start as %s', async (_, attribute, without) => {
  await database.sql.unsafe(`alter role ${role} ${attribute}`);
  await expect(start()).rejects.toThrow('may not be a superuser');
  await database.sql.unsafe(`alter role ${role} ${without}`);
  await start();
});

test('a service does not start as the owner of a table', async () => {
  const owner = (of: string) => database.sql.unsafe(`alter table social_group.groups owner to ${of}`);
  await owner(role);
  await expect(start()).rejects.toThrow('own schema social_group');
  await owner('current_user');
  await start();
});

test('an owner that may not make the services’ role is told what to do, and of which database', async () => {
  await database.sql`create role fellowship_service nologin`.catch(() => {});
  const owner = migrate({
    migrationUrl: url,
    url,
    schema: 'social_group',
    folder: join(import.meta.dirname, '../../drizzle/group'),
    relayed: [],
    expiring: [],
  });
  const { host, pathname } = new URL(url);
  await expect(owner).rejects.toThrow(`Database ${host}${pathname}: `);
  await expect(owner).rejects.toThrow('give the owner CREATEROLE');
});
