import { Result } from '@fellowship/graphql';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getNullableType,
  isAbstractType,
  isLeafType,
  Kind,
  type OperationDefinitionNode,
  type ResponsePath,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';
import { type Complete, compilePosition, completeAt, failAt } from './complete.ts';
import { type Data, isPromise, type Run, type Variables } from './run.ts';

/** What is known of an operation before it is executed. */
export interface Scope {
  readonly schema: GraphQLSchema;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly operation: OperationDefinitionNode;
  /** The variables that `@skip` and `@include` may ask for. */
  readonly conditions: Variables;
  readonly size: Size;
}

/** How much is compiled. */
export interface Size {
  fields: number;
}

/** A field of objects of one type. */
export interface Field {
  /** Its alias, if it has one. */
  readonly name: string;
  run(run: Run, source: unknown, parent: ResponsePath | undefined): unknown;
}

/** Those that the type has. */
export function compileFields(
  scope: Scope,
  type: GraphQLObjectType,
  selected: ReadonlyMap<string, readonly FieldNode[]>,
): Field[] {
  return [...selected].flatMap(([name, nodes]) => {
    const definition = definitionOf(scope.schema, type, nodes[0]?.name.value ?? '');
    return definition ? compileField(scope, type, name, definition, nodes) : [];
  });
}

function definitionOf(
  schema: GraphQLSchema,
  type: GraphQLObjectType,
  name: string,
): GraphQLField<unknown, unknown> | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
}

function compileField(
  scope: Scope,
  parentType: GraphQLObjectType,
  name: string,
  definition: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
): Field {
  const { schema, fragments, operation, size } = scope;
  size.fields += 1;
  if (definition === TypeNameMetaFieldDef) return { name, run: () => parentType.name };
  const { name: fieldName, type: returnType, resolve } = definition;
  const position = compilePosition(returnType, {
    schema,
    nodes,
    name: `${parentType.name}.${fieldName}`,
    compileObject: (type) => compileObject(scope, type, nodes),
  });
  const argumentsOf = compileArguments(definition, nodes);
  const isAbstract = isAbstractType(getNamedType(returnType));
  const infoOf = ({ rootValue, variableValues }: Run, path: ResponsePath): GraphQLResolveInfo => ({
    fieldName,
    fieldNodes: nodes,
    returnType,
    parentType,
    path,
    schema,
    fragments,
    rootValue,
    operation,
    variableValues: variableValues as Data,
  });

  /** As graphql's own resolver, which needs no `info` unless the property is a function. */
  function read(run: Run, source: unknown, path: ResponsePath): unknown {
    const value = isObject(source) ? source[fieldName] : undefined;
    if (typeof value !== 'function') return value;
    return value.call(source, argumentsOf(run.variableValues), run.contextValue, infoOf(run, path));
  }

  function resolveAt(run: Run, source: unknown, path: ResponsePath): unknown {
    if (!resolve) return read(run, source, path);
    return resolve(source, argumentsOf(run.variableValues), run.contextValue, infoOf(run, path));
  }

  function runAt(run: Run, source: unknown, parent: ResponsePath | undefined): unknown {
    const path: ResponsePath = { prev: parent, key: name, typename: parentType.name };
    let value: unknown;
    try {
      value = resolveAt(run, source, path);
    } catch (error) {
      return failAt(position, run, error, path);
    }
    return completeAt(position, run, value, path, isAbstract ? infoOf(run, path) : undefined);
  }

  const type = getNullableType(returnType);
  return { name, run: !resolve && isLeafType(type) ? leafOr(fieldName, type, runAt) : runAt };
}

/** Most fields are these: plain values of plain objects. What is not goes the way of all others. */
function leafOr(name: string, type: GraphQLLeafType, runAt: Field['run']): Field['run'] {
  return (run, source, parent) => {
    let serialized: unknown;
    try {
      const value = isObject(source) ? source[name] : undefined;
      if (isPlain(value)) serialized = type.serialize(value);
    } catch {
      // It is thrown again, where it is told.
    }
    return serialized ?? runAt(run, source, parent);
  };
}

const isObject = (value: unknown): value is Data => typeof value === 'object' && value !== null;

function isPlain(value: unknown): boolean {
  const kind = typeof value;
  return kind === 'string' || kind === 'number' || kind === 'boolean' || value instanceof Date;
}

/** Arguments are the resolver's own: a new object each time. */
function compileArguments(
  definition: GraphQLField<unknown, unknown>,
  [node]: readonly FieldNode[],
): (variables: Variables) => Data {
  if (definition.args.length === 0 || !node) return () => ({});
  const constant = constantArguments(definition, node);
  return constant ? () => ({ ...constant }) : (variables) => getArgumentValues(definition, node, variables);
}

/** Those that are the same whoever asks: scalars and enums without a variable. What is not valid tells itself later. */
function constantArguments(definition: GraphQLField<unknown, unknown>, node: FieldNode): Data | undefined {
  const isConstant =
    definition.args.every(({ type }) => isLeafType(getNullableType(type))) &&
    node.arguments?.every(({ value }) => value.kind !== Kind.VARIABLE);
  if (!isConstant) return undefined;
  try {
    return getArgumentValues(definition, node);
  } catch {
    return undefined;
  }
}

function compileObject(scope: Scope, type: GraphQLObjectType, nodes: readonly FieldNode[]): Complete {
  let fields: Field[] | undefined;
  return (run, value, path) => {
    if (!fields) {
      const { schema, fragments, conditions } = scope;
      fields = compileFields(scope, type, collectSubfields(schema, fragments, conditions, type, nodes));
    }
    return runFields(run, fields, value, path);
  };
}

/** All at a time. Throws, or rejects, where one fails that may not be null. */
export function runFields(
  run: Run,
  fields: readonly Field[],
  source: unknown,
  path: ResponsePath | undefined,
): Data | Promise<Data> {
  const data = new Result();
  let waiting: string[] | undefined;
  try {
    for (const field of fields) {
      const value = field.run(run, source, path);
      data[field.name] = value;
      if (isPromise(value)) {
        waiting ??= [];
        waiting.push(field.name);
      }
    }
  } catch (error) {
    if (!waiting) throw error;
    // What the others come to may fail too, and be told of.
    return awaitFields(data, waiting).finally(() => {
      throw error;
    });
  }
  return waiting ? awaitFields(data, waiting) : data;
}

/** `Promise.all` for one too, as graphql has it: which of two errors is told can hang on who is first. */
async function awaitFields(data: Data, waiting: readonly string[]): Promise<Data> {
  const values = await Promise.all(waiting.map((each) => data[each]));
  for (let nth = 0; nth < waiting.length; nth += 1) data[waiting[nth] as string] = values[nth];
  return data;
}

/** One after another, as the fields of a mutation are. */
export function runFieldsSerially(
  run: Run,
  fields: readonly Field[],
  source: unknown,
): Data | PromiseLike<Data> {
  return fields.reduce<Data | PromiseLike<Data>>(
    (before, field) =>
      isPromise(before)
        ? before.then((data) => addField(run, field, source, data))
        : addField(run, field, source, before),
    new Result(),
  );
}

function addField(run: Run, field: Field, source: unknown, data: Data): Data | PromiseLike<Data> {
  const value = field.run(run, source, undefined);
  const add = (resolved: unknown) => {
    data[field.name] = resolved;
    return data;
  };
  return isPromise(value) ? value.then(add) : add(value);
}
