import { onceByVariables, Result } from '@fellowship/graphql';
import {
  type FieldNode,
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isCompositeType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../limits/measure.ts';
import type { Operation } from '../operations.ts';
import { booleanOf, isSkipped, type Variables } from './conditions.ts';
import { compileLeaf, type IsLeaf } from './leaf.ts';
import { type Data, ownField } from './merge.ts';
import { isWithin } from './representation.ts';

/** What a client sees, and an error for each null that no subgraph explained. */
export interface Shaped {
  readonly data: Data | null;
  readonly lost: readonly GraphQLError[];
}

interface Progress {
  readonly path: (string | number)[];
  readonly lost: GraphQLError[];
}

/** A null that has been explained, by an error in `lost`. */
const EXPLAINED = Symbol('explained null');
/** A null where none may be: its parent is null then. */
const INVALID = Symbol('null for a non-null type');

/** What a client sees of a value: null, EXPLAINED or INVALID where that is nothing. */
type Complete = (value: unknown, progress: Progress) => unknown;

interface Field {
  readonly name: string;
  /** Undefined for `__typename`. */
  readonly complete: Complete | undefined;
  /** Of a scalar or enum: whether a value is shown as it is, with nothing to complete. */
  readonly isLeaf: IsLeaf | undefined;
}

/**
 * Cuts what subgraphs answered to what the operation selects: aliases, fragments for the types at hand, `@skip` and
 * `@include`, null where the specification wants it. The result throws for data that is no such operation's.
 *
 * Which fields an object of a type has is worked out once a type, and once for each combination of conditions.
 */
export function createShape(
  schema: GraphQLSchema,
  operation: Operation,
): (data: Data, variables: Variables) => Shaped {
  const { definition } = operation;
  const shapeFor = onceByVariables(definition, 'Boolean', (conditions) =>
    compileShape(schema, operation, (name) => booleanOf(name, definition, conditions)),
  );

  return (data, variables) => {
    const progress: Progress = { path: [], lost: [] };
    const completed = shapeFor(variables)(data, progress);
    return { data: typeof completed === 'symbol' ? null : (completed as Data), lost: progress.lost };
  };
}

function compileShape(
  schema: GraphQLSchema,
  { document, definition }: Operation,
  variableOf: (variable: string) => boolean,
): Complete {
  const fragments = fragmentsOf(document);
  const root = schema.getRootType(definition.operation);
  if (!root) throw new Error(`The schema has no ${definition.operation} type`);
  return compileObject(root, [definition.selectionSet], '');

  function compile(type: GraphQLOutputType, sets: readonly SelectionSetNode[], parent: string): Complete {
    if (isNonNullType(type)) return required(compile(type.ofType, sets, parent), String(type.ofType), parent);
    if (isListType(type)) return listOf(compile(type.ofType, sets, parent), String(type));
    return isCompositeType(type) ? compileObject(type, sets, parent) : leafOf(type, parent);
  }

  function compileObject(
    declared: GraphQLNamedType,
    sets: readonly SelectionSetNode[],
    parent: string,
  ): Complete {
    const shapes = new Map<string | undefined, Complete>();

    function shapeOf(typename: string | undefined): Complete | undefined {
      const known = shapes.get(typename);
      if (known) return known;
      const type = typename ? schema.getType(typename) : declared;
      if (!isCompositeType(type)) return undefined;
      const fields = fieldsOf(declared, type, Boolean(typename), sets);
      const complete = objectOf(schema, type, fields);
      shapes.set(typename, complete);
      return complete;
    }

    return (value, progress) => {
      if (value === null || value === undefined) return null;
      if (typeof value !== 'object')
        throw new Error(`Invalid non-object value for composite type ${declared}`);
      const typename = ownField(value as Data, '__typename');
      if (typename !== undefined && typeof typename !== 'string') {
        throw new Error(`Invalid non-string value for __typename at ${progress.path}`);
      }
      const complete = shapeOf(typename);
      if (complete) return complete(value, progress);
      return lose(
        progress,
        `Invalid __typename found for object at ${describe(progress, String(declared), parent)}.`,
      );
    };
  }

  /**
   * The fields that an object of `type` has: those of fragments that apply to it too, those with the same name as
   * one. Without a `__typename` there is only what the selections themselves say of the type.
   */
  function fieldsOf(
    declared: GraphQLNamedType,
    type: GraphQLNamedType,
    isExact: boolean,
    sets: readonly SelectionSetNode[],
  ): Field[] {
    const found = new Map<string, { readonly types: GraphQLOutputType[]; readonly nodes: FieldNode[] }>();

    function visit(set: SelectionSetNode, within: GraphQLNamedType, narrowed: GraphQLNamedType): void {
      for (const selection of set.selections) {
        if (isSkipped(selection.directives, variableOf)) continue;
        if (selection.kind === Kind.FIELD) {
          const name = (selection.alias ?? selection.name).value;
          const field = found.get(name) ?? { types: [], nodes: [] };
          found.set(name, field);
          field.nodes.push(selection);
          const definition = definitionOf(within, selection.name.value);
          if (definition) field.types.push(definition);
          continue;
        }
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
        if (!fragment) continue;
        const { typeCondition } = fragment;
        const condition = typeCondition ? schema.getType(typeCondition.name.value) : undefined;
        if (condition && !isWithin(schema, condition, isExact ? type : narrowed)) continue;
        visit(fragment.selectionSet, condition ?? within, condition ?? narrowed);
      }
    }

    for (const set of sets) visit(set, declared, type);
    return [...found].map(([name, { types, nodes }]) => {
      const [first, ...others] = types;
      if (!first) return { name, complete: undefined, isLeaf: undefined };
      // An interface may promise less than its type: then what the type itself says.
      const same = others.every((other) => String(other) === String(first));
      const promised = same ? first : (definitionOf(type, nodes[0]?.name.value ?? '') ?? first);
      const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      const nullable = isNonNullType(promised) ? promised.ofType : promised;
      const isLeaf = isLeafType(nullable) ? compileLeaf(nullable) : undefined;
      return { name, complete: compile(promised, sets, type.name), isLeaf };
    });
  }
}

/** Undefined for `__typename`. */
function definitionOf(type: GraphQLNamedType, field: string): GraphQLOutputType | undefined {
  return 'getFields' in type ? (type.getFields()[field]?.type as GraphQLOutputType | undefined) : undefined;
}

function objectOf(schema: GraphQLSchema, type: GraphQLNamedType, fields: readonly Field[]): Complete {
  return (value, progress) => {
    const data = value as Data;
    const result = new Result();
    for (const { name, complete, isLeaf } of fields) {
      const given = ownField(data, name);
      if (isLeaf && given !== null && given !== undefined && isLeaf(given)) {
        result[name] = given;
        continue;
      }
      if (!complete) {
        const typename = typenameOf(schema, type, given ?? data['__typename']);
        if (typename === undefined) return EXPLAINED;
        result[name] = typename;
        continue;
      }
      progress.path.push(name);
      const completed = complete(given, progress);
      progress.path.pop();
      if (completed === INVALID) return EXPLAINED;
      result[name] = completed === EXPLAINED ? null : completed;
    }
    return result;
  };
}

function typenameOf(schema: GraphQLSchema, type: GraphQLNamedType, given: unknown): string | undefined {
  const named = (typeof given === 'string' ? schema.getType(given) : undefined) ?? type;
  return isObjectType(named) ? named.name : undefined;
}

function listOf(complete: Complete, type: string): Complete {
  return (value, progress) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value))
      throw new Error(`Invalid non-list value returned by subgraph for list type ${type}`);
    let isInvalid = false;
    const list = value.map((element, index) => {
      progress.path.push(index);
      const completed = complete(element, progress);
      progress.path.pop();
      isInvalid ||= completed === INVALID;
      return completed === EXPLAINED ? null : completed;
    });
    return isInvalid ? EXPLAINED : list;
  };
}

function required(complete: Complete, type: string, parent: string): Complete {
  return (value, progress) => {
    const completed = complete(value, progress);
    if (completed === EXPLAINED) return INVALID;
    if (completed !== null) return completed;
    lose(progress, `Cannot return null for non-nullable ${describe(progress, type, parent)}.`);
    return INVALID;
  };
}

function leafOf(type: GraphQLNamedType, parent: string): Complete {
  const isLeaf = compileLeaf(type);
  return (value, progress) => {
    if (value === null || value === undefined) return null;
    if (isLeaf(value)) return value;
    return lose(progress, `Invalid value found for ${describe(progress, type.name, parent)}.`);
  };
}

function lose({ path, lost }: Progress, message: string): typeof EXPLAINED {
  lost.push(new GraphQLError(message, { path: [...path], extensions: { code: 'INVALID_GRAPHQL' } }));
  return EXPLAINED;
}

function describe({ path }: Progress, type: string, parent: string): string {
  const last = path.at(-1);
  return typeof last === 'number'
    ? `array element of type ${type} at index ${last}`
    : `field ${parent}.${last}`;
}
