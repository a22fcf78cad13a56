/** Documents that are made to cost much, each under 256 KiB, for tests and the bench of refusals. */
export interface Hostile {
  readonly name: string;
  readonly query: string;
  /** JSON. As text, because much of it nests deeper than `JSON.stringify` goes. */
  readonly variables?: string;
  readonly operationName?: string;
  /** What it is refused with. */
  readonly code: string;
}

const repeat = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');
const CHARACTERS = 250_000;

/** Against the graph's own schema. */
export const hostile: readonly Hostile[] = [
  { name: 'tokens', query: `{ ${'a '.repeat(120_000)} }`, code: 'GRAPHQL_PARSE_FAILED' },
  { name: 'braces', query: '{'.repeat(CHARACTERS), code: 'GRAPHQL_PARSE_FAILED' },
  { name: 'depth', query: `{ ${'me { '.repeat(900)}`, code: 'GRAPHQL_PARSE_FAILED' },
  {
    name: 'fragments that double',
    query: `{ me { ...F0 } } ${repeat(25, (i) => `fragment F${i} on Player { ...F${i + 1} ...F${i + 1} }`)} fragment F25 on Player { id }`,
    code: 'OPERATION_TOO_LARGE',
  },
  {
    name: 'fragments in circles',
    query: `{ me { ...F0 } } ${repeat(24, (i) => `fragment F${i} on Player { ${repeat(24, (j) => `...F${j}`)} id }`)}`,
    code: 'OPERATION_TOO_LARGE',
  },
  {
    name: 'fragments that nobody uses',
    query: `{ me { id } } ${repeat(150, (i) => `fragment F${i} on Player { id party { id } }`)}`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'many operations',
    query: `${repeat(200, (i) => `query A${i} { me { ...F } }`)} fragment F on Player { ${'id '.repeat(10)} }`,
    code: 'OPERATION_RESOLUTION_FAILURE',
  },
  {
    name: 'one field 990 times',
    query: `{ me { ${'id '.repeat(990)} } }`,
    code: 'TOO_MANY_REPETITIONS',
  },
  {
    name: 'one field with a field 330 times',
    query: `{ me { ${'party { id } '.repeat(330)} } }`,
    code: 'TOO_MANY_REPETITIONS',
  },
  {
    name: 'as many repetitions as there may be',
    query: `{ me { ${'party { id } '.repeat(140)} nothing } }`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'fragments within each other',
    query: `{ me { ...F0 } } ${repeat(190, (i) => `fragment F${i} on Player { id ...F${i + 1} }`)} fragment F190 on Player { id }`,
    code: 'TOO_MANY_REPETITIONS',
  },
  {
    name: 'fragments beside each other',
    query: `{ me { ${repeat(140, (i) => `...F${i}`)} } } ${repeat(140, (i) => `fragment F${i} on Player { id nothing }`)}`,
    code: 'TOO_MANY_REPETITIONS',
  },
  {
    name: 'fragments that do not exist',
    query: `{ me { ${repeat(600, (i) => `...F${i}`)} } }`,
    code: 'TOO_MANY_REPETITIONS',
  },
  {
    name: 'introspection under ten aliases',
    query: `{ ${repeat(10, (i) => `a${i}: __schema { types { fields { name args { name type { name } } type { name } } } }`)} }`,
    code: 'OPERATION_TOO_COMPLEX',
  },
  {
    name: 'introspection of the types of fields of types',
    query: `{ __schema { types { fields { type { ${repeat(10, (i) => `a${i}: fields { name type { name } }`)} } } } } }`,
    code: 'OPERATION_TOO_COMPLEX',
  },
  {
    name: 'aliases',
    query: `{ me { ${repeat(400, (i) => `a${i}: __typename`)} } }`,
    code: 'TOO_MANY_ALIASES',
  },
  { name: '__typename', query: `{ ${'__typename '.repeat(1_900)} }`, code: 'OPERATION_TOO_LARGE' },
  {
    name: 'directives',
    query: `{ me { id ${'@skip(if: false) '.repeat(250)} } }`,
    code: 'TOO_MANY_DIRECTIVES',
  },
  {
    name: 'fields that do not exist',
    query: `{ me { ${repeat(950, (i) => `partyInvitez${i}`)} } }`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'a long field that does not exist',
    query: `{ me { ${'x'.repeat(CHARACTERS)} } }`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'arguments that do not exist',
    query: `{ guild(id: 1 ${repeat(600, (i) => `firstt${i}: 1`)}) { id } }`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'a list in a list in a list',
    query: `{ guild(id: ${'['.repeat(900)}${']'.repeat(900)}) { id } }`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'a type of lists of lists',
    query: `query ($a: ${'['.repeat(900)}Int${']'.repeat(900)}) { me { id } }`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'a huge integer',
    query: `{ guilds(communityId: 1, first: ${'9'.repeat(CHARACTERS)}) { nodes { id } } }`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  {
    name: 'an operation name',
    query: 'query A { me { id } }',
    operationName: 'x'.repeat(CHARACTERS),
    code: 'OPERATION_RESOLUTION_FAILURE',
  },
  {
    name: 'variables, nested',
    query: 'query ($id: ID!) { guild(id: $id) { id } }',
    variables: `{"id":${'['.repeat(CHARACTERS / 2)}${']'.repeat(CHARACTERS / 2)}}`,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'variables, a list',
    query: 'query ($id: ID!) { guild(id: $id) { id } }',
    variables: `{"id":[${'1,'.repeat(CHARACTERS / 2)}1]}`,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'variables, objects',
    query: 'query ($id: ID!) { guild(id: $id) { id } }',
    variables: `{"id":[${'{},'.repeat(CHARACTERS / 3)}1]}`,
    code: 'BAD_USER_INPUT',
  },
  {
    name: 'connections in connections',
    query: '{ guilds(communityId: 1, first: 100) { nodes { members(first: 100) { nodes { joinedAt } } } } }',
    code: 'OPERATION_TOO_COMPLEX',
  },
];

/** The body of a request. */
export function bodyOf({ query, operationName, variables = '{}' }: Omit<Hostile, 'name' | 'code'>): string {
  return `${JSON.stringify({ query, operationName }).slice(0, -1)},"variables":${variables}}`;
}
