import {
  defaultTypeResolver,
  type FieldNode,
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  locatedError,
  type ResponsePath,
  responsePathAsArray,
} from 'graphql';
import { inspect } from 'graphql/jsutils/inspect.js';
import { isPromise, type Run } from './run.ts';

/** What a resolver's value comes to, or a promise of it. Throws, or rejects with, what makes it nothing. */
export type Complete = (run: Run, value: unknown, path: ResponsePath, info: Info) => unknown;

/** For `resolveType` alone: undefined where the field is of no abstract type. */
export type Info = GraphQLResolveInfo | undefined;

/** The field whose value is completed. */
export interface Place {
  readonly schema: GraphQLSchema;
  readonly nodes: readonly FieldNode[];
  /** As messages name it: `Party.members`. */
  readonly name: string;
  compileObject(type: GraphQLObjectType): Complete;
}

/** Where a null may stay, with its error, or may not: a field, or an element of a list. */
export interface Position {
  readonly complete: Complete;
  readonly isNonNull: boolean;
  readonly nodes: readonly FieldNode[];
}

export function compilePosition(type: GraphQLOutputType, place: Place): Position {
  return { complete: compileType(type, place), isNonNull: isNonNullType(type), nodes: place.nodes };
}

/** The value completed, or null with its error told; throws where null may not be. Or a promise of the same. */
export function completeAt(
  position: Position,
  run: Run,
  value: unknown,
  path: ResponsePath,
  info: Info,
): unknown {
  const { complete } = position;
  try {
    const completed = isPromise(value)
      ? value.then((resolved) => complete(run, resolved, path, info))
      : complete(run, value, path, info);
    if (!isPromise(completed)) return completed;
    return completed.then(undefined, (error) => failAt(position, run, error, path));
  } catch (error) {
    return failAt(position, run, error, path);
  }
}

export function failAt({ isNonNull, nodes }: Position, run: Run, error: unknown, path: ResponsePath): null {
  const located = locatedError(error, nodes, responsePathAsArray(path));
  if (isNonNull) throw located;
  run.errors.add(located, path);
  return null;
}

function compileType(type: GraphQLOutputType, place: Place): Complete {
  if (isNonNullType(type)) return required(compileType(type.ofType, place), place);
  const complete = compileNullable(type, place);
  return (run, value, path, info) => {
    if (value instanceof Error) throw value;
    return value === null || value === undefined ? null : complete(run, value, path, info);
  };
}

function compileNullable(type: GraphQLOutputType, place: Place): Complete {
  if (isListType(type)) return listOf(compilePosition(type.ofType, place), place);
  if (isLeafType(type)) return leafOf(type);
  return isObjectType(type) ? place.compileObject(type) : oneOf(type as GraphQLAbstractType, place);
}

function required(complete: Complete, { name }: Place): Complete {
  return (run, value, path, info) => {
    const completed = complete(run, value, path, info);
    if (completed === null) throw new Error(`Cannot return null for non-nullable field ${name}.`);
    return completed;
  };
}

function leafOf(type: GraphQLLeafType): Complete {
  return (_run, value) => {
    const serialized = type.serialize(value);
    if (serialized !== null && serialized !== undefined) return serialized;
    const call = `${inspect(type)}.serialize(${inspect(value)})`;
    throw new Error(`Expected \`${call}\` to return non-nullable value, returned: ${inspect(serialized)}`);
  };
}

function listOf(element: Position, { name }: Place): Complete {
  return (run, value, path, info) => {
    if (!isIterable(value)) {
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${name}".`);
    }
    const list: unknown[] = [];
    let waits = false;
    try {
      for (const item of value) {
        const itemPath = { prev: path, key: list.length, typename: undefined };
        const completed = completeAt(element, run, item, itemPath, info);
        list.push(completed);
        waits ||= isPromise(completed);
      }
    } catch (error) {
      // Those that wait may fail too. graphql leaves that unhandled, which ends a process.
      void Promise.allSettled(list);
      throw error;
    }
    return waits ? Promise.all(list) : list;
  };
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function oneOf(type: GraphQLAbstractType, place: Place): Complete {
  const resolveType = type.resolveType ?? defaultTypeResolver;
  const known = new Map<unknown, Complete>();

  function objectOf(typename: unknown, value: unknown): Complete {
    const found = known.get(typename);
    if (found) return found;
    const complete = place.compileObject(possibleType(type, typename, value, place));
    known.set(typename, complete);
    return complete;
  }

  return (run, value, path, info) => {
    const typename = resolveType(value, run.contextValue, info as GraphQLResolveInfo, type);
    if (!isPromise(typename)) return objectOf(typename, value)(run, value, path, info);
    return typename.then((resolved) => objectOf(resolved, value)(run, value, path, info));
  };
}

/** Throws in the words of graphql for what is no name of one of the type's. */
function possibleType(
  type: GraphQLAbstractType,
  typename: unknown,
  value: unknown,
  { schema, nodes, name }: Place,
): GraphQLObjectType {
  const abstract = `Abstract type "${type.name}"`;
  const must = `${abstract} must resolve to an Object type at runtime for field "${name}"`;
  const fail = (message: string): never => {
    throw new GraphQLError(message, { nodes });
  };
  if (typename === null || typename === undefined) {
    const either = `Either the "${type.name}" type should provide a "resolveType" function`;
    return fail(`${must}. ${either} or each possible type should provide an "isTypeOf" function.`);
  }
  if (typeof typename !== 'string') {
    return fail(`${must} with value ${inspect(value)}, received "${inspect(typename)}".`);
  }
  const found = schema.getType(typename);
  if (!found)
    return fail(`${abstract} was resolved to a type "${typename}" that does not exist inside the schema.`);
  if (!isObjectType(found)) return fail(`${abstract} was resolved to a non-object type "${typename}".`);
  if (schema.isSubType(type, found)) return found;
  return fail(`Runtime Object type "${typename}" is not a possible type for "${type.name}".`);
}
