import { Result } from '@fellowship/graphql';
import {
  defaultFieldResolver,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
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
  const { name: fieldName, type: returnType, resolve = defaultFieldResolver } = definition;
  const position = compilePosition(returnType, {
    schema,
    nodes,
    name: `${parentType.name}.${fieldName}`,
    compileObject: (type) => compileObject(scope, type, nodes),
  });
  const argumentsOf = compileArguments(definition, nodes);

  return {
    name,
    run(run, source, parent) {
      const { contextValue, rootValue, variableValues } = run;
      const path: ResponsePath = { prev: parent, key: name, typename: parentType.name };
      const info: GraphQLResolveInfo = {
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
      };
      let value: unknown;
      try {
        value = resolve(source, argumentsOf(variableValues), contextValue, info);
      } catch (error) {
        return failAt(position, run, error, path);
      }
      return completeAt(position, run, value, path, info);
    },
  };
}

/** Arguments are the resolver's own: a new object each time. */
function compileArguments(
  definition: GraphQLField<unknown, unknown>,
  [node]: readonly FieldNode[],
): (variables: Variables) => Data {
  if (definition.args.length === 0 || !node) return () => ({});
  return (variables) => getArgumentValues(definition, node, variables);
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
  const waiting: string[] = [];
  try {
    for (const field of fields) {
      const value = field.run(run, source, path);
      data[field.name] = value;
      if (isPromise(value)) waiting.push(field.name);
    }
  } catch (error) {
    if (waiting.length === 0) throw error;
    // What the others come to may fail too, and be told of.
    return awaitFields(data, waiting).finally(() => {
      throw error;
    });
  }
  return waiting.length > 0 ? awaitFields(data, waiting) : data;
}

async function awaitFields(data: Data, waiting: readonly string[]): Promise<Data> {
  const values = await Promise.all(waiting.map((name) => data[name]));
  for (const [index, name] of waiting.entries()) data[name] = values[index];
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
