import { eq } from 'drizzle-orm';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { compiled } from './compiled.ts';
import { Connection } from './connection.ts';
import { narrowQuery } from './narrow.ts';

const teams = pgTable('teams', { id: integer(), name: text(), points: integer() });
const captains = pgTable('captains', { teamId: integer(), name: text(), level: integer() });

const define = () =>
  narrowQuery('teams', (db, pick) =>
    db
      .select({
        id: teams.id,
        ...pick({ name: teams.name, points: teams.points }),
        captain: pick({ name: captains.name, level: captains.level }, 'captain'),
      })
      .from(teams)
      .innerJoin(captains, eq(captains.teamId, teams.id)),
  );

let database: TestDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await createDatabase();
  connection = new Connection({ url: database.url });
  await database.sql`create table teams (id integer, name text, points integer)`;
  await database.sql`create table captains ("teamId" integer, name text, level integer)`;
  await database.sql`insert into teams values (1, 'Reds', 7)`;
  await database.sql`insert into captains values (1, 'Ada', null)`;
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

test.each([
  [undefined, { id: 1, name: 'Reds', points: 7, captain: { name: 'Ada', level: null } }],
  [
    'captain,captain.*,name,points',
    { id: 1, name: 'Reds', points: 7, captain: { name: 'Ada', level: null } },
  ],
  ['', { id: 1 }],
  ['name', { id: 1, name: 'Reds' }],
  ['*', { id: 1, name: 'Reds', points: 7, captain: { name: 'Ada', level: null } }],
  ['captain,captain.level', { id: 1, captain: { level: null } }],
  ['captain', { id: 1, captain: { name: 'Ada' } }],
  ['captain,captain.other,other', { id: 1, captain: { name: 'Ada' } }],
])('of columns %o a row has %o', async (columns, row) => {
  expect(await connection.run(define()(columns), {})).toEqual([row]);
});

test('is one statement for the same columns, and all columns for more than 32 of them', () => {
  const teamsWith = define();
  const first = teamsWith('name');
  expect(teamsWith('name')).toBe(first);
  for (let nth = 1; nth < 32; nth += 1) expect(teamsWith(`name,${nth}`)).not.toBe(teamsWith(undefined));
  expect(teamsWith('points')).toBe(teamsWith(undefined));
  expect(teamsWith('name')).toBe(first);
  expect(compiled(first).text).not.toMatch('points');
});
