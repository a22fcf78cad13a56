import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectSameOfSome, type Fields, pageOf } from '../../../test/kit/selections.ts';
import { viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

const rank: Fields = {
  id: null,
  level: null,
  name: null,
  kind: null,
  bankCurrencyLimit: null,
  permissions: { permission: null },
};
const named: Fields = {
  id: null,
  name: null,
  slug: null,
  memberCount: null,
  createdAt: null,
  communityId: null,
};
const member: Fields = {
  joinedAt: null,
  note: null,
  player: { id: null },
  rank,
  guild: { ...named, leader: { id: null }, viewerMembership: { rank, guild: named } },
};

async function world() {
  const ada = viewer();
  const guildId = await guild.found(ada, { description: 'First' });
  const bea = await guild.join(ada, guildId, 'OFFICER');
  await guild.setNote(ada, { guildId, playerId: bea.playerId, note: 'Reliable' });
  await guild.join(ada, guildId, 'VETERAN');
  const other = await guild.found(bea, { visibility: 'PRIVATE' });
  return { ada, bea, guildId, other };
}

test('of a guild’s members each answer has what was asked of it', async () => {
  const { ada, guildId } = await world();
  await expectSameOfSome(pageOf(member), async (selection) => {
    const source = `query ($id: ID!) { guild(id: $id) { members(first: 2) ${selection} } }`;
    return (await guild.run(ada, source, { id: guildId })).guild.members;
  });
});

test('of a player’s memberships each answer has what was asked of it', async () => {
  const { bea } = await world();
  const representations = [{ __typename: 'Player', id: bea.playerId }];
  await expectSameOfSome(pageOf(member), async (selection) => {
    const source = `query ($representations: [_Any!]!) {
      _entities(representations: $representations) { ... on Player { guildMemberships(first: 5) ${selection} } } }`;
    return (await guild.run(bea, source, { representations }))._entities[0].guildMemberships;
  });
});

test('places that ask for different columns get their own', async () => {
  const { ada, guildId } = await world();
  const source = `query ($id: ID!) { guild(id: $id) {
    a: members { nodes { rank { kind } } }
    b: members { nodes { rank { name } guild { slug } } }
  } }`;
  const { a, b } = (await guild.run(ada, source, { id: guildId })).guild;
  expect(a.nodes[0]).toEqual({ rank: { kind: 'LEADER' } });
  expect(b.nodes[0]).toEqual({ rank: { name: 'Leader' }, guild: { slug: expect.any(String) } });
});

test('a page is read at most twice, however many places ask for however different columns', async () => {
  const { ada, guildId } = await world();
  const asked = ['joinedAt', 'rank { id }', 'rank { name }', 'joinedAt rank { kind }', 'rank { level }'];
  const pages = asked.map((fields, nth) => `m${nth}: members { nodes { ${fields} } }`);
  const source = `query ($id: ID!) { guild(id: $id) { ${pages} } }`;
  const statements = await guild.statements(() => guild.run(ada, source, { id: guildId }));
  expect(statements.filter((text) => text.includes('joined_at'))).toHaveLength(2);
});

test('a guild that came along whole is not asked for again', async () => {
  const { bea } = await world();
  const source = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Player {
    guildMemberships { nodes { guild { name viewerMembership { guild { name } } } } } } } }`;
  const representations = [{ __typename: 'Player', id: bea.playerId }];
  expect(await guild.statements(() => guild.run(bea, source, { representations }))).toHaveLength(2);
});
