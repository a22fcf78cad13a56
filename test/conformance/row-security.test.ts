import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestSubgraph, tenantA, tenantB } from '../kit/subgraph.ts';
import { universes } from './tenants/worlds.ts';

// What services ask for names no tenant: the database adds it to every statement. So a `where` that is missing
// leaks nothing, and this is where that is held, table by table, as the role that services have.
describe.each(universes)('in the schema $schema', ({ schema, start, found }) => {
  let subgraph: TestSubgraph;
  let tables: readonly string[];
  beforeAll(async () => {
    subgraph = await start();
    await found(subgraph, tenantA);
    await found(subgraph, tenantB);
    tables = await allTables(subgraph, schema);
  });
  afterAll(() => subgraph?.close());

  /** Rolled back at its end: each table is attacked as it was. */
  async function asService(tenant: string | null, work: (sql: postgres.TransactionSql) => Promise<void>) {
    const undone = new Error('undone');
    const attempt = subgraph.database.sql.begin(async (sql) => {
      await sql`set local role fellowship_service`;
      if (tenant) await sql`select set_config('app.tenant_id', ${tenant}, true)`;
      await work(sql);
      throw undone;
    });
    await expect(attempt).rejects.toBe(undone);
  }
  const tenantsIn = async (sql: postgres.Sql | postgres.TransactionSql, table: string) =>
    (await sql`select distinct tenant_id from ${sql(table)} order by 1`).map(({ tenant_id }) => tenant_id);
  /** The SQLSTATE with which a statement is refused; undefined: it was not. */
  const refusal = (
    sql: postgres.TransactionSql,
    statement: (sql: postgres.TransactionSql) => Promise<unknown>,
  ) =>
    sql.savepoint(statement).then(
      () => undefined,
      ({ code }: { code: string }) => code,
    );

  test('every table is held to its tenant, its owner too', async () => {
    const open = await subgraph.database.sql`
      select relname from pg_class where relnamespace = ${schema}::regnamespace and relkind in ('r', 'p')
        and not (relrowsecurity and relforcerowsecurity)`;
    expect([...open]).toEqual([]);
    expect(tables.length).toBeGreaterThan(5);
  });

  test('`select *` shows the tenant’s own rows, and without a tenant none', async () => {
    for (const table of tables) {
      const all = await tenantsIn(subgraph.database.sql, table);
      await asService(tenantA, async (sql) => {
        expect([table, await tenantsIn(sql, table)]).toEqual([table, all.filter((id) => id === tenantA)]);
      });
      await asService(null, async (sql) => {
        expect([table, await tenantsIn(sql, table)]).toEqual([table, []]);
      });
    }
  });

  test('the worlds fill the tables, of both tenants: else the above shows little', async () => {
    const empty: string[] = [];
    for (const table of tables) {
      const all = await tenantsIn(subgraph.database.sql, table);
      if (!all.includes(tenantA) || !all.includes(tenantB)) empty.push(table);
    }
    expect(empty).toEqual(emptyTables[schema]);
  });

  test('an update or a delete of everything touches no other tenant’s row', async () => {
    const before = JSON.stringify(await subgraph.contents());
    for (const table of tables) {
      await asService(tenantA, async (sql) => {
        const theirs = sql`${sql(table)} where tenant_id = ${tenantB}`;
        const update = sql`update ${sql(table)} set tenant_id = ${tenantA} where tenant_id = ${tenantB}`;
        for (const statement of [update, sql`delete from ${theirs}`]) {
          let count: number | undefined;
          const code = await refusal(sql, async () => {
            count = (await statement).count;
          });
          // 23001: append-only, whosever rows they are.
          expect([table, code ?? count]).toEqual([table, code === '23001' ? code : 0]);
        }
      });
    }
    expect(JSON.stringify(await subgraph.contents())).toBe(before);
  });

  test('no row is written for another tenant, nor for none', async () => {
    for (const table of tables) {
      const [row] = await subgraph.database
        .sql`select * from ${subgraph.database.sql(table)} where tenant_id = ${tenantB}`;
      if (!row) continue;
      for (const tenant of [tenantA, null]) {
        await asService(tenant, async (sql) => {
          const copy = sql`insert into ${sql(table)} overriding system value select * from jsonb_populate_record(null::${sql(table)}, ${sql.json(row as never)})`;
          expect([table, await refusal(sql, () => copy)]).toEqual([table, '42501']);
        });
      }
    }
  });
});

/** Nothing in the worlds writes to these: what was passed on to NATS, where there is one. */
const emptyTables: Readonly<Record<string, readonly string[]>> = {
  party: ['party.activity_relays'],
  guild: ['guild.activity_relays'],
  social_group: ['social_group.activity_relays'],
};

async function allTables({ database: { sql } }: TestSubgraph, schema: string): Promise<string[]> {
  const tables = await sql`
    select relname from pg_class where relnamespace = ${schema}::regnamespace and relkind in ('r', 'p') order by 1`;
  return tables.map(({ relname }) => `${schema}.${relname}`);
}
