import type { Reads } from '@fellowship/postgres';
import { fillPlaceholders } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import type { TestSubgraph } from './subgraph.ts';

/** What a statement reads to answer. */
export interface Cost {
  /** Rows of tables that were looked at, those that were filtered out included. */
  readonly rows: number;
  /** `index: condition` of each scan of a table; a table read from end to end is `table: all`. */
  readonly scans: readonly string[];
}

/**
 * What the one statement that `read` sends costs, as the service's role: measured by EXPLAIN ANALYZE, with the
 * plan for any parameters, which is what a prepared statement ends up with.
 */
export async function costOf(
  { database }: TestSubgraph,
  tenantId: string,
  read: (reads: Reads) => Promise<unknown>,
): Promise<Cost> {
  let statement: { text: string; values: unknown[] } | undefined;
  await read({
    run: async (query, values) => {
      const built = query.build(drizzle.mock()) as unknown as Built;
      const { sql, params } = built.toSQL();
      statement = { text: sql, values: fillPlaceholders(params, values) };
      return [] as never;
    },
  });
  if (!statement) throw new Error('nothing was read');
  const { text, values } = statement;
  const [row] = await database.sql.begin(async (sql) => {
    await sql`set local role fellowship_service`;
    await sql`set local plan_cache_mode = force_generic_plan`;
    await sql`select set_config('app.tenant_id', ${tenantId}, true)`;
    await sql.unsafe(`prepare measured as ${text}`);
    const rows = await sql.unsafe(
      `explain (analyze, format json) execute measured(${values.map(literal).join(', ')})`,
    );
    await sql`deallocate measured`;
    return rows;
  });
  const scans = scansIn(row?.['QUERY PLAN'][0].Plan);
  return {
    rows: scans.reduce((sum, scan) => sum + rowsOf(scan), 0),
    scans: scans.map(
      (scan) => `${scan['Index Name'] ?? scan['Relation Name']}: ${scan['Index Cond'] ?? 'all'}`,
    ),
  };
}

interface Built {
  toSQL(): { sql: string; params: unknown[] };
}

interface PlanNode {
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

const scansIn = (node: PlanNode): PlanNode[] => [
  ...('Relation Name' in node ? [node] : []),
  ...(node.Plans ?? []).flatMap(scansIn),
];

const rowsOf = (node: PlanNode): number =>
  (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];

function literal(value: unknown): string {
  if (value === null) return 'null';
  const text = Array.isArray(value) ? `{${value.join(',')}}` : String(value);
  return `'${text.replaceAll("'", "''")}'`;
}
