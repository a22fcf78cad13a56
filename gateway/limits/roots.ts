import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * What an operation selects at its root, and within fragments there; safe on documents that are not valid.
 */
export function rootSelections(document: DocumentNode, operation: OperationDefinitionNode): SelectionNode[] {
  const visited = new Set<string>();
  const found: SelectionNode[] = [];

  function collect(set: SelectionSetNode | undefined): void {
    for (const selection of set?.selections ?? []) {
      found.push(selection);
      if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      if (selection.kind === Kind.FRAGMENT_SPREAD) collectFragment(selection.name.value);
    }
  }

  function collectFragment(name: string): void {
    if (visited.has(name)) return;
    visited.add(name);
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) {
        collect(definition.selectionSet);
      }
    }
  }

  collect(operation.selectionSet);
  return found;
}

export function rootFields(document: DocumentNode, operation: OperationDefinitionNode): FieldNode[] {
  return rootSelections(document, operation).filter((selection) => selection.kind === Kind.FIELD);
}
