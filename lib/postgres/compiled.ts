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
  /** Its parameters with these values in their placeholders. Throws when one is missing or undefined. */
  parameters(values: Record<string, unknown>): unknown[];
  /** What the builder would give, of the rows as arrays; undefined for a statement that returns none. */
  readonly toRows:
    | ((rows: readonly (readonly unknown[])[], values: Record<string, unknown>) => unknown[])
    | undefined;
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

/** A query of a statement that no builder makes. */
export function precompiled<Result>(name: string, statement: Compiled): Query<Result> {
  const query: Query<Result> = {
    name,
    build() {
      throw new Error('It is compiled already');
    },
  };
  statements.set(query, statement);
  return query;
}

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
    const value = values[name];
    // The driver would refuse it too, but only once what follows is on its way.
    if (value === undefined) throw new Error(`No value for placeholder "${name}" was provided`);
    return encode(value);
  };
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown;
}

interface Cell {
  readonly name: string;
  /** The object within the row that it belongs to; undefined: the row itself. */
  readonly group: string | undefined;
  readonly nth: number;
  readonly decoder: Decoder | undefined;
}

/**
 * A row is made by one object literal, compiled from our own columns' names: storing 25 values one by one took 1.1 us,
 * fifteen times as long.
 */
function compileRows({ fields, joinsNotNullableMap }: Statement): Compiled['toRows'] {
  if (!fields) return undefined;
  const cells = fields.map(({ path, field }, nth): Cell => {
    const [name = '', group] = path.toReversed();
    return { name, group, nth, decoder: decoderOf(field) };
  });
  const optional = optionalGroups(fields, joinsNotNullableMap);
  const groups = Map.groupBy(cells, ({ group }) => group);
  const inner = [...groups].flatMap(([group, ofGroup]) => {
    if (group === undefined) return [];
    const isNull = ofGroup.map(({ nth }) => `values[${nth}] === null`).join(' && ');
    const literal = `{ ${literalOf(ofGroup)} }`;
    return `${JSON.stringify(group)}: ${optional.includes(group) ? `${isNull} ? null : ${literal}` : literal}`;
  });
  const body = [literalOf(groups.get(undefined) ?? []), ...inner].filter(Boolean).join(', ');
  const toRow = new Function('decoders', 'values', `return { ${body} };`);
  const decoders = cells.map(({ decoder }) => decoder);
  return (rows) => rows.map((values) => toRow(decoders, values));
}

const literalOf = (cells: readonly Cell[]) =>
  cells
    .map(({ name, nth, decoder }) => {
      const value = `values[${nth}]`;
      const decoded = `${value} === null ? null : decoders[${nth}].mapFromDriverValue(${value})`;
      return `${JSON.stringify(name)}: ${decoder ? decoded : value}`;
    })
    .join(', ');

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
