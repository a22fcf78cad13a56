import { Kind, type OperationDefinitionNode } from 'graphql';

/** The names of an operation's variables that `@skip` and `@include` may ask for: all booleans it declares. */
export function booleanVariables({ variableDefinitions = [] }: OperationDefinitionNode): string[] {
  return variableDefinitions
    .filter(({ type }) => {
      const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
      return named.kind === Kind.NAMED_TYPE && named.name.value === 'Boolean';
    })
    .map(({ variable }) => variable.name.value);
}
