import { expect, test } from 'vitest';
import { type Data, type TestSubgraph, tenantA, tenantB } from '../kit/subgraph.ts';
import { type Attack, attacksOn } from './tenants/attacks.ts';
import { playersOf, type Universe, universes } from './tenants/worlds.ts';

/**
 * Both tenants have the same world, of the same players. The master of B, with every scope, puts all that is A's
 * into every place there is. Then once more, in the same order, where A never was. That the answers are the same,
 * byte for byte, is what "exactly what a nonexistent one gets" means.
 */
test.each(universes)(
  'what is another tenant’s is what does not exist: $name',
  async (universe) => {
    const beside = await attackAll(universe, { besideA: true });
    const alone = await attackAll(universe, { besideA: false });
    expect(beside.attacks).toEqual(alone.attacks);
    const differing = beside.attacks.filter((_, index) => beside.answers[index] !== alone.answers[index]);
    expect(differing).toEqual([]);
    // An operation that is wrong in itself would show nothing.
    expect(beside.answers.filter((answer) => /Variable "|Cannot query|Syntax Error/.test(answer))).toEqual(
      [],
    );
    expect(beside.answers.filter((answer) => /Failed query/.test(answer))).toEqual([]);
  },
  300_000,
);

async function attackAll(universe: Universe, { besideA }: { besideA: boolean }) {
  const subgraph = await universe.start();
  try {
    const a = await universe.found(subgraph, tenantA);
    const { own } = await universe.found(subgraph, tenantB);
    await universe.foundApart(subgraph, tenantA);
    const { ids, keys, strings } = await valuesOfA(subgraph, universe.schema);
    expect([ids.length > 3, keys.length, a.cursors.length]).toEqual([true, 1, 2]);
    const values = { ids, keys, strings: [...strings, ...a.cursors], own };
    const attacks = attacksOn(subgraph.subgraph.schema, values);
    if (!besideA) await forgetA(subgraph);

    const before = await rowsOfA(subgraph);
    const answers: string[] = [];
    for (const attack of attacks) {
      answers.push(await answerTo(subgraph, attack));
      // Else only the first to use a key of A's would be the first.
      if (attack.title.includes('idempotencyKey')) await forgetKeys(subgraph, universe.schema);
    }
    expect(await rowsOfA(subgraph)).toEqual(before);
    return { attacks: attacks.map(({ title }) => title), answers };
  } finally {
    await subgraph.close();
  }
}

const [attacker] = playersOf(tenantB);

/** All that an attack is answered, as JSON. A subscription that were let in would not end, and nor would the test. */
async function answerTo(subgraph: TestSubgraph, { kind, source, variables }: Attack): Promise<string> {
  if (kind !== 'subscription') return JSON.stringify(await subgraph.execute(attacker, source, variables));
  const results: unknown[] = [];
  try {
    for await (const result of await subgraph.subscribe(attacker, source, variables)) results.push(result);
  } catch (error) {
    results.push(error);
  }
  return JSON.stringify(results);
}

/** One id of each of A's tables, and what else of A's could be asked for that B has not as well. */
async function valuesOfA({ database: { sql } }: TestSubgraph, schema: string) {
  const columns = await sql<{ table: string; column: string }[]>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = ${schema} and column_name in ('id', 'code', 'invite_code', 'slug', 'name', 'key')
    order by 1, 2`;
  const found = { id: new Set<string>(), key: new Set<string>(), other: new Set<string>() };
  for (const { table, column } of columns) {
    const from = sql(`${schema}.${table}`);
    const rows = await sql<{ value: string }[]>`
      select distinct ${sql(column)}::text as value from ${from} where tenant_id = ${tenantA}
      except select ${sql(column)}::text from ${from} where tenant_id = ${tenantB}
      order by 1 limit ${column === 'id' ? 1 : 5}`;
    const kind = column === 'id' ? 'id' : table === 'commands' ? 'key' : 'other';
    for (const { value } of rows) found[kind].add(value);
  }
  return { ids: [...found.id], keys: [...found.key], strings: [...found.other] };
}

async function rowsOfA(subgraph: TestSubgraph): Promise<object> {
  const tables = Object.entries(await subgraph.contents()) as [string, { row: Data }[]][];
  return Object.fromEntries(
    tables.map(([name, rows]) => [name, rows.filter(({ row }) => row.tenant_id === tenantA)]),
  );
}

/** As if A had never been. Replicas fire no triggers and hold no foreign keys. */
async function forgetA(subgraph: TestSubgraph): Promise<void> {
  const tables = Object.keys(await subgraph.contents());
  await subgraph.database.sql.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    for (const table of tables) await sql`delete from ${sql.unsafe(table)} where tenant_id = ${tenantA}`;
  });
}

async function forgetKeys({ database: { sql } }: TestSubgraph, schema: string): Promise<void> {
  await sql`delete from ${sql(`${schema}.commands`)} where tenant_id = ${tenantB}`;
}
