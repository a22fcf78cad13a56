import { type GraphQLNamedType, isEnumType, isSpecifiedScalarType } from 'graphql';

/**
 * Whether a subgraph's value is one of a scalar or enum type, serialized. What custom scalars are is for the
 * subgraph to know.
 */
export function isCompletedLeaf(type: GraphQLNamedType, value: unknown): boolean {
  if (isEnumType(type)) return typeof value === 'string' && type.getValue(value) !== undefined;
  if (!isSpecifiedScalarType(type)) return true;
  switch (typeof value) {
    case 'boolean':
      return type.name === 'Boolean';
    case 'number':
      if (type.name === 'Float') return Number.isFinite(value);
      return (type.name === 'Int' || type.name === 'ID') && Number.isInteger(value);
    case 'string':
      return type.name === 'String' || type.name === 'ID';
    default:
      return false;
  }
}
