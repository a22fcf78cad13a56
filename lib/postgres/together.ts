import { sql } from 'drizzle-orm';
import { arrayText } from './array-text.ts';
import { compiled, precompiled } from './compiled.ts';
import { type Query, query } from './query.ts';

/** The names of the types of a statement's parameters, where this connection has it prepared. Its text: `text`. */
export const parameterTypes = query('parameter_types', (db) =>
  db
    .select({ name: sql<string>`unnest(parameter_types)::text` })
    .from(sql`pg_prepared_statements`)
    .where(sql`statement = ${sql.placeholder('text')}`),
);

/**
 * One statement that asks what `asked` asks, for each of `calls`: its values, of each call. Gives their results in
 * order. `offset 0` keeps PostgreSQL from planning across its bounds: each call is answered as it would be alone.
 *
 * @param types of the statement's parameters, as PostgreSQL names them
 */
export function together<Result>(asked: Query<Result>, types: readonly string[]): Query<Result[]> {
  const { text, parameters, toRows } = compiled(asked);
  const names = types.map((_, nth) => `p${nth + 1}`);
  const typed = names.map((name, nth) => `${name}::${types[nth]}`);
  const given = names.map((_, nth) => `$${nth + 1}::text[]`);
  return precompiled<Result[]>(`${asked.name}_together`, {
    text: `select answer.*, call.nth from (
  select ${typed}, nth::int from unnest(${given}) with ordinality as call(${names}, nth) offset 0
) call(${names}, nth) cross join lateral (
  select * from (${text.replace(/\$(\d+)/g, 'call.p$1')}) answer offset 0
) answer`,
    parameters({ calls }) {
      const values = (calls as Record<string, unknown>[]).map(parameters);
      return names.map((_, nth) => arrayText(values.map((call) => textOf(call[nth]))));
    },
    toRows(rows, values) {
      const calls = values['calls'] as Record<string, unknown>[];
      const ofCall: (readonly unknown[])[][] = calls.map(() => []);
      for (const row of rows) ofCall[Number(row.at(-1)) - 1]?.push(row);
      return ofCall.map((each) => toRows?.(each, {})) as Result[];
    },
  });
}

/** A parameter as PostgreSQL reads it. */
function textOf(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return arrayText(value);
  if (value instanceof Date) return value.toISOString();
  return String(value);
}
