import { Kind, type OperationDefinitionNode } from 'graphql';

/**
 * The names of an operation's variables of a scalar type: `Boolean`, that `@skip` and `@include` may ask for, or `Int`,
 * that `first` may.
 */
export function variablesOf({ variableDefinitions = [] }: OperationDefinitionNode, scalar: string): string[] {
  return variableDefinitions
    .filter(({ type }) => {
      const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
      return named.kind === Kind.NAMED_TYPE && named.name.value === scalar;
    })
    .map(({ variable }) => variable.name.value);
}
