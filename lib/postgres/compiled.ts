import { Column, getTableName, is, Param, Placeholder, SQL, type Query as Sql, Subquery } from 'drizzle-orm';
import {
  PgArray,
  PgDialect,
  PgPreparedQuery,
  PgSession,
  type SelectedFieldsOrdered,
} from 'drizzle-orm/pg-core';
import { PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import type { Query } from './query.ts';

/** A statement as the driver takes it. */
export interface Compiled {
  readonly text: string;
  /** Its parameters with these values in their placeholders. Throws when one is missing. */
  parameters(values: Record<string, unknown>): unknown[];
  /** What the builder would give, of the rows as arrays; undefined for a statement that returns none. */
  readonly toRows: ((rows: readonly (readonly unknown[])[]) => Record<string, unknown>[]) | undefined;
}

/**
 * What Drizzle finds out at each execution, for each parameter and each value of a row (which class decodes it),
 * found out once for all connections. That was 15% of the processor of a read through the gateway.
 */
export function compiled(query: Query<unknown>): Compiled {
  const known = statements.get(query);
  if (known) return known;
  const statement = query.build(builder).prepare(query.name) as unknown as Statement;
  const { sql: text, params } = statement.sql;
  const result = { text, parameters: compileParameters(params), toRows: compileRows(statement) };
  statements.set(query, result);
  return result;
}

const statements = new WeakMap<Query<unknown>, Compiled>();

/** In place of what Drizzle would execute. */
class Statement extends PgPreparedQuery<{ execute: never; all: never; values: never }> {
  readonly sql: Sql;
  readonly fields: SelectedFieldsOrdered | undefined;
  /** Set by Drizzle's `select`: of each table by its name, whether each row has one. */
  declare joinsNotNullableMap: Readonly<Record<string, boolean>> | undefined;

  constructor(sql: Sql, fields: SelectedFieldsOrdered | undefined) {
    super(sql, undefined, undefined);
    this.sql = sql;
    this.fields = fields;
  }

  execute(): never {
    throw new Error('Compiled statements are run by a connection');
  }
}

class CompilingSession extends PgSession {
  override prepareQuery(sql: Sql, fields: SelectedFieldsOrdered | undefined): never {
    return new Statement(sql, fields) as never;
  }
  override transaction(): never {
    throw new Error('Nothing is executed here');
  }
}

const dialect = new PgDialect();
const builder = new PostgresJsDatabase(dialect, new CompilingSession(dialect) as never, undefined);

function compileParameters(params: readonly unknown[]): Compiled['parameters'] {
  const sources = params.map((param) => {
    if (is(param, Placeholder)) return fromPlaceholder(param.name, (value) => value);
    if (!is(param, Param) || !is(param.value, Placeholder)) return () => param;
    const { encoder, value } = param;
    return fromPlaceholder(value.name, (given) => encoder.mapToDriverValue(given));
  });
  return (values) => sources.map((source) => source(values));
}

function fromPlaceholder(name: string, encode: (value: unknown) => unknown) {
  return (values: Record<string, unknown>) => {
    if (!(name in values)) throw new Error(`No value for placeholder "${name}" was provided`);
    return encode(values[name]);
  };
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown;
}

type Row = Record<string, unknown>;

function compileRows({ fields, joinsNotNullableMap }: Statement): Compiled['toRows'] {
  if (!fields) return undefined;
  const columns = fields.map(({ path, field }) => {
    const [name = '', group] = path.toReversed();
    return { name, group, decoder: decoderOf(field) };
  });
  const groups = new Set(columns.flatMap(({ group }) => group ?? []));
  const optional = optionalGroups(fields, joinsNotNullableMap);
  return (rows) =>
    rows.map((values) => {
      const row: Row = {};
      for (const group of groups) row[group] = {};
      for (let nth = 0; nth < columns.length; nth += 1) {
        const { name, group, decoder } = columns[nth] as (typeof columns)[number];
        const value = values[nth];
        const target = group === undefined ? row : (row[group] as Row);
        target[name] = value === null || !decoder ? value : decoder.mapFromDriverValue(value);
      }
      for (const group of optional) {
        if (Object.values(row[group] as Row).every((value) => value === null)) row[group] = null;
      }
      return row;
    });
}

/** The nested objects of tables that were joined by an outer join: null where there was no row. */
function optionalGroups(fields: SelectedFieldsOrdered, present: Statement['joinsNotNullableMap']): string[] {
  const groups = fields
    .filter(
      ({ path, field }) => path.length > 1 && is(field, Column) && !present?.[getTableName(field.table)],
    )
    .map(({ path }) => path[0] ?? '');
  return [...new Set(groups)];
}

/** undefined: the value is as the driver gives it. */
function decoderOf(field: SelectedFieldsOrdered[number]['field']): Decoder | undefined {
  if (is(field, PgArray)) return rememberLast(field);
  if (is(field, Column)) {
    return field.mapFromDriverValue === Column.prototype.mapFromDriverValue ? undefined : field;
  }
  // Drizzle keeps the decoder of an expression to itself in its types.
  const expression = (is(field, SQL) ? field : is(field, Subquery) ? field._.sql : field.sql) as unknown;
  return (expression as { readonly decoder: Decoder }).decoder;
}

/** Rows that repeat what they are joined to, such as a rank's permissions, share one array: it is not to be changed. */
function rememberLast(decoder: Decoder): Decoder {
  let last: unknown;
  let decoded: unknown;
  return {
    mapFromDriverValue(value) {
      if (value !== last) decoded = decoder.mapFromDriverValue(value);
      last = value;
      return decoded;
    },
  };
}
