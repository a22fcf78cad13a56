import { Kind, type OperationDefinitionNode } from 'graphql';

type Variables = Readonly<Record<string, unknown>>;

/** More combinations than the clients of one operation ask for: what is found for them is found anew then. */
const MOST = 64;

/**
 * What hangs on an operation's variables of one scalar type alone, found once for each combination of them: `Boolean`,
 * that `@skip` and `@include` may ask for, or `Int`, that `first` may. `find` is given those and no others.
 */
export function onceByVariables<Found>(
  operation: OperationDefinitionNode,
  scalar: string,
  find: (variables: Variables) => Found,
): (variables: Variables) => Found {
  const names = variablesOf(operation, scalar);
  const known = new Map<string, { readonly found: Found }>();
  return (variables) => {
    const key = names.map((name) => String(variables[name])).join();
    const before = known.get(key);
    if (before) return before.found;
    const given = names.filter((name) => Object.hasOwn(variables, name));
    const found = find(Object.fromEntries(given.map((name) => [name, variables[name]])));
    if (known.size === MOST) known.clear();
    known.set(key, { found });
    return found;
  };
}

function variablesOf({ variableDefinitions = [] }: OperationDefinitionNode, scalar: string): string[] {
  return variableDefinitions
    .filter(({ type }) => {
      const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
      return named.kind === Kind.NAMED_TYPE && named.name.value === scalar;
    })
    .map(({ variable }) => variable.name.value);
}
