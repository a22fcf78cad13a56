import {
  buildSchema,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  graphql,
  parse,
  validate,
} from 'graphql';
import { expect, test } from 'vitest';
import { areAll, columnsAsked, type Resolved, rememberColumns } from './columns-asked.ts';

const schema = buildSchema(`
  type Query { members(first: Int): Members }
  type Members { nodes: [Member!]! edges: [Edge!]! pageInfo: PageInfo! total: Int }
  type PageInfo { endCursor: String }
  type Edge { cursor: String! node: Member! }
  interface Named { name: String }
  type Member { joinedAt: String note: String rank: Rank! player: Player! guild: Guild }
  type Rank implements Named { id: ID! name: String permissions: [String!]! }
  type Player { id: ID! }
  type Guild implements Named { id: ID! name: String leader: Player }
`);
/** As resolvers that read columns of their own. */
const withResolvers = { Member: ['player', 'guild', 'note'], Rank: ['permissions'], Guild: ['leader'] };
for (const [type, fields] of Object.entries(withResolvers)) {
  for (const field of fields) fieldOf(type, field).resolve = () => null;
}
rememberColumns(schema);
const resolved: Resolved = { player: 'key', guild: 'within' };

function fieldOf(type: string, name: string) {
  const field = (schema.getType(type) as GraphQLObjectType).getFields()[name];
  if (!field) throw new Error(`There is no ${type}.${name}`);
  return field;
}

async function askedIn(source: string, variableValues: Record<string, unknown> = {}): Promise<string[]> {
  const asked: string[] = [];
  fieldOf('Query', 'members').resolve = (_root, _args, _context, info: GraphQLResolveInfo) => {
    asked.push(columnsAsked(info, resolved, ['joinedAt']));
    return null;
  };
  expect(validate(schema, parse(source))).toEqual([]);
  await graphql({ schema, source, variableValues });
  return asked;
}

const member = (selection: string) => `{ members { nodes { ${selection} } } }`;

test.each([
  ['plain fields, by their names and not their aliases', member('at: joinedAt'), 'joinedAt'],
  ['objects within', member('rank { id name }'), 'rank,rank.id,rank.name'],
  ['nothing of an object but that it is there', member('rank { __typename }'), 'rank'],
  ['nothing for what every row has', member('__typename player { id }'), ''],
  ['all that a resolver may read', member('note rank { id permissions }'), '*'],
  ['all that one within may read', member('rank { id permissions }'), 'rank,rank.*'],
  ['an object that a resolver gives as it is', member('guild { name }'), 'guild,guild.name'],
  ['all of it for its own resolvers', member('guild { leader { id } }'), 'guild,guild.*'],
  ['no items', '{ members { total } }', ''],
  ['items by their edges', '{ members { edges { node { rank { id } } } } }', 'rank,rank.id'],
  ['what cursors are made of', '{ members { edges { cursor } } }', 'joinedAt'],
  ['the same for those of the page', '{ members { pageInfo { endCursor } } }', 'joinedAt'],
  [
    'items both ways',
    '{ members { nodes { joinedAt } edges { node { rank { id } } } } }',
    'joinedAt,rank,rank.id',
  ],
  [
    'fragments',
    `{ members { ...M } } fragment M on Members { nodes { ... on Member { rank { ...R } } } }
     fragment R on Named { name ... on Rank { id } }`,
    'rank,rank.id,rank.name',
  ],
  [
    'fields that are merged',
    '{ members { nodes { rank { id } } } members { nodes { rank { name } } } }',
    'rank,rank.id,rank.name',
  ],
])('tells %s', async (_what, source, columns) => {
  expect(await askedIn(source)).toEqual([columns]);
});

test('the same field twice is asked for what each place asks', async () => {
  const source = '{ a: members { nodes { joinedAt } } b: members { nodes { rank { id } } } }';
  expect(await askedIn(source)).toEqual(['joinedAt', 'rank,rank.id']);
});

test('a server that puts resolvers around all fields changes nothing', async () => {
  const joinedAt = fieldOf('Member', 'joinedAt');
  joinedAt.resolve = () => null;
  expect(await askedIn(member('joinedAt'))).toEqual(['joinedAt']);
  delete joinedAt.resolve;
});

test('of a schema that nobody spoke of, all is read', async () => {
  const unknown = buildSchema(
    'type Query { members: Members } type Members { nodes: [Member] } type Member { name: String }',
  );
  let asked: string | undefined;
  const members = unknown.getQueryType()?.getFields()['members'];
  if (members) {
    members.resolve = (_root, _args, _context, info) => {
      asked = columnsAsked(info, {});
    };
  }
  await graphql({ schema: unknown, source: member('name') });
  expect(asked).toBe('*');
});

test('conditions count as met', async () => {
  const source =
    'query ($yes: Boolean!) { members { nodes { joinedAt @include(if: $yes) rank @skip(if: $yes) { id } } } }';
  for (const yes of [true, false]) expect(await askedIn(source, { yes })).toEqual(['joinedAt,rank,rank.id']);
});

test.each([
  [undefined, undefined, true],
  [undefined, 'rank', true],
  ['*', 'rank', true],
  ['rank,rank.*', 'rank', true],
  ['rank,rank.*', undefined, false],
  ['rank,rank.*', 'guild', false],
  ['rank,rank.id', 'rank', false],
  ['', undefined, false],
])('whether %o is all of %o: %o', (columns, path, all) => expect(areAll(columns, path)).toBe(all));
