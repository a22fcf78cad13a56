import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
} from 'graphql';

/** One operation that holds somebody else's value in one place. */
export interface Attack {
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** Such as `guildMemberKick(input.guildId: "…")`. */
  readonly title: string;
  readonly source: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What may succeed comes later: it changes what the attacker has, and a party is disbanded once. */
  readonly turn: number;
}

export interface Values {
  /** What is put into each ID, into each idempotency key, and into each other String. */
  readonly ids: readonly string[];
  readonly keys: readonly string[];
  readonly strings: readonly string[];
  /** Valid values of other arguments: by `field.argument`, or by the argument's name. */
  readonly own: Readonly<Record<string, unknown>>;
}

type Argument = GraphQLArgument | GraphQLInputField;
type Path = readonly Argument[];

/**
 * All attacks that a schema has room for: each ID and each String that a root field takes, in input objects and
 * lists too, with each value; and each entity by each id. The other arguments are valid ones of the attacker's, so
 * that it is the value that decides.
 */
export function attacksOn(schema: GraphQLSchema, values: Values): Attack[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  const attacks = roots.flatMap(([kind, root]) =>
    Object.values(root?.getFields() ?? {})
      .filter(({ name }) => !name.startsWith('_'))
      .flatMap((field) => placesIn(field).flatMap((path) => attacksAt(kind, field, path, values))),
  );
  return [...attacks, ...entityAttacks(schema, values)].sort((a, b) => a.turn - b.turn);
}

/** Every ID and String of a field's arguments. */
function placesIn(field: GraphQLField<unknown, unknown>): Path[] {
  return field.args.flatMap((argument) => leavesOf([argument]));
}

function leavesOf(path: Path): Path[] {
  const type = getNamedType(path.at(-1)?.type);
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).flatMap((inner) => leavesOf([...path, inner]));
  }
  return type?.name === 'ID' || type?.name === 'String' ? [path] : [];
}

function attacksAt(
  kind: Attack['kind'],
  field: GraphQLField<unknown, unknown>,
  path: Path,
  { ids, keys, strings, own }: Values,
): Attack[] {
  const leaf = path.at(-1);
  const isId = getNamedType(leaf?.type)?.name === 'ID';
  const isKey = leaf?.name === 'idempotencyKey';
  const turn = kind !== 'mutation' || isId ? 0 : isKey ? 2 : 1;
  const declared = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const source = `${kind} (${declared}) { ${field.name}(${passed}) ${selectionOf(field.type, 3)} }`;
  return (isId ? ids : isKey ? keys : strings).map((value) => ({
    kind,
    turn,
    title: `${field.name}(${path.map(({ name }) => name).join('.')}: ${JSON.stringify(value)})`,
    source,
    variables: filled(field.args, path, value, field.name, own),
  }));
}

/** Values of what is required and of what is on the path to the place of attack. */
function filled(
  of: readonly Argument[],
  [next, ...rest]: Path,
  value: string,
  field: string,
  own: Values['own'],
): Record<string, unknown> {
  const needed = of.filter(
    (each) => each === next || (isRequired(each) && each.defaultValue === undefined) || each.name in own,
  );
  return Object.fromEntries(
    needed.map((each) => [each.name, fillingOf(each, each === next ? rest : undefined, value, field, own)]),
  );
}

const isRequired = (each: Argument) =>
  'args' in each ? false : isRequiredArgument(each as GraphQLArgument) || isRequiredInputField(each);

/** @param rest what is left of the path, where this is on it. */
function fillingOf(each: Argument, rest: Path | undefined, value: string, field: string, own: Values['own']) {
  const known = own[`${field}.${each.name}`] ?? own[each.name];
  if (rest === undefined && known !== undefined) return known;
  return inLists(each.type, (type) => {
    if (isInputObjectType(type))
      return filled(Object.values(type.getFields()), rest ?? [], value, field, own);
    if (rest !== undefined) return value;
    if (isEnumType(type)) return type.getValues()[0]?.name;
    return plain[type.name] ?? 'something';
  });
}

function inLists(type: GraphQLInputType, make: (type: ReturnType<typeof namedInput>) => unknown): unknown {
  if (isNonNullType(type)) return inLists(type.ofType, make);
  return isListType(type) ? [inLists(type.ofType, make)] : make(namedInput(type));
}
const namedInput = (type: GraphQLInputType) => getNamedType(type);

/** Of arguments that nobody named: valid by their type. */
const plain: Readonly<Record<string, unknown>> = {
  ID: '99999999-9999-4999-8999-999999999999',
  Int: 2,
  Float: 2.5,
  Boolean: true,
  BigInt: '1',
  DateTime: '2030-02-01T20:00:00.000Z',
};

function entityAttacks(schema: GraphQLSchema, { ids }: Values): Attack[] {
  const union = schema.getType('_Entity');
  if (!isUnionType(union)) return [];
  return union.getTypes().flatMap((type) =>
    ids.map((id) => ({
      kind: 'query' as const,
      turn: 0,
      title: `${type.name} by ${id}`,
      source: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type.name} ${selectionOf(type, 3)} } }`,
      variables: { of: [{ __typename: type.name, id }] },
    })),
  );
}

/** All that can be asked of a type without arguments, so deep. */
function selectionOf(output: GraphQLOutputType, depth: number): string {
  const type = getNamedType(output);
  if (!isCompositeType(type)) return '';
  const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
  const inner = fields
    .filter(({ name, args }) => !unrepeatable.has(name) && !args.some(isRequiredArgument))
    .filter(({ type }) => depth > 1 || !isCompositeType(getNamedType(type)))
    .map(({ name, type }) => `${name} ${selectionOf(type, depth - 1)}`);
  return `{ __typename ${inner.join(' ')} }`;
}

/** What is drawn from the system's randomness, which no test chooses. */
const unrepeatable = new Set(['commitment', 'seed']);
