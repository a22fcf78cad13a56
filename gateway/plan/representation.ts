import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { type Data, merge, ownField } from './merge.ts';

/**
 * What names an entity to another subgraph (`_Any`), taken from what is known of it. Null when something of it is
 * not known. Without `__typename` when no selection is for its type.
 */
export type Represent = (entity: Data) => Data | null;

type Selections = readonly QueryPlanSelectionNode[];
type Add = (entity: Data, representation: Data) => boolean;

export function compileRepresentation(schema: GraphQLSchema, selections: Selections): Represent {
  const adders = selections.map((selection) => compileSelection(schema, selection));
  return (entity) => {
    const representation: Data = Object.create(null);
    return adders.every((add) => add(entity, representation)) ? representation : null;
  };
}

/** Returns whether the entity has what is selected. */
function compileSelection(schema: GraphQLSchema, selection: QueryPlanSelectionNode): Add {
  if (selection.kind === 'InlineFragment') {
    const { typeCondition } = selection;
    const represent = compileRepresentation(schema, selection.selections);
    return (entity, representation) => {
      if (typeCondition !== undefined && isOfType(schema, entity['__typename'], typeCondition)) {
        merge(representation, represent(entity) ?? {});
      }
      return true;
    };
  }
  const name = selection.alias ?? selection.name;
  const represent = selection.selections && compileRepresentation(schema, selection.selections);
  return (entity, representation) => {
    const value = ownField(entity, name);
    if (value === undefined) return false;
    representation[name] = represent ? representAll(represent, value) : value;
    return true;
  };
}

function representAll(represent: Represent, value: unknown): unknown {
  if (value === null) return null;
  return Array.isArray(value) ? value.map((each) => representAll(represent, each)) : represent(value as Data);
}

function isOfType(schema: GraphQLSchema, typename: unknown, condition: string): boolean {
  if (typename === condition) return true;
  const type = typeof typename === 'string' ? schema.getType(typename) : undefined;
  const conditional = schema.getType(condition);
  return type !== undefined && conditional !== undefined && isWithin(schema, conditional, type);
}

/** Whether `type` is `condition`, implements it or is a member of it. */
export function isWithin(
  schema: GraphQLSchema,
  condition: GraphQLNamedType,
  type: GraphQLNamedType,
): boolean {
  if (condition === type) return true;
  if (!isAbstractType(condition)) return false;
  return (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(condition, type);
}
