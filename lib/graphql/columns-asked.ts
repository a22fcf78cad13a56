import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';

/**
 * Of fields that have resolvers, by path, what those read of a row: `key`, columns that every row has; `within`, the
 * object of the field's name, as far as it is selected.
 */
export type Resolved = Readonly<Record<string, 'key' | 'within'>>;

const columnFields = new WeakSet<GraphQLField<unknown, unknown>>();

/**
 * Remembers which fields of a schema have no resolver: each is the column of its name. Said when the schema is made,
 * since servers may put resolvers of theirs around all fields, as Apollo Server does for some of its plugins.
 */
export function rememberColumns(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) if (!field.resolve) columnFields.add(field);
  }
}

const known = new WeakMap<readonly FieldNode[], string>();

/**
 * The columns that an operation asks for of the items of the connection at hand, by their paths, in order:
 * `joinedAt,rank.name`. What resolvers read nobody knows: for these all of the row, `*`, or of the object within it,
 * `rank.*`. Conditions count as met.
 *
 * @param cursor the columns that cursors are made of, beside those that every row has
 */
export function columnsAsked(
  info: GraphQLResolveInfo,
  resolved: Resolved,
  cursor: readonly string[] = [],
): string {
  const before = known.get(info.fieldNodes);
  if (before !== undefined) return before;
  const columns = new Set(asksCursors(info) ? cursor : []);
  collect(info, itemType(info), itemsOf(info), '', resolved, columns);
  const asked = withoutRepetition(columns).sort().join();
  known.set(info.fieldNodes, asked);
  return asked;
}

/** All of something says of it all there is to say. */
function withoutRepetition(columns: ReadonlySet<string>): string[] {
  if (columns.has('*')) return ['*'];
  return [...columns].filter((path) => {
    const object = path.slice(0, path.lastIndexOf('.') + 1);
    return path === `${object}*` || !columns.has(`${object}*`);
  });
}

/** Whether columns, as `columnsAsked` gives them, are all of the object within a row; without a path, all of the row. */
export function areAll(columns: string | undefined, path?: string): boolean {
  if (columns === undefined || columns === '*') return true;
  return path !== undefined && columns.split(',').includes(`${path}.*`);
}

const itemType = ({ returnType }: GraphQLResolveInfo) => {
  const connection = getNamedType(returnType) as GraphQLObjectType;
  return getNamedType(connection.getFields()['nodes']?.type) as GraphQLObjectType;
};

function itemsOf(info: GraphQLResolveInfo): FieldNode[] {
  const edges = within(info, 'edges', info.fieldNodes);
  return [...within(info, 'nodes', info.fieldNodes), ...within(info, 'node', edges)];
}

function asksCursors(info: GraphQLResolveInfo): boolean {
  const edges = within(info, 'edges', info.fieldNodes);
  return within(info, 'cursor', edges).length > 0 || within(info, 'pageInfo', info.fieldNodes).length > 0;
}

const within = (info: GraphQLResolveInfo, name: string, nodes: readonly FieldNode[]): FieldNode[] =>
  nodes
    .flatMap(({ selectionSet }) => fieldsOf(info, selectionSet))
    .filter((field) => field.name.value === name);

function collect(
  info: GraphQLResolveInfo,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  prefix: string,
  resolved: Resolved,
  columns: Set<string>,
): void {
  for (const node of nodes.flatMap(({ selectionSet }) => fieldsOf(info, selectionSet))) {
    const field = type.getFields()[node.name.value];
    if (!field) continue;
    const path = `${prefix}${field.name}`;
    const of = getNamedType(field.type);
    const how = columnFields.has(field) ? 'within' : resolved[path];
    if (how === 'within' && isObjectType(of))
      collect(info, of, [node], `${path}.`, resolved, columns.add(path));
    else if (how === 'within') columns.add(path);
    else if (how === undefined) columns.add(`${prefix}*`);
  }
}

function fieldsOf(info: GraphQLResolveInfo, selectionSet: SelectionSetNode | undefined): FieldNode[] {
  return (selectionSet?.selections ?? []).flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return selection;
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value];
    return fieldsOf(info, fragment?.selectionSet);
  });
}
