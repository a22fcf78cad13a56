import { onceByVariables } from '@fellowship/graphql';
import {
  type FieldNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { refuse } from '../errors.ts';
import type { Operation } from '../operations.ts';
import { fragmentsOf } from './measure.ts';

/** Items of a connection whose `first` is not given. */
const usualFirst = 20;
/** Items that a list without `first` is taken to have: they are short, such as a party's members. */
const shortList = 5;

type Variables = Readonly<Record<string, unknown>>;

/**
 * Refuses an operation whose reply could hold more than `limit` list items, nested ones multiplied. What is
 * written says little about what comes back: 214 bytes of nested connections, each with `first: 100`, were
 * measured to take a process out of its memory.
 *
 * @returns how many it could hold
 */
export function enforceCost(
  schema: GraphQLSchema,
  operation: Operation,
  variables: Variables,
  limit: number,
): number {
  if (operation.open) return 0;
  const cost = costsOf(schema, operation, limit)(variables);
  if (cost <= limit) return cost;
  return refuse(
    'OPERATION_TOO_COMPLEX',
    `The operation may return more than ${limit} list items: ask for fewer with \`first\``,
  );
}

const costs = new WeakMap<Operation, (variables: Variables) => number>();

function costsOf(
  schema: GraphQLSchema,
  operation: Operation,
  limit: number,
): (variables: Variables) => number {
  const known = costs.get(operation);
  if (known) return known;
  const found = onceByVariables(operation.definition, 'Int', (sizes) =>
    costOf(schema, operation, sizes, limit),
  );
  costs.set(operation, found);
  return found;
}

/** The items, or some number above `limit` as soon as it is passed. */
export function costOf(
  schema: GraphQLSchema,
  { document, definition }: Pick<Operation, 'document' | 'definition'>,
  variables: Variables,
  limit = Number.MAX_SAFE_INTEGER,
): number {
  const fragments = fragmentsOf(document);
  const defaults = new Map(
    definition.variableDefinitions?.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]),
  );
  let cost = 0;

  /** How many items a field asks for by `first`; undefined: it takes no such argument. */
  function firstOf(field: FieldNode, takesFirst: boolean): number | undefined {
    if (!takesFirst) return undefined;
    let value = field.arguments?.find(({ name }) => name.value === 'first')?.value;
    if (value?.kind === Kind.VARIABLE) {
      const given = variables[value.name.value];
      if (typeof given === 'number') return Math.max(0, given);
      value = given === null ? undefined : defaults.get(value.name.value);
    }
    return value?.kind === Kind.INT ? Math.max(0, Number(value.value)) : usualFirst;
  }

  function visit(set: SelectionSetNode, typeName: string, times: number, page: number | undefined): void {
    const type = schema.getType(typeName);
    for (const selection of set.selections) {
      if (cost > limit) return;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment) visit(fragment.selectionSet, fragment.typeCondition.name.value, times, page);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet, selection.typeCondition?.name.value ?? typeName, times, page);
      } else if (selection.selectionSet && (isObjectType(type) || isInterfaceType(type))) {
        const field = type.getFields()[selection.name.value];
        if (field)
          visitField(
            selection.selectionSet,
            field.type,
            firstOf(selection, hasFirst(field.args)),
            times,
            page,
          );
      }
    }
  }

  function visitField(
    set: SelectionSetNode,
    type: GraphQLOutputType,
    first: number | undefined,
    times: number,
    page: number | undefined,
  ): void {
    const named = getNamedType(type);
    if (!isCompositeType(named)) return;
    const isList = isListType(getNullableType(type));
    // A connection passes its `first` on to the lists in it: `nodes` and `edges`.
    const items = isList ? times * (first ?? page ?? shortList) : times;
    if (isList) cost += items;
    visit(set, named.name, items, isList ? undefined : first);
  }

  const root = schema.getRootType(definition.operation);
  if (root) visit(definition.selectionSet, root.name, 1, undefined);
  return cost;
}

const hasFirst = (args: readonly { readonly name: string }[]) => args.some(({ name }) => name === 'first');
