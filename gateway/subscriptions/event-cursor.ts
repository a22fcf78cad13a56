import {
  type ExecutionResult,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Operation } from '../operations.ts';

/**
 * Events of this graph have a field `cursor`, and their subscriptions an argument `after` that takes one. This is
 * where an operation has them; either may be missing, and then it can't be resumed for the client.
 */
export interface EventCursor {
  /** The cursor in a result, where the operation selects it. */
  of(result: ExecutionResult): string | undefined;
  /** Whether `of` finds one. */
  readonly selected: boolean;
  /** The variable, nullable and without a default, that is given as `after` and used for nothing else. */
  readonly variable: string | undefined;
  /** Whether `after` is given otherwise: in the document itself, for example. */
  readonly fixed: boolean;
}

export function eventCursor({ document, definition }: Operation): EventCursor {
  const root = rootField(definition, document);
  const rootKey = root?.alias?.value ?? root?.name.value ?? '';
  const key = root?.selectionSet && cursorKey(root.selectionSet, document);
  const after = root?.arguments?.find(({ name }) => name.value === 'after')?.value;
  const name = after?.kind === Kind.VARIABLE ? after.name.value : undefined;
  const variable =
    name !== undefined && isOptional(definition, name) && usesOf(definition, document, name) === 1;
  return {
    of(result) {
      const event = result.data?.[rootKey] as Readonly<Record<string, unknown>> | null | undefined;
      const cursor = key === undefined ? undefined : event?.[key];
      return typeof cursor === 'string' ? cursor : undefined;
    },
    selected: key !== undefined,
    variable: variable ? name : undefined,
    fixed: after !== undefined && after.kind !== Kind.NULL && !variable,
  };
}

type Document = Operation['document'];

/** A subscription's one root field, which may be in a fragment. */
function rootField({ selectionSet }: OperationDefinitionNode, document: Document) {
  return fieldsOf(selectionSet, document)[0];
}

/** What the event's `cursor` is called in the result. */
function cursorKey(selectionSet: SelectionSetNode, document: Document): string | undefined {
  const field = fieldsOf(selectionSet, document).find(({ name }) => name.value === 'cursor');
  return field && (field.alias?.value ?? field.name.value);
}

/** The fields of a selection, those in fragments included. The document is valid: fragments make no circles. */
function fieldsOf({ selections }: SelectionSetNode, document: Document): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsOf(selection.selectionSet, document);
    const fragment = document.definitions.find(
      (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? fieldsOf(fragment.selectionSet, document) : [];
  });
}

function isOptional({ variableDefinitions = [] }: OperationDefinitionNode, name: string): boolean {
  const definition = variableDefinitions.find(({ variable }) => variable.name.value === name);
  return definition?.type.kind !== Kind.NON_NULL_TYPE && definition?.defaultValue === undefined;
}

/** In the operation and all fragments, its own definition not counted. */
function usesOf(definition: OperationDefinitionNode, document: Document, name: string): number {
  let uses = 0;
  const count = {
    Variable: (node: { name: { value: string } }) => {
      if (node.name.value === name) uses++;
    },
    VariableDefinition: () => false,
  } as const;
  visit(definition, count);
  for (const each of document.definitions) if (each.kind === Kind.FRAGMENT_DEFINITION) visit(each, count);
  return uses;
}
