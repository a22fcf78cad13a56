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
  return new Page(rows.slice(0, first), rows.length > first, after !== null && after !== undefined, cursorOf);
}

/** Cursors are made when they are read: most pages are read by their nodes, and they were a tenth of its processor. */
class Page<Node> implements Connection<Node> {
  readonly nodes: Node[];
  readonly #hasNextPage: boolean;
  readonly #hasPreviousPage: boolean;
  readonly #cursorOf: (node: Node) => string;

  constructor(
    nodes: Node[],
    hasNextPage: boolean,
    hasPreviousPage: boolean,
    cursorOf: (node: Node) => string,
  ) {
    this.nodes = nodes;
    this.#hasNextPage = hasNextPage;
    this.#hasPreviousPage = hasPreviousPage;
    this.#cursorOf = cursorOf;
  }

  get edges(): Connection<Node>['edges'] {
    const cursorOf = this.#cursorOf;
    return this.nodes.map((node) => ({
      node,
      get cursor() {
        return cursorOf(node);
      },
    }));
  }

  get pageInfo(): Connection<Node>['pageInfo'] {
    const cursorAt = (index: number) => {
      const node = this.nodes.at(index);
      return node === undefined ? null : this.#cursorOf(node);
    };
    return {
      hasNextPage: this.#hasNextPage,
      hasPreviousPage: this.#hasPreviousPage,
      get startCursor() {
        return cursorAt(0);
      },
      get endCursor() {
        return cursorAt(-1);
      },
    };
  }
}
