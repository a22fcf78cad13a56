import { randomUUID } from 'node:crypto';
import { asc, sql } from 'drizzle-orm';
import { integer, pgSchema, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { tenantId } from './columns.ts';
import { type Database, openDatabase } from './database.ts';
import { isolate } from './isolation.ts';
import { query } from './query.ts';
import { serviceRole } from './user.ts';

const tenantA = '0000000a-0000-4000-8000-000000000000';
const tenantB = '0000000b-0000-4000-8000-000000000000';

const schema = pgSchema('zoo');
const kind = schema.enum('kind', ['CAT', 'DOG']);
const animals = schema.table('animals', {
  tenantId: tenantId(),
  id: uuid().notNull(),
  kind: kind().notNull(),
  name: text().notNull(),
  tags: text().array().notNull(),
  age: integer(),
  bornAt: timestamp('born_at', { withTimezone: true, precision: 3 }).notNull(),
});

/** Placeholders of many types, as queries here have them: columns', casted, in a limit. */
const found = query('animals_found', (db) =>
  db
    .select({
      id: animals.id,
      name: animals.name,
      tags: animals.tags,
      bornAt: animals.bornAt,
      word: sql<string>`${sql.placeholder('word')}::text`,
    })
    .from(animals)
    .where(
      sql`${animals.id} = any(${sql.placeholder('ids')}::uuid[]) and ${animals.tags} && ${sql.placeholder('tags')}::text[]
        and (${sql.placeholder('kind')}::zoo.kind is null or ${animals.kind} = ${sql.placeholder('kind')})
        and ${animals.bornAt} > ${sql.placeholder('after')}::timestamptz`,
    )
    .orderBy(asc(animals.name), asc(animals.id))
    .limit(sql.placeholder('limit')),
);
/** Fails for animals of no age. */
const inverse = query('animals_inverse', (db) =>
  db
    .select({ inverse: sql<number>`12 / ${animals.age}` })
    .from(animals)
    .where(sql`${animals.id} = ${sql.placeholder('id')}`),
);
/** Takes as long as it is told. */
const slept = query('animals_slept', (db) =>
  db
    .select({ slept: sql<string>`pg_sleep(${sql.placeholder('seconds')}::float8)::text` })
    .from(sql`(select 1) as one`),
);
const every = query('animals_every', (db) => db.select({ name: animals.name }).from(animals));

const ids = Array.from({ length: 6 }, () => randomUUID());
const statements: string[] = [];
let zoo: TestDatabase;
let database: Database;
let usual: Database;

beforeAll(async () => {
  zoo = await createDatabase();
  await zoo.sql`create schema zoo`;
  await zoo.sql`create type zoo.kind as enum ('CAT', 'DOG')`;
  await zoo.sql`create table zoo.animals (tenant_id uuid not null, id uuid not null, kind zoo.kind not null,
    name text not null, tags text[] not null, age integer, born_at timestamptz(3) not null, primary key (tenant_id, id))`;
  await zoo.sql`create role ${zoo.sql(serviceRole)} nologin`.catch(() => {});
  await isolate(zoo.sql, { schema: 'zoo', role: serviceRole, relayed: [], expiring: [] });
  for (const [nth, id] of ids.entries()) {
    await zoo.sql`insert into zoo.animals values (${nth < 5 ? tenantA : tenantB}, ${id}, ${nth % 2 ? 'CAT' : 'DOG'},
      ${['Rex', 'Tom', '"', '\\', '', 'Kit'][nth] ?? ''}, ${[['a', '"'], ['b'], ['a', '\\'], ['{,}', 'null'], ['a'], ['a', 'b']][nth] ?? []},
      ${nth}, ${new Date(Date.UTC(2026, 0, nth + 1))})`;
  }
  const onStatement = (statement: string) => statements.push(statement);
  const options = { url: zoo.url, role: serviceRole, readers: 4, writers: 1, onStatement };
  database = openDatabase({ ...options, slow: 60_000 });
  usual = openDatabase(options);
});
afterAll(async () => {
  await database.close();
  await usual.close();
  await zoo.drop();
});
beforeEach(() => {
  statements.length = 0;
});

const words = ['', 'a', 'null', 'NULL', '"', '\\', '{,}', "'", '$1', ' ', 'é\n'];
const call = fc.record({
  ids: fc.subarray(ids),
  tags: fc.array(fc.constantFrom(...words, 'b')),
  kind: fc.constantFrom('CAT', 'DOG', null),
  after: fc.constantFrom('-infinity', '2026-01-02T00:00:00.000Z', new Date(Date.UTC(2026, 0, 3))),
  limit: fc.integer({ min: 0, max: 5 }),
  word: fc.constantFrom(...words, null),
});
const asked = fc.array(fc.record({ tenant: fc.constantFrom(tenantA, tenantB), call }), {
  minLength: 2,
  maxLength: 40,
});

test('reads of one turn are answered as each alone, in one statement for 16 of a tenant', async () => {
  // How the statement for several is made is learned from the first that come together.
  const warm = { ids, tags: ['a'], kind: null, after: '-infinity', limit: 5, word: '' };
  await Promise.all([database.of(tenantA).run(found, warm), database.of(tenantA).run(found, warm)]);
  await expect
    .poll(async () => {
      statements.length = 0;
      await Promise.all([database.of(tenantA).run(found, warm), database.of(tenantA).run(found, warm)]);
      return statements.length;
    })
    .toBe(1);

  await fc.assert(
    fc.asyncProperty(asked, async (reads) => {
      const alone: unknown[] = [];
      for (const { tenant, call } of reads) alone.push(await database.of(tenant).run(found, call));
      statements.length = 0;
      const together = await Promise.all(
        reads.map(({ tenant, call }) => database.of(tenant).run(found, call)),
      );
      expect(together).toEqual(alone);
      const of = (tenant: string) => Math.ceil(reads.filter((read) => read.tenant === tenant).length / 16);
      const sent = statements.filter((statement) => !statement.includes('set_config'));
      expect(sent).toHaveLength(of(tenantA) + of(tenantB));
    }),
    { numRuns: 60 },
  );
});

test('one that fails fails alone', async () => {
  const reads = database.of(tenantA);
  for (let turn = 0; turn < 5; turn += 1) {
    const [none, one, broken, two] = await Promise.allSettled([
      reads.run(inverse, { id: ids[5] }),
      reads.run(inverse, { id: ids[1] }),
      reads.run(inverse, { id: ids[0] }),
      reads.run(inverse, { id: ids[2] }),
    ]);
    // Another tenant's is not there.
    expect(none).toEqual({ status: 'fulfilled', value: [] });
    expect(one).toEqual({ status: 'fulfilled', value: [{ inverse: 12 }] });
    expect(two).toEqual({ status: 'fulfilled', value: [{ inverse: 6 }] });
    expect(String((broken as PromiseRejectedResult).reason)).toContain('division by zero');
  }
  expect(statements.some((statement) => statement.includes('unnest'))).toBe(true);
});

test('reads without values, and those that miss one, go on as before', async () => {
  const reads = database.of(tenantB);
  for (let turn = 0; turn < 5; turn += 1) {
    const both = Promise.all([reads.run(every, {}), reads.run(every, {})]);
    expect(await both).toEqual([[{ name: 'Kit' }], [{ name: 'Kit' }]]);
  }
  const [missing, there] = await Promise.allSettled([
    reads.run(inverse, {}),
    reads.run(inverse, { id: ids[5] }),
  ]);
  expect(String((missing as PromiseRejectedResult).reason)).toContain('No value for placeholder "id"');
  expect(there).toEqual({ status: 'fulfilled', value: [{ inverse: 2 }] });
});

test('one that is slow does not hold up all, and the query is asked alone for a while', async () => {
  const reads = usual.of(tenantA);
  const quick = () => Array.from({ length: 10 }, () => reads.run(slept, { seconds: 0 }));
  await Promise.all(quick());
  await expect
    .poll(async () => {
      statements.length = 0;
      await Promise.all(quick());
      return statements.length;
    })
    .toBe(1);

  let answered = 0;
  const slow = reads.run(slept, { seconds: 3 }).then(() => answered);
  const others = quick().map(async (read) => {
    await read;
    answered += 1;
  });
  // Those behind it on its connection wait with it.
  expect(await slow).toBeGreaterThanOrEqual(7);
  await Promise.all(others);

  statements.length = 0;
  await Promise.all(quick());
  expect(statements.length).toBeGreaterThanOrEqual(10);
});
