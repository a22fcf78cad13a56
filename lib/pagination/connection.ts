/** A Relay connection, with `nodes` beside `edges`. */
export interface Connection<Node> {
  readonly edges: { readonly cursor: string; readonly node: Node }[];
  readonly nodes: Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/**
 * A page from the rows of a query that was asked for one more than `first`: the extra row only tells that there
 * is a next page.
 */
export function connection<Node>(
  rows: readonly Node[],
  { first, after }: { first: number; after: unknown },
  cursorOf: (node: Node) => string,
): Connection<Node> {
  const nodes = rows.slice(0, first);
  const cursorAt = (index: number) => {
    const node = nodes.at(index);
    return node === undefined ? null : cursorOf(node);
  };
  // Made when they are read: most pages are read by their nodes, and cursors were a tenth of a page's processor.
  return {
    nodes,
    get edges() {
      return nodes.map((node) => ({
        node,
        get cursor() {
          return cursorOf(node);
        },
      }));
    },
    pageInfo: {
      hasNextPage: rows.length > first,
      hasPreviousPage: after !== null && after !== undefined,
      get startCursor() {
        return cursorAt(0);
      },
      get endCursor() {
        return cursorAt(-1);
      },
    },
  };
}
