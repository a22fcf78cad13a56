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

type CursorOf<Node> = (node: Node) => string;

/**
 * Cursors are made when they are read: most pages are read by their nodes, and they were a tenth of its processor. By
 * classes: a literal with a getter would be a hidden class an edge, kept until the next full collection.
 */
class Page<Node> implements Connection<Node> {
  readonly nodes: Node[];
  readonly pageInfo: PageInfo<Node>;
  readonly #cursorOf: CursorOf<Node>;

  constructor(nodes: Node[], hasNextPage: boolean, hasPreviousPage: boolean, cursorOf: CursorOf<Node>) {
    this.nodes = nodes;
    this.pageInfo = new PageInfo(nodes, hasNextPage, hasPreviousPage, cursorOf);
    this.#cursorOf = cursorOf;
  }

  get edges(): Edge<Node>[] {
    return this.nodes.map((node) => new Edge(node, this.#cursorOf));
  }
}

class Edge<Node> {
  readonly node: Node;
  readonly #cursorOf: CursorOf<Node>;

  constructor(node: Node, cursorOf: CursorOf<Node>) {
    this.node = node;
    this.#cursorOf = cursorOf;
  }

  get cursor(): string {
    return this.#cursorOf(this.node);
  }
}

class PageInfo<Node> {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly #nodes: readonly Node[];
  readonly #cursorOf: CursorOf<Node>;

  constructor(
    nodes: readonly Node[],
    hasNextPage: boolean,
    hasPreviousPage: boolean,
    cursorOf: CursorOf<Node>,
  ) {
    this.#nodes = nodes;
    this.hasNextPage = hasNextPage;
    this.hasPreviousPage = hasPreviousPage;
    this.#cursorOf = cursorOf;
  }

  get startCursor(): string | null {
    return this.#cursorAt(0);
  }

  get endCursor(): string | null {
    return this.#cursorAt(-1);
  }

  #cursorAt(index: number): string | null {
    const node = this.#nodes.at(index);
    return node === undefined ? null : this.#cursorOf(node);
  }
}
