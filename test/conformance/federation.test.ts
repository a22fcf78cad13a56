import {
  buildClientSchema,
  getIntrospectionQuery,
  isObjectType,
  isUnionType,
  Kind,
  parse,
  visit,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { communityA } from '../kit/subgraph.ts';
import { type ServedTestSubgraph, serveTestSubgraph, subgraphNames } from './served-subgraph.ts';

const entities = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename ... on Player { id } ';

/** How each subgraph is given an entity of its own. */
const founding = {
  party: { type: 'Party', create: 'partyCreate(input: {}) { made: party { id } }' },
  guild: {
    type: 'Guild',
    create: `guildCreate(input: { communityId: "${communityA}", name: "Dawn" }) { made: guild { id } }`,
  },
  group: {
    type: 'Organization',
    create: 'organizationCreate(input: { name: "Guildhall" }) { made: organization { id } }',
  },
};

// What `@apollo/federation-subgraph-compatibility` asserts of a subgraph, as far as these use it (it asks its own
// schema of a subgraph, which has @requires, @provides, @override and tags: there are none here), and what the
// gateway takes for granted.
describe.each(subgraphNames)('the %s subgraph', (name) => {
  const { type, create } = founding[name];
  const nobody = '99999999-9999-4999-8999-999999999999';
  let subgraph: ServedTestSubgraph;
  let id: string;
  beforeAll(async () => {
    subgraph = await serveTestSubgraph(name);
    const { body } = await subgraph.post(`mutation { created: ${create} }`);
    id = body.data.created.made.id;
  });
  afterAll(() => subgraph?.close());

  const resolve = async (...of: unknown[]) =>
    (await subgraph.post(`${entities} ... on ${type} { id } } }`, { of })).body;
  const own = () => ({ __typename: type, id });

  test('is there', async () => {
    expect(await subgraph.post('{ __typename }')).toEqual({
      status: 200,
      body: { data: { __typename: 'Query' } },
    });
  });

  test('gives its SDL, which links federation and has the keys of its entities', async () => {
    const { body } = await subgraph.post('{ _service { sdl } }');
    const { links, keys } = federated(body.data._service.sdl);
    expect(
      links.filter((url) => /^https:\/\/specs\.apollo\.dev\/federation\/v2\.\d+$/.test(url)),
    ).toHaveLength(1);
    expect(keys).toEqual(Object.fromEntries(entityTypes(subgraph).map((each) => [each, ['id']])));
  });

  test('is introspected whole, with the fields that federation adds', async () => {
    const { body } = await subgraph.post(getIntrospectionQuery());
    const schema = buildClientSchema(body.data);
    const { _entities, _service } = schema.getQueryType()?.getFields() ?? {};
    expect([String(_entities?.type), String(_entities?.args[0]?.type), String(_service?.type)]).toEqual([
      '[_Entity]!',
      '[_Any!]!',
      '_Service!',
    ]);
    expect(Object.keys(schema.getTypeMap()).sort()).toEqual(Object.keys(subgraph.schema.getTypeMap()).sort());
  });

  test('resolves entities where they were asked for: repeated, mixed, missing', async () => {
    const player = { __typename: 'Player', id: nobody };
    const missing = { __typename: type, id: nobody };
    const malformed = { __typename: type, id: 'x' };
    expect(await resolve(own(), missing, player, own(), malformed, player, own())).toEqual({
      data: { _entities: [own(), null, player, own(), null, player, own()] },
    });
    expect(await resolve()).toEqual({ data: { _entities: [] } });
  });

  test('resolves nothing for an id that is nobody’s, of any entity but Player, who is not stored', async () => {
    for (const each of entityTypes(subgraph)) {
      const { data, errors } = await resolve({ __typename: each, id: nobody });
      expect({ data, errors }).toEqual({
        data: { _entities: [each === 'Player' ? { __typename: each, id: nobody } : null] },
      });
    }
  });

  test.each([
    ['no __typename', { id: nobody }],
    ['a __typename that is not here', { __typename: 'Dragon', id: nobody }],
    ['a type without a key', { __typename: 'PageInfo', id: nobody }],
    ['null', null],
    ['a string', 'Player'],
  ])('refuses a representation with %s', async (_, wrong) => {
    const { data, errors } = await resolve(wrong);
    expect(data?._entities?.filter(Boolean) ?? []).toEqual([]);
    expect(errors).toHaveLength(1);
  });

  test('sends no trace, asked for or not: its replies are data and errors', async () => {
    const { body } = await subgraph.post('{ __typename }');
    expect(Object.keys(body)).toEqual(['data']);
  });
});

function entityTypes({ schema }: ServedTestSubgraph): string[] {
  const union = schema.getType('_Entity');
  if (!isUnionType(union)) throw new Error('There are no entities');
  return union
    .getTypes()
    .filter(isObjectType)
    .map((each) => each.name)
    .sort();
}

/** The URLs that an SDL links, and the keys of each of its types. */
function federated(sdl: string): { links: string[]; keys: Record<string, string[]> } {
  const links: string[] = [];
  const keys: Record<string, string[]> = {};
  visit(parse(sdl), {
    Directive(node, _key, _parent, _path, ancestors) {
      const [first] = node.arguments ?? [];
      if (first?.value.kind !== Kind.STRING) return;
      if (node.name.value === 'link') links.push(first.value.value);
      const owner = ancestors.at(-1);
      if (node.name.value !== 'key' || !owner || !('name' in owner) || !owner.name) return;
      keys[owner.name.value] = [...(keys[owner.name.value] ?? []), first.value.value];
    },
  });
  return { links, keys: Object.fromEntries(Object.entries(keys).sort()) };
}
