import { eq, sql } from 'drizzle-orm';
import { integer, pgSchema, uuid } from 'drizzle-orm/pg-core';
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../../test/kit/database.ts';
import { tenantId } from './columns.ts';
import { type Database, openDatabase } from './database.ts';
import { violatedConstraint } from './errors.ts';
import { isolate } from './isolation.ts';
import { query } from './query.ts';
import type { Transaction } from './session.ts';
import { serviceRole } from './user.ts';

const tenantA = '0000000a-0000-4000-8000-000000000000';
const tenantB = '0000000b-0000-4000-8000-000000000000';

const schema = pgSchema('shelf');
const things = schema.table('things', {
  tenantId: tenantId(),
  id: uuid().notNull(),
  weight: integer().notNull(),
});
const all = query('things_all', (db) =>
  db.select({ weight: things.weight }).from(things).orderBy(things.weight),
);
const insert = query('things_insert', (db) =>
  db.insert(things).values({ id: sql`gen_random_uuid()`, weight: sql.placeholder('weight') }),
);
const slow = query('things_slow', (db) =>
  db.select({ weight: things.weight, slept: sql`pg_sleep(0.05)` }).from(things),
);
const backend = query('backend', (db) =>
  db.select({ pid: sql<number>`pg_backend_pid()` }).from(sql`(select 1) as t`),
);

const named = query('things_named', (db) =>
  db
    .select({ weight: things.weight })
    .from(things)
    .where(eq(things.id, sql.placeholder('id'))),
);
const plans = query('plans', (db) =>
  db
    .select({ custom: sql<string>`sum(custom_plans)`, generic: sql<string>`sum(generic_plans)` })
    .from(sql`pg_prepared_statements`)
    .where(sql`statement like '%"things"."id" = $1%' and statement not like '%pg_prepared%'`),
);

let shelf: TestDatabase;
let database: Database;

beforeAll(async () => {
  shelf = await createDatabase();
  await shelf.sql`create schema shelf`;
  await shelf.sql`create table shelf.things (
    tenant_id uuid not null default current_setting('app.tenant_id')::uuid, id uuid not null, weight integer not null,
    primary key (tenant_id, id), constraint things_weight check (weight >= 0))`;
  await shelf.sql`create role ${shelf.sql(serviceRole)} nologin`.catch(() => {});
  await isolate(shelf.sql, { schema: 'shelf', role: serviceRole, relayed: [], expiring: [] });
  database = openDatabase({ url: shelf.url, role: serviceRole, readers: 2, writers: 2 });
});
afterAll(async () => {
  await database.close();
  await shelf.drop();
});

const put = (tenant: string, weight: number) =>
  database.transaction(tenant, (tx) => tx.db.insert(things).values({ id: crypto.randomUUID(), weight }));

beforeEach(async () => {
  await shelf.sql`truncate shelf.things`;
  await put(tenantA, 1);
  await put(tenantB, 2);
});

describe('a tenant', () => {
  test('sees its own rows, in reads and in transactions', async () => {
    expect(await database.of(tenantA).run(all, {})).toEqual([{ weight: 1 }]);
    expect(await database.of(tenantB).run(all, {})).toEqual([{ weight: 2 }]);
    expect(await database.transaction(tenantB, (tx) => tx.run(all, {}))).toEqual([{ weight: 2 }]);
  });

  test('changes no row of another, whatever the statement', async () => {
    await database.transaction(tenantA, (tx) => tx.db.update(things).set({ weight: 9 }));
    await database.transaction(tenantA, (tx) => tx.db.delete(things).where(eq(things.weight, 2)));
    expect(await shelf.sql`select weight from shelf.things order by weight`).toEqual([
      { weight: 2 },
      { weight: 9 },
    ]);
    const forged = database.transaction(tenantA, (tx) =>
      tx.db.insert(things).values({ tenantId: tenantB, id: crypto.randomUUID(), weight: 3 }),
    );
    await expect(forged).rejects.toThrow();
  });

  test('keeps its connection apart under 2,000 interleaved reads', async () => {
    const reads = Array.from({ length: 2_000 }, async (_, index) => {
      const tenant = index % 2 ? tenantA : tenantB;
      return { expected: index % 2 ? 1 : 2, rows: await database.of(tenant).run(all, {}) };
    });
    for (const { expected, rows } of await Promise.all(reads)) expect(rows).toEqual([{ weight: expected }]);
  });

  test('waits its turn when others hold every connection, and gets it', async () => {
    const busy = Array.from({ length: 6 }, () => database.of(tenantA).run(slow, {}));
    expect(await database.of(tenantB).run(all, {})).toEqual([{ weight: 2 }]);
    await Promise.all(busy);
  });
});

test('a connection without a tenant sees no row and writes none', async () => {
  const bare = postgres(shelf.url, { max: 1, connection: { role: serviceRole } });
  expect(await bare`select * from shelf.things`).toEqual([]);
  await expect(bare`insert into shelf.things (id, weight) values (gen_random_uuid(), 1)`).rejects.toThrow();
  await bare.end();
});

describe('a transaction', () => {
  test('that throws leaves nothing behind', async () => {
    const failing = database.transaction(tenantA, async (tx) => {
      await tx.db.insert(things).values({ id: crypto.randomUUID(), weight: 5 });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await database.of(tenantA).run(all, {})).toEqual([{ weight: 1 }]);
  });

  test('tells which constraint said no', async () => {
    const error = await put(tenantA, -1).catch((reason: unknown) => reason);
    expect(violatedConstraint(error)).toBe('things_weight');
  });

  test('that swallowed a database error is not taken for committed', async () => {
    const swallowing = database.transaction(tenantA, async (tx) => {
      await tx.db
        .insert(things)
        .values({ id: crypto.randomUUID(), weight: -1 })
        .catch(() => {});
    });
    await expect(swallowing).rejects.toThrow('ROLLBACK');
  });

  test('undoes a savepoint alone', async () => {
    await database.transaction(tenantA, async (tx) => {
      await tx.db.insert(things).values({ id: crypto.randomUUID(), weight: 6 });
      const attempt = tx.savepoint(() =>
        tx.db.insert(things).values({ id: crypto.randomUUID(), weight: -1 }),
      );
      await expect(attempt).rejects.toThrow();
    });
    expect(await database.of(tenantA).run(all, {})).toEqual([{ weight: 1 }, { weight: 6 }]);
  });

  test('undoes an outer savepoint with all inside it', async () => {
    await database.transaction(tenantA, async (tx) => {
      const put = (weight: number) => tx.db.insert(things).values({ id: crypto.randomUUID(), weight });
      const outer = tx.savepoint(async () => {
        await put(6);
        await tx.savepoint(() => put(7));
        throw new Error('no');
      });
      await expect(outer).rejects.toThrow('no');
    });
    expect(await database.of(tenantA).run(all, {})).toEqual([{ weight: 1 }]);
  });

  test('runs statements in the order they were asked for, awaited or not, each seeing those before', async () => {
    await database.transaction(tenantA, async (tx) => {
      const seen = await Promise.all([
        tx.run(all, {}),
        tx.run(insert, { weight: 6 }),
        tx.run(all, {}),
        tx.run(insert, { weight: 7 }),
        tx.run(all, {}),
      ]);
      expect([seen[0], seen[2], seen[4]].map((rows) => rows?.length)).toEqual([1, 2, 3]);
    });
  });

  test('runs what was left for the end after all else, and it counts', async () => {
    await database.transaction(tenantA, async (tx) => {
      tx.runLast(insert, { weight: 6 });
      expect(await tx.run(all, {})).toEqual([{ weight: 1 }]);
    });
    expect(await database.of(tenantA).run(all, {})).toEqual([{ weight: 1 }, { weight: 6 }]);
  });

  test('has not happened when what was left for the end fails, and the connection serves on', async () => {
    let runs = 0;
    const failing = database.transaction(tenantA, async (tx) => {
      runs += 1;
      await tx.run(insert, { weight: 6 });
      tx.runLast(insert, { weight: -1 });
      tx.runLast(insert, { weight: 7 });
    });
    await expect(failing).rejects.toMatchObject({ name: 'Outdated', cause: { code: '23514' } });
    expect(runs).toBe(4);
    expect(await database.of(tenantA).run(all, {})).toEqual([{ weight: 1 }]);
    await database.transaction(tenantA, (tx) => tx.run(insert, { weight: 8 }));
    expect(await database.of(tenantA).run(all, {})).toHaveLength(2);
  });

  test.each([
    ['what was left for the end', 0],
    ['what is all of it', 1],
  ])('is decided again when %s no longer fits', async (_, first) => {
    let weight = -2;
    await database.transaction(tenantA, async (tx) => {
      if (!first) await tx.run(all, {});
      weight += 1;
      tx.runLast(insert, { weight });
    });
    expect(await database.of(tenantA).run(all, {})).toEqual([{ weight: 0 }, { weight: 1 }]);
  });

  test('of one statement is that statement, and one of none is nothing', async () => {
    const texts: string[] = [];
    const onStatement = (text: string) => texts.push(text);
    const counted = openDatabase({ url: shelf.url, role: serviceRole, writers: 1, onStatement });
    await counted.transaction(tenantA, async (tx) => tx.runLast(insert, { weight: 6 }));
    texts.length = 0;
    await counted.transaction(tenantA, async (tx) => tx.runLast(insert, { weight: 7 }));
    await counted.transaction(tenantA, async () => {});
    await expect(counted.transaction(tenantA, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(texts).toEqual([expect.stringMatching(/^insert/)]);
    await counted.close();
    expect(await database.of(tenantA).run(all, {})).toHaveLength(3);
  });

  test('is told when it is run again because what it left was outdated, and of nothing else', async () => {
    const told: boolean[] = [];
    const outdated = database.transaction(tenantA, async (tx) => {
      told.push(tx.again);
      tx.runLast(insert, { weight: tx.again ? 6 : -1 });
    });
    await outdated;
    expect(told).toEqual([false, true]);
    const lost: boolean[] = [];
    await database.transaction(tenantA, async (tx) => {
      lost.push(tx.again);
      const [row] = await tx.run(backend, {});
      if (lost.length === 1) await shelf.sql`select pg_terminate_backend(${row?.pid ?? 0})`;
      await tx.run(all, {});
    });
    expect(lost).toEqual([false, false]);
  });

  test('is refused what has no value before anything of it stays', async () => {
    const missing = database.transaction(tenantA, async (tx) => {
      await tx.run(insert, { weight: 6 });
      tx.runLast(insert, { weight: undefined });
    });
    await expect(missing).rejects.toThrow('No value for placeholder "weight"');
    expect(await database.of(tenantA).run(all, {})).toEqual([{ weight: 1 }]);
    expect(await database.transaction(tenantB, (tx) => tx.run(all, {}))).toEqual([{ weight: 2 }]);
  });

  test('takes nothing more once it has ended', async () => {
    let stray: Transaction | undefined;
    const denied = database.transaction(tenantA, async (tx) => {
      stray = tx;
      await tx.run(all, {});
      throw new Error('no');
    });
    await expect(denied).rejects.toThrow('no');
    const late = [
      () => stray?.run(insert, { weight: 6 }),
      () => stray?.runLast(insert, { weight: 6 }),
      () => stray?.db,
    ];
    for (const attempt of late) expect(attempt).toThrow('The transaction has ended');
    await expect(stray?.savepoint(async () => {})).rejects.toThrow('The transaction has ended');
    expect(await database.of(tenantA).run(all, {})).toEqual([{ weight: 1 }]);
  });

  test('writes nothing for a tenant before when its own can’t be set', async () => {
    const one = openDatabase({ url: shelf.url, role: serviceRole, writers: 1 });
    await one.transaction(tenantA, (tx) => tx.run(all, {}));
    // PostgreSQL takes no text with such a character.
    const nobody = one.transaction('\u0000', async (tx) => tx.runLast(insert, { weight: 6 }));
    await expect(nobody).rejects.toThrow();
    expect(await one.transaction(tenantA, (tx) => tx.run(all, {}))).toEqual([{ weight: 1 }]);
    await one.close();
  });

  test('goes to a connection that has the tenant, and to another with a change of tenant', async () => {
    const texts: string[] = [];
    const onStatement = (text: string) => texts.push(text);
    const counted = openDatabase({ url: shelf.url, role: serviceRole, writers: 2, onStatement });
    for (const tenant of [tenantA, tenantB, tenantA, tenantB, tenantA]) {
      const weights = await counted.transaction(tenant, (tx) => tx.run(all, {}));
      expect(weights).toEqual([{ weight: tenant === tenantA ? 1 : 2 }]);
    }
    expect(texts.filter((text) => text.includes('set_config'))).toHaveLength(2);
    await counted.close();
  });

  test('forgets what a savepoint that was undone had left for the end', async () => {
    await database.transaction(tenantA, async (tx) => {
      tx.runLast(insert, { weight: 6 });
      const attempt = tx.savepoint(async () => {
        tx.runLast(insert, { weight: 7 });
        throw new Error('no');
      });
      await expect(attempt).rejects.toThrow('no');
    });
    expect(await database.of(tenantA).run(all, {})).toEqual([{ weight: 1 }, { weight: 6 }]);
  });

  test('whose connection breaks before its commit has not happened, and is run again', async () => {
    let runs = 0;
    await database.transaction(tenantA, async (tx) => {
      runs += 1;
      const [row] = await tx.run(backend, {});
      if (runs === 1) await shelf.sql`select pg_terminate_backend(${row?.pid ?? 0})`;
      await tx.db.insert(things).values({ id: crypto.randomUUID(), weight: 7 });
      await tx.run(all, {});
    });
    expect(runs).toBe(2);
    expect(await database.of(tenantA).run(all, {})).toEqual([{ weight: 1 }, { weight: 7 }]);
  });

  test('makes nothing of what a broken connection did not find', async () => {
    let runs = 0;
    const denied = database.transaction(tenantA, async (tx) => {
      runs += 1;
      const [row] = await tx.run(backend, {});
      await shelf.sql`select pg_terminate_backend(${row?.pid ?? 0})`;
      await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error('Not found');
    });
    await expect(denied).rejects.toThrow('The database connection was lost');
    expect(runs).toBe(4);
  });

  test('is run again after a deadlock', async () => {
    const [a, b] = [crypto.randomUUID(), crypto.randomUUID()];
    await database.transaction(tenantA, (tx) =>
      tx.db.insert(things).values([
        { id: a, weight: 0 },
        { id: b, weight: 0 },
      ]),
    );
    const bump = (first: string, second: string) =>
      database.transaction(tenantA, async (tx) => {
        for (const id of [first, second]) {
          await tx.db
            .update(things)
            .set({ weight: sql`${things.weight} + 1` })
            .where(eq(things.id, id));
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      });
    await Promise.all([bump(a, b), bump(b, a)]);
    const rows = await shelf.sql`select weight from shelf.things where id in (${a}, ${b})`;
    expect(rows).toEqual([{ weight: 2 }, { weight: 2 }]);
  });
});

test('reads go on, with their tenant, after every connection was cut', async () => {
  await database.of(tenantA).run(all, {});
  await shelf.sql`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and application_name = 'fellowship'`;
  await new Promise((resolve) => setTimeout(resolve, 100));
  for (let count = 0; count < 20; count += 1) {
    expect(await database.of(tenantA).run(all, {})).toEqual([{ weight: 1 }]);
    expect(await database.of(tenantB).run(all, {})).toEqual([{ weight: 2 }]);
  }
});

test('no connection is lost for good, however often they are cut under load', async () => {
  let stop = false;
  const ask = async (tenant: string) => {
    while (!stop) {
      await database
        .of(tenant)
        .run(all, {})
        .catch(() => {});
      await database.transaction(tenant, (tx) => tx.run(all, {})).catch(() => {});
    }
  };
  const asking = [tenantA, tenantB, tenantA, tenantB].map(ask);
  for (let cut = 0; cut < 10; cut += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    await shelf.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and application_name = 'fellowship'`;
  }
  stop = true;
  await Promise.all(asking);
  await Promise.all(Array.from({ length: 20 }, () => put(tenantA, 1)));
  expect(await database.of(tenantB).run(all, {})).toEqual([{ weight: 2 }]);
  await database.ready();
});

describe('what takes too long is ended by the database, and the connection serves on', () => {
  const ample = { statement: 60_000, lock: 60_000, idle: 60_000 };
  const pushy = (short: Partial<typeof ample>) =>
    openDatabase({
      url: shelf.url,
      role: serviceRole,
      readers: 1,
      writers: 1,
      timeouts: { ...ample, ...short },
    });
  const sleep = query('things_sleep', (db) =>
    db.select({ slept: sql`pg_sleep(30)` }).from(sql`(select 1) as t`),
  );

  test('a statement', async () => {
    const impatient = pushy({ statement: 500 });
    const ended = { code: '57014' };
    await expect(impatient.of(tenantA).run(sleep, {})).rejects.toMatchObject(ended);
    expect(await impatient.of(tenantA).run(all, {})).toEqual([{ weight: 1 }]);
    await expect(impatient.transaction(tenantB, (tx) => tx.run(sleep, {}))).rejects.toMatchObject(ended);
    expect(await impatient.transaction(tenantB, (tx) => tx.run(all, {}))).toEqual([{ weight: 2 }]);
    await impatient.close();
  });

  test('the wait for a lock', async () => {
    const impatient = pushy({ lock: 100 });
    await shelf.sql.begin(async (held) => {
      await held`update shelf.things set weight = 8`;
      const blocked = impatient.transaction(tenantA, (tx) => tx.db.update(things).set({ weight: 9 }));
      await expect(blocked).rejects.toMatchObject({ cause: { code: '55P03' } });
    });
    expect(await impatient.of(tenantA).run(all, {})).toEqual([{ weight: 8 }]);
    await impatient.close();
  });

  test('a transaction that nobody goes on with, and its locks', async () => {
    const impatient = pushy({ idle: 500 });
    const abandoned = impatient.transaction(tenantA, async (tx) => {
      await tx.db.update(things).set({ weight: 9 });
      await new Promise(() => {});
    });
    await expect(abandoned).rejects.toThrow('The database connection was lost');
    await impatient.transaction(tenantA, (tx) => tx.db.update(things).set({ weight: 7 }));
    expect(await impatient.of(tenantA).run(all, {})).toEqual([{ weight: 7 }]);
    await impatient.close();
  });
});

test('a table without a tenant is refused', async () => {
  await shelf.sql`create table shelf.open (id uuid)`;
  const isolating = isolate(shelf.sql, { schema: 'shelf', role: serviceRole, relayed: [], expiring: [] });
  await expect(isolating).rejects.toThrow('Table shelf.open has no tenant_id');
  await shelf.sql`drop table shelf.open`;
});

test('an append-only table takes rows and gives none up, not even to its owner', async () => {
  const { sql } = shelf;
  await sql`create table shelf.ledger (
    tenant_id uuid not null default current_setting('app.tenant_id')::uuid, amount integer not null)`;
  const options = { schema: 'shelf', role: serviceRole, relayed: [], expiring: [], appendOnly: ['ledger'] };
  await isolate(sql, options);
  await isolate(sql, options);
  await sql`insert into shelf.ledger (tenant_id, amount) values (${tenantA}, 1)`;
  await expect(sql`update shelf.ledger set amount = 2`).rejects.toThrow('ledger is append-only');
  await expect(sql`delete from shelf.ledger`).rejects.toThrow('ledger is append-only');
  await expect(sql`truncate shelf.ledger`).rejects.toThrow('ledger is append-only');
  expect(await sql`select amount from shelf.ledger`).toEqual([{ amount: 1 }]);
  await sql`drop table shelf.ledger`;
});

test('a statement is planned once a connection, and not anew for its values', async () => {
  await using alone = {
    ...openDatabase({ url: shelf.url, role: serviceRole, readers: 1, writers: 1 }),
    async [Symbol.asyncDispose]() {
      await this.close();
    },
  };
  const reads = alone.of(tenantA);
  for (let run = 0; run < 3; run += 1) await reads.run(named, { id: crypto.randomUUID() });
  expect(await reads.run(plans, {})).toEqual([{ custom: '0', generic: '3' }]);
});
