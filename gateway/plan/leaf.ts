import { type GraphQLNamedType, isEnumType, isSpecifiedScalarType } from 'graphql';

/**
 * Whether a subgraph's value is one of a scalar or enum type, serialized. What custom scalars are is for the
 * subgraph to know.
 */
export type IsLeaf = (value: unknown) => boolean;

const isString = (value: unknown) => typeof value === 'string';

const specified: Readonly<Record<string, IsLeaf>> = {
  Boolean: (value) => typeof value === 'boolean',
  Float: Number.isFinite,
  Int: Number.isInteger,
  ID: (value) => isString(value) || Number.isInteger(value),
  String: isString,
};

/** Finds out once what graphql's own predicates find out by name at each value: 5% of a gateway's processor. */
export function compileLeaf(type: GraphQLNamedType): IsLeaf {
  if (isEnumType(type)) return (value) => isString(value) && type.getValue(value as string) !== undefined;
  return (isSpecifiedScalarType(type) && specified[type.name]) || (() => true);
}
