import { type DirectiveNode, Kind, type OperationDefinitionNode } from 'graphql';

export type Variables = Readonly<Record<string, unknown>>;

/** The value of a `Boolean!` variable. Throws for one that is no boolean: validation lets a null pass. */
export function booleanOf(
  name: string,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Variables,
): boolean {
  const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (typeof given === 'boolean') return given;
  const fallback = variableDefinitions.find(({ variable }) => variable.name.value === name)?.defaultValue;
  if (given === undefined && fallback?.kind === Kind.BOOLEAN) return fallback.value;
  throw new Error(`Unexpected value ${given} for the variable $${name} of a condition`);
}

/** Whether `@skip` or `@include` leaves a selection out. */
export function isSkipped(
  directives: readonly DirectiveNode[] | undefined,
  variableOf: (variable: string) => boolean,
): boolean {
  return (directives ?? []).some(({ name, arguments: given }) => {
    if (name.value !== 'skip' && name.value !== 'include') return false;
    const condition = given?.[0]?.value;
    const value =
      condition?.kind === Kind.VARIABLE
        ? variableOf(condition.name.value)
        : condition?.kind === Kind.BOOLEAN && condition.value;
    return value === (name.value === 'skip');
  });
}
