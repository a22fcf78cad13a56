import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { bigint, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { Connection } from './connection.ts';
import { type Builder, query } from './query.ts';

const teams = pgTable('teams', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  tags: text().array().notNull(),
  points: bigint({ mode: 'bigint' }),
  foundedAt: timestamp({ withTimezone: true, precision: 3 }),
});
const captains = pgTable('captains', { teamId: uuid().notNull(), name: text(), level: integer() });

const team = { id: teams.id, name: teams.name, tags: teams.tags, points: teams.points, at: teams.foundedAt };
const captain = { teamId: captains.teamId, name: captains.name, level: captains.level };
const shout = sql<string>`upper(${teams.name})`.as('shout');
const double = sql<bigint>`${teams.points} * 2`.mapWith(BigInt);

let database: TestDatabase;
let connection: Connection;

beforeAll(async () => {
  database = await createDatabase();
  connection = new Connection({ url: database.url });
  await database.sql`create table teams (id uuid primary key, name text not null, tags text[] not null,
    points bigint, "foundedAt" timestamptz(3))`;
  await database.sql`create table captains ("teamId" uuid not null, name text, level integer)`;
});
afterAll(async () => {
  await connection.close();
  await database.drop();
});

const ofTeam = eq(teams.id, sql.placeholder('id'));
const insideOut = (db: Builder) =>
  db
    .select({ ...team, shout })
    .from(teams)
    .where(ofTeam)
    .as('inside');
const selects = {
  flat: (db: Builder) =>
    db
      .select({ ...team, shout, double })
      .from(teams)
      .where(ofTeam),
  joined: (db: Builder) =>
    db.select({ team, captain }).from(teams).innerJoin(captains, eq(captains.teamId, teams.id)).where(ofTeam),
  'joined to none': (db: Builder) =>
    db.select({ name: teams.name, captain }).from(teams).leftJoin(captains, sql`false`).where(ofTeam),
  'joined to some': (db: Builder) =>
    db
      .select({ name: teams.name, captain })
      .from(teams)
      .leftJoin(captains, eq(captains.teamId, teams.id))
      .where(ofTeam),
  'from another': (db: Builder) => {
    const inside = insideOut(db);
    return db.select(inside._.selectedFields).from(inside);
  },
};

const row = fc.record({
  name: fc.string().map((name) => name.replaceAll('\u0000', '')),
  tags: fc.array(fc.constantFrom('', 'a', 'null', '"', '\\', '{,}', ' ')),
  points: fc.option(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n - 1n })),
  foundedAt: fc.option(fc.date({ min: new Date(0), max: new Date('2999-01-01'), noInvalidDate: true })),
  level: fc.option(fc.integer({ min: 0, max: 99 })),
});

test('what is compiled sends and reads what Drizzle does', async () => {
  const insert = query('insert', (db) =>
    db
      .insert(teams)
      .values({
        id: sql.placeholder('id'),
        name: sql.placeholder('name'),
        tags: sql.placeholder('tags'),
        points: sql.placeholder('points'),
        foundedAt: sql`${sql.placeholder('foundedAt')}::timestamptz`,
      })
      .returning(team),
  );
  const statements = Object.entries(selects).map(([name, build]) => ({
    build,
    query: query(name, build as never),
  }));
  await fc.assert(
    fc.asyncProperty(row, async ({ level, name, tags, points, foundedAt }) => {
      const id = randomUUID();
      const written = await connection.run(insert, { id, name, tags, points, foundedAt });
      expect(written).toEqual([{ id, name, tags, points, at: foundedAt }]);
      await connection.db.insert(captains).values({ teamId: id, name: null, level });
      for (const { build, query } of statements) {
        const theirs = await (build(connection.db) as ReturnType<typeof selects.flat>)
          .prepare('')
          .execute({ id });
        expect(theirs).toHaveLength(1);
        expect(await connection.run(query, { id })).toEqual(theirs);
      }
    }),
    { numRuns: 50 },
  );
});

test('a placeholder without a value is refused, and nothing sent', async () => {
  const flat = query('flat', selects.flat);
  expect(() => connection.run(flat, {})).toThrow('No value for placeholder "id" was provided');
});
