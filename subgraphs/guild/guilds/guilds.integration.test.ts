import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fellowship/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { communityA, communityB, type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

const inA = { communityId: communityA };
const codes = ({ errors }: Data) => errors.map(({ code }: Data) => code);

describe('a guild', () => {
  test('is founded by its leader, with the five system ranks', async () => {
    const ada = viewer();
    const input = { ...inA, name: '  The  Night Watch ', description: 'We watch.', visibility: 'PRIVATE' };
    const created = await guild.create(ada, { ...input, recruiting: true, maxMembers: 50 });
    expect(created).toEqual({
      guild: {
        id: expect.any(String),
        communityId: communityA,
        name: 'The Night Watch',
        slug: 'the-night-watch',
        description: 'We watch.',
        visibility: 'PRIVATE',
        recruiting: true,
        leader: { id: ada.playerId },
        memberCount: 1,
        maxMembers: 50,
        members: { nodes: [{ player: { id: ada.playerId }, rank: { kind: 'LEADER' } }] },
      },
      errors: [],
    });
    const { guild: read } = await guild.run(
      ada,
      'query ($id: ID!) { guild(id: $id) { ranks { kind level name permissions { key } } viewerPermissions { permission } } }',
      { id: created.guild.id },
    );
    expect(read.ranks.map(({ kind, level }: Data) => `${kind} ${level}`)).toEqual([
      'LEADER 5',
      'OFFICER 4',
      'VETERAN 3',
      'MEMBER 2',
      'RECRUIT 1',
    ]);
    expect(read.ranks[4].permissions.map(({ key }: Data) => key)).toEqual([
      'guild.read',
      'guild.members.read',
      'guild.page.read',
      'guild.chat',
    ]);
    expect(read.viewerPermissions).toHaveLength(20);
  });

  test('is PUBLIC, not recruiting, for 1,000 members, unless told', async () => {
    const created = await guild.create(viewer(), { ...inA, name: 'Plain' });
    expect(created.guild).toMatchObject({
      visibility: 'PUBLIC',
      recruiting: false,
      maxMembers: 1000,
      description: '',
    });
  });

  test.each([
    ['name', { name: 'x' }],
    ['name', { name: 'x'.repeat(41) }],
    ['name', { name: 'a\0b' }],
    ['slug', { name: '!!!' }],
    ['slug', { name: 'Good', slug: '' }],
    ['slug', { name: 'Good', slug: 'not good' }],
    ['description', { name: 'Good', description: 'a\0' }],
    ['description', { name: 'Good', description: 'x'.repeat(2001) }],
    ['maxMembers', { name: 'Good', maxMembers: 0 }],
    ['maxMembers', { name: 'Good', maxMembers: 1001 }],
  ])('is not founded with a bad %s: %j', async (field, input) => {
    await guild.expectDenied('INVALID_INPUT', async () => {
      const answer = await guild.create(viewer(), { ...inA, ...input });
      expect(answer.errors[0].path).toEqual([field]);
      return answer;
    });
  });

  test.each([communityB, randomUUID(), 'x', ''])('is not founded in a community not of the token: %s', (id) =>
    guild.expectDenied('NOT_IN_COMMUNITY', () => guild.create(viewer(), { communityId: id, name: 'Lost' })),
  );

  test('has a name and a slug of its own in its community, whatever the case', async () => {
    const both = viewer({ communities: [communityA, communityB] });
    const id = await guild.found(both, { name: 'Стражи', slug: 'guards' });
    const other = await guild.found(both, { name: 'Совы' });
    const attempts = [
      ['NAME_TAKEN', () => guild.create(both, { ...inA, name: 'СТРАЖИ', slug: 'others' })],
      ['SLUG_TAKEN', () => guild.create(both, { ...inA, name: 'Others', slug: 'GUARDS' })],
      ['SLUG_TAKEN', () => guild.create(both, { ...inA, name: 'Guards' })],
      ['NAME_TAKEN', () => guild.update(both, { guildId: other, name: 'стражи' })],
    ] as const;
    for (const [code, attempt] of attempts) await guild.expectDenied(code, attempt);
    const elsewhere = await guild.create(both, { communityId: communityB, name: 'Стражи', slug: 'guards' });
    expect(elsewhere.errors).toEqual([]);
    expect((await guild.create({ ...both, tenantId: tenantB }, { ...inA, name: 'Стражи' })).errors).toEqual(
      [],
    );
    expect((await guild.update(both, { guildId: id, name: 'стражи' })).guild.name).toBe('стражи');
  });

  test('gets its name once, of any number who want it at once', async () => {
    const wanted = Array.from({ length: 20 }, (_, nth) => nth);
    const answers = await Promise.all(
      wanted.map((nth) =>
        guild.create(viewer(), { ...inA, name: nth % 2 ? 'Wanted' : 'wANTED', slug: `w-${nth}` }),
      ),
    );
    expect(answers.filter((answer) => answer.guild)).toHaveLength(1);
    expect(answers.flatMap(codes)).toEqual(Array.from({ length: 19 }, () => 'NAME_TAKEN'));
  });

  test('is changed by who may, in what is given', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada, { description: 'Before.' });
    const before = (await guild.update(ada, { guildId })).guild;
    const changed = await guild.update(ada, {
      guildId,
      name: 'After',
      recruiting: true,
      visibility: 'COMMUNITY',
    });
    expect(changed.guild).toEqual({ ...before, name: 'After', recruiting: true, visibility: 'COMMUNITY' });
    await guild.update(ada, { guildId, description: '' });
    expect((await guild.update(ada, { guildId, maxMembers: 1 })).guild).toMatchObject({
      description: '',
      maxMembers: 1,
      name: 'After',
    });
  });

  test('shows each of several changes in one request', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada);
    const change = (name: string) =>
      `guildUpdate(input: { guildId: "${guildId}", name: "${name}" }) { guild { name } }`;
    const data = await guild.run(ada, `mutation { a: ${change('First')} b: ${change('Second')} }`);
    expect(data).toEqual({ a: { guild: { name: 'First' } }, b: { guild: { name: 'Second' } } });
  });

  test('is not changed by others, nor made smaller than it is', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada);
    const officer = await guild.join(ada, guildId, 'OFFICER');
    await guild.expectDenied('MISSING_PERMISSION', () => guild.update(officer, { guildId, name: 'Mine' }));
    await guild.expectDenied('MISSING_PERMISSION', () => guild.update(viewer(), { guildId, name: 'Mine' }));
    await guild.expectDenied('INVALID_INPUT', () => guild.update(ada, { guildId, maxMembers: 1 }));
    await guild.expectDenied('INVALID_INPUT', () => guild.update(ada, { guildId, name: '' }));
  });
});

describe('who sees a guild', () => {
  const byId =
    'query ($id: ID!) { guild(id: $id) { id members { nodes { player { id } } } activity { nodes { id } } } }';
  const bySlug = 'query ($c: ID!, $slug: String!) { guildBySlug(communityId: $c, slug: $slug) { id } }';
  const entity = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Guild { id } } }';
  const found = 'query ($search: String) { guilds(search: $search) { nodes { id } } }';
  const memberships = `query ($r: [_Any!]!) { _entities(representations: $r) {
    ... on Player { guildMemberships { nodes { guild { id } } } } } }`;

  /** The ways in which the viewer comes to see the guild. */
  async function ways(as: Viewer, id: string, slug: string, leader: Viewer): Promise<string[]> {
    const seen = {
      id: (await guild.run(as, byId, { id })).guild,
      slug: (await guild.run(as, bySlug, { c: communityA, slug: slug.toUpperCase() })).guildBySlug,
      entity: (await guild.run(as, entity, { r: [{ __typename: 'Guild', id }] }))._entities[0],
      search: (await guild.run(as, found, { search: slug })).guilds.nodes[0],
      member: (await guild.run(as, memberships, { r: [{ __typename: 'Player', id: leader.playerId }] }))
        ._entities[0].guildMemberships.nodes[0],
    };
    return Object.entries(seen).flatMap(([way, value]) => (value ? [way] : []));
  }
  const all = ['id', 'slug', 'entity', 'search', 'member'];

  test.each([
    ['PUBLIC', { member: all, neighbour: all, stranger: all }],
    ['COMMUNITY', { member: all, neighbour: all, stranger: [] }],
    ['PRIVATE', { member: all, neighbour: [], stranger: [] }],
  ])('%s: alike in every way to it', async (visibility, expected) => {
    const ada = viewer();
    const slug = visibility.toLowerCase();
    const id = await guild.found(ada, { name: slug, visibility });
    const stranger = viewer({ communities: [communityB] });
    const member = await guild.join(ada, id, 'RECRUIT', viewer({ communities: [] }));
    expect(await ways(member, id, slug, ada)).toEqual(expected.member);
    expect(await ways(viewer(), id, slug, ada)).toEqual(expected.neighbour);
    expect(await ways(stranger, id, slug, ada)).toEqual(expected.stranger);
    expect(await ways({ ...ada, tenantId: tenantB }, id, slug, ada)).toEqual([]);
  });

  test('what happened in it is for members', async () => {
    const ada = viewer();
    const id = await guild.found(ada);
    expect((await guild.run(ada, byId, { id })).guild.activity.nodes).toHaveLength(2);
    const seen = (await guild.run(viewer(), byId, { id })).guild;
    expect(seen.activity.nodes).toEqual([]);
    expect(seen.members.nodes).toHaveLength(1);
  });

  test('one that can’t be seen reads like one that does not exist', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada, { visibility: 'PRIVATE' });
    const playerId = ada.playerId;
    for (const stranger of [viewer(), { ...ada, tenantId: tenantB }]) {
      for (const id of [guildId, randomUUID(), 'x', '\u{1F600}', '']) {
        const attempts = [
          () => guild.update(stranger, { guildId: id }),
          () => guild.leave(stranger, { guildId: id }),
          () => guild.transfer(stranger, { guildId: id, playerId }),
          () => guild.kick(stranger, { guildId: id, playerId }),
          () => guild.promote(stranger, { guildId: id, playerId }),
          () => guild.demote(stranger, { guildId: id, playerId }),
          () => guild.setRank(stranger, { guildId: id, playerId, rankId: guildId }),
          () => guild.invite(stranger, { guildId: id }),
        ];
        for (const attempt of attempts) await guild.expectDenied('GUILD_NOT_FOUND', attempt);
      }
    }
  });
});

describe('finding guilds', () => {
  const find = `query ($search: String, $communityId: ID, $recruiting: Boolean, $first: Int, $after: String) {
    guilds(search: $search, communityId: $communityId, recruiting: $recruiting, first: $first, after: $after) {
      nodes { name } pageInfo { hasNextPage endCursor } } }`;
  const names = ({ nodes }: Data) => nodes.map(({ name }: Data) => name);

  test('by how their names begin, in their order, and by community and recruiting', async () => {
    const ada = viewer({ communities: [communityA, communityB] });
    for (const [name, more] of [
      ['Волки Севера', {}],
      ['волки Юга', { recruiting: true }],
      ['Волк', { communityId: communityB, recruiting: true }],
      ['Старые волки', {}],
    ] as const) {
      await guild.found(ada, { name, ...more });
    }
    const search = async (variables: object) => names((await guild.run(viewer(), find, variables)).guilds);
    expect(await search({ search: 'ВОЛК' })).toEqual(['Волк', 'Волки Севера', 'волки Юга']);
    expect(await search({ search: ' волки  с' })).toEqual(['Волки Севера']);
    expect(await search({ search: 'Волк', communityId: communityB })).toEqual(['Волк']);
    expect(await search({ search: 'Волк', recruiting: true })).toEqual(['Волк', 'волки Юга']);
    expect(await search({ search: 'Волк', recruiting: false })).toEqual(['Волки Севера']);
    expect(await search({ search: 'Волк', communityId: 'x' })).toEqual([]);
    expect(await search({ search: 'Волк%' })).toEqual([]);
    expect(await search({ search: 'a\0' })).toEqual([]);
  });

  test.each([undefined, communityA])('page by page, while more come (community %s)', async (communityId) => {
    const prefix = communityId ? 'Paged here' : 'Paged';
    const ada = viewer();
    for (const letter of 'bdfh') await guild.found(ada, { name: `${prefix} ${letter}` });
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const { guilds } = await guild.run(ada, find, { search: `${prefix} `, communityId, first: 2, after });
      seen.push(...names(guilds));
      if (!guilds.pageInfo.hasNextPage) break;
      after = guilds.pageInfo.endCursor;
      await guild.found(ada, { name: `${prefix} a` });
    }
    expect(seen).toEqual([...'bdfh'].map((letter) => `${prefix} ${letter}`));
  });

  test.each([
    ['BAD_USER_INPUT', { first: 0 }],
    ['BAD_USER_INPUT', { first: 101 }],
    ['CURSOR_INVALID', { after: 'x' }],
    ['CURSOR_INVALID', { after: '' }],
    ['CURSOR_INVALID', { after: Buffer.from('["a\\u0000","b"]').toString('base64url') }],
  ])('%s: %j is no page', async (code, variables) => {
    const { errors } = await guild.execute(viewer(), find, variables);
    expect(errors?.[0]?.extensions['code']).toBe(code);
  });
});

test('the same idempotency key is one guild and the same reply', async () => {
  const ada = viewer();
  const input = { ...inA, name: 'Only once', idempotencyKey: 'once' };
  const answers = await Promise.all(Array.from({ length: 10 }, () => guild.create(ada, input)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0].errors).toEqual([]);
  await guild.expectDenied('IDEMPOTENCY_KEY_REUSED', () => guild.create(ada, { ...input, name: 'Twice' }));

  const taken = { ...inA, name: 'only ONCE', idempotencyKey: 'again' };
  const denied = await guild.create(ada, taken);
  expect(codes(denied)).toEqual(['NAME_TAKEN']);
  await guild.update(ada, { guildId: answers[0].guild.id, name: 'Not any more' });
  expect(await guild.create(ada, taken)).toEqual(denied);
});
