import {
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** Deeper than anything is marked: who marks what goes in circles is told, instead of selecting less. */
const MAX_DEPTH = 8;

type Fields = GraphQLObjectType | GraphQLInterfaceType;
type Field = GraphQLField<unknown, unknown>;

export interface MarkedSelection {
  /** What to select of an event, without the braces. */
  readonly text: string;
  /** The coordinates of all it selects. */
  readonly coordinates: ReadonlySet<string>;
}

/**
 * All that an operation may select of an event and still be shared: every marked field, of every type that an event
 * may be, and of all that is reached from there. Of what has no marked field, `__typename`, which says at least
 * whether there is one and how many.
 *
 * @param marked coordinates, such as `GuildEvent.cursor`
 */
export function selectMarked(
  schema: GraphQLSchema,
  marked: ReadonlySet<string>,
  event: GraphQLInterfaceType,
): MarkedSelection {
  const coordinates = new Set<string>();

  function markedOf(type: Fields): Field[] {
    const fields = Object.values(type.getFields()).filter(({ name }) => marked.has(`${type.name}.${name}`));
    for (const { name } of fields) coordinates.add(`${type.name}.${name}`);
    return fields;
  }

  function selectionOf(type: GraphQLNamedType, depth: number): string {
    if (!isObjectType(type) && !isInterfaceType(type)) return '';
    if (depth > MAX_DEPTH) throw new Error(`Marked fields go deeper than ${MAX_DEPTH}, to ${type.name}`);
    const fields = markedOf(type).map((field) => textOf(field, depth + 1));
    return `{ __typename ${fields.join(' ')} }`;
  }

  const textOf = ({ name, type }: Field, depth: number) =>
    `${name} ${selectionOf(getNamedType(type), depth)}`;

  /** The first type of each name in the result: a field of another type must go by another name. */
  const typeOfName = new Map<string, string>();

  function aliasOf(owner: Fields, { name, type }: Field): string {
    if (!typeOfName.has(name)) typeOfName.set(name, String(type));
    return typeOfName.get(name) === String(type) ? '' : `${owner.name}_${name}: `;
  }

  const eventFieldsOf = (type: Fields) =>
    markedOf(type).map((field) => `${aliasOf(type, field)}${textOf(field, 1)}`);

  const common = eventFieldsOf(event);
  const fragments = schema.getPossibleTypes(event).map((type) => {
    const fields = eventFieldsOf(type);
    return fields.length === 0 ? '' : `... on ${type.name} { ${fields.join(' ')} }`;
  });
  return { text: ['__typename', ...common, ...fragments].join('\n'), coordinates };
}
