import type { Viewer } from '@fellowship/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Data, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

async function founded(input: object = {}) {
  const ada = viewer();
  const guildId = await guild.found(ada, input);
  return { ada, guildId };
}
const pageOf = async (as: Viewer, id: string): Promise<Data> =>
  (await guild.run(as, 'query ($id: ID!) { guild(id: $id) { page { version body tags } } }', { id })).guild
    ?.page;
const tagged = async (as: Viewer, tag: string, more = ''): Promise<string[]> => {
  const source = `query ($tag: String) { guilds(tag: $tag ${more}) { nodes { name } } }`;
  return (await guild.run(as, source, { tag })).guilds.nodes.map(({ name }: Data) => name);
};

test('is empty at first, then what its editors say', async () => {
  const { ada, guildId } = await founded();
  expect(await pageOf(ada, guildId)).toEqual({ version: 0, body: '', tags: [] });
  const officer = await guild.join(ada, guildId, 'OFFICER');
  const media = [{ url: 'https://a.example/flag.png', caption: 'Flag' }];
  const input = { headline: 'We march', body: '**On**', tags: ['PvP', 'Hard core'], media };
  const answer = await guild.updatePage(officer, { guildId, version: 0, ...input });
  expect(answer).toMatchObject({
    page: {
      version: 1,
      headline: 'We march',
      body: '**On**',
      html: '<p><strong>On</strong></p>\n',
      tags: ['pvp', 'hard-core'],
      media,
      updatedBy: { id: officer.playerId },
    },
    errors: [],
  });
  const next = await guild.updatePage(ada, { guildId, version: 1, headline: null, tags: [] });
  expect(next.page).toMatchObject({ version: 2, headline: 'We march', body: '**On**', tags: [], media });
});

test('an edit of an old version is refused, and of many at once one counts', async () => {
  const { ada, guildId } = await founded();
  const edits = Array.from({ length: 8 }, (_, index) => `Edit ${index}`);
  const answers = await Promise.all(
    edits.map((body) => guild.updatePage(ada, { guildId, version: 0, body })),
  );
  expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
  expect(answers.filter(({ errors }) => errors[0]?.code === 'STALE_VERSION')).toHaveLength(7);
  expect((await pageOf(ada, guildId)).version).toBe(1);
});

test('is read by whoever the visibility lets, and by members with PAGE_READ', async () => {
  const { ada, guildId } = await founded({ visibility: 'PRIVATE' });
  const bea = await guild.join(ada, guildId);
  const rankId = await guild.rank(ada, guildId, 'RECRUIT');
  expect(await pageOf(viewer(), guildId)).toBeUndefined();
  expect(await pageOf(bea, guildId)).toEqual({ version: 0, body: '', tags: [] });
  await guild.updateRank(ada, { guildId, rankId, permissions: ['CHAT'] });
  expect(await pageOf(bea, guildId)).toBeNull();
  const read = 'query ($id: ID!) { guild(id: $id) { members { nodes { player { id } } } } }';
  expect((await guild.run(bea, read, { id: guildId })).guild.members.nodes).toEqual([]);
  await guild.update(ada, { guildId, visibility: 'PUBLIC' });
  expect(await pageOf(viewer(), guildId)).toEqual({ version: 0, body: '', tags: [] });
  expect(await pageOf(bea, guildId)).toEqual({ version: 0, body: '', tags: [] });
});

test('guilds are found by tag, by name, page by page, as far as they are seen', async () => {
  const ada = viewer();
  const names = ['Tag C', 'Tag a', 'Tag B'];
  for (const name of names) {
    const guildId = await guild.found(ada, { name, recruiting: name === 'Tag B' });
    await guild.updatePage(ada, { guildId, version: 0, tags: ['Speed run', name] });
  }
  const hidden = await guild.found(ada, { name: 'Tag d', visibility: 'PRIVATE' });
  await guild.updatePage(ada, { guildId: hidden, version: 0, tags: ['speed-run'] });
  const bea = viewer();
  expect(await tagged(bea, 'SPEED run')).toEqual(['Tag a', 'Tag B', 'Tag C']);
  expect(await tagged(ada, 'speed-run')).toEqual(['Tag a', 'Tag B', 'Tag C', 'Tag d']);
  expect(await tagged(bea, 'speed-run', ', recruiting: true')).toEqual(['Tag B']);
  expect(await tagged(bea, 'speed-run', ', search: "tag c"')).toEqual(['Tag C']);
  expect(await tagged(bea, 'speed')).toEqual([]);
  expect(await tagged(bea, '!')).toEqual([]);
  const paged = `query ($after: String) { guilds(tag: "speed-run", first: 2, after: $after) {
    nodes { name } pageInfo { hasNextPage endCursor } } }`;
  const first = (await guild.run(bea, paged)).guilds;
  expect(first).toMatchObject({
    nodes: [{ name: 'Tag a' }, { name: 'Tag B' }],
    pageInfo: { hasNextPage: true },
  });
  const second = (await guild.run(bea, paged, { after: first.pageInfo.endCursor })).guilds;
  expect(second).toMatchObject({ nodes: [{ name: 'Tag C' }], pageInfo: { hasNextPage: false } });
});

test('a guild with a new name is found under it by its tags', async () => {
  const ada = viewer();
  const guildId = await guild.found(ada, { name: 'Before' });
  await guild.updatePage(ada, { guildId, version: 0, tags: ['renamed'] });
  await guild.update(ada, { guildId, name: 'Zenith' });
  expect(await tagged(ada, 'renamed', ', search: "before"')).toEqual([]);
  expect(await tagged(ada, 'renamed', ', search: "zen"')).toEqual(['Zenith']);
});

test('denied, with nothing changed', async () => {
  const { ada, guildId } = await founded();
  const veteran = await guild.join(ada, guildId, 'VETERAN');
  const hidden = await guild.found(viewer(), { visibility: 'PRIVATE' });
  const edit = (input: object) => () => guild.updatePage(ada, { guildId, version: 0, ...input });
  const attempts: [string, () => Promise<Data>][] = [
    ['MISSING_PERMISSION', () => guild.updatePage(veteran, { guildId, version: 0, body: 'x' })],
    ['MISSING_PERMISSION', () => guild.updatePage(viewer(), { guildId, version: 0, body: 'x' })],
    ['GUILD_NOT_FOUND', () => guild.updatePage(ada, { guildId: hidden, version: 0, body: 'x' })],
    ['STALE_VERSION', edit({ version: 1, body: 'x' })],
    ['STALE_VERSION', edit({ version: -1, body: 'x' })],
    ['INVALID_INPUT', edit({ headline: 'x'.repeat(121) })],
    ['INVALID_INPUT', edit({ body: 'x'.repeat(20_001) })],
    ['INVALID_INPUT', edit({ body: 'a\u0000b' })],
    ['INVALID_INPUT', edit({ tags: ['!'] })],
    ['INVALID_INPUT', edit({ tags: Array.from({ length: 11 }, (_, index) => `t${index}`) })],
    ['INVALID_INPUT', edit({ media: [{ url: 'http://a.example/x.png' }] })],
    ['INVALID_INPUT', edit({ media: [{ url: 'javascript:alert(1)' }] })],
  ];
  for (const [code, attempt] of attempts) await guild.expectDenied(code, attempt);
});
