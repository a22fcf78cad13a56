import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What a definition costs, with its fragments expanded. */
export interface Size {
  depth: number;
  aliases: number;
  directives: number;
  selections: number;
}

const NOTHING: Size = { depth: 0, aliases: 0, directives: 0, selections: 0 };

/**
 * The largest of each over the document's operations, and over fragments that none uses: validation visits
 * those too.
 *
 * Measures without expanding: each fragment is visited once and its size reused, so the time is linear in the
 * document even where fragments nest exponentially (the counts may then be astronomic, which is fine for a
 * number). Cycles count as nothing; validation refuses them.
 */
export function measure(document: DocumentNode): Size {
  const fragments = fragmentsOf(document);
  const sizes = new Map<string, Size>();

  function ofSet(set: SelectionSetNode | undefined): Size {
    const total = { ...NOTHING };
    for (const selection of set?.selections ?? []) add(total, ofSelection(selection));
    return total;
  }

  function ofSelection(selection: SelectionNode): Size {
    const inner =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? ofFragment(selection.name.value)
        : ofSet(selection.selectionSet);
    const isField = selection.kind === Kind.FIELD;
    return {
      depth: isIntrospection(selection) ? 1 : inner.depth + (isField ? 1 : 0),
      aliases: inner.aliases + (isField && selection.alias ? 1 : 0),
      directives: inner.directives + (selection.directives?.length ?? 0),
      selections: inner.selections + 1,
    };
  }

  function ofFragment(name: string): Size {
    const known = sizes.get(name);
    if (known) return known;
    sizes.set(name, NOTHING); // What a cycle finds.
    const fragment = fragments.get(name);
    const size = ofSet(fragment?.selectionSet);
    size.directives += fragment?.directives?.length ?? 0;
    sizes.set(name, size);
    return size;
  }

  function ofOperation(operation: OperationDefinitionNode): Size {
    const size = ofSet(operation.selectionSet);
    for (const node of [operation, ...(operation.variableDefinitions ?? [])]) {
      size.directives += node.directives?.length ?? 0;
    }
    return size;
  }

  const operations = operationsOf(document).map(ofOperation);
  const unused = [...fragments.keys()].filter((name) => !sizes.has(name));
  return largest([...operations, ...unused.map(ofFragment)]);
}

/**
 * Introspection nests by its own measure: GraphiQL's query is 15 deep. graphql's MaxIntrospectionDepthRule
 * bounds the only recursion there that multiplies.
 */
function isIntrospection(selection: SelectionNode): boolean {
  return selection.kind === Kind.FIELD && ['__schema', '__type'].includes(selection.name.value);
}

function add(total: Size, size: Size): void {
  total.depth = Math.max(total.depth, size.depth);
  total.aliases += size.aliases;
  total.directives += size.directives;
  total.selections += size.selections;
}

function largest(sizes: readonly Size[]): Size {
  return {
    depth: Math.max(0, ...sizes.map((size) => size.depth)),
    aliases: Math.max(0, ...sizes.map((size) => size.aliases)),
    directives: Math.max(0, ...sizes.map((size) => size.directives)),
    selections: Math.max(0, ...sizes.map((size) => size.selections)),
  };
}

export function operationsOf(document: DocumentNode): OperationDefinitionNode[] {
  return document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
}

export function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  return fragments;
}
