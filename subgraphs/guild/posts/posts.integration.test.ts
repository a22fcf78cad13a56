import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fellowship/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Data, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

const news = { kind: 'NEWS', title: 'We won', body: '*At last*' };

async function founded(input: object = {}) {
  const ada = viewer();
  const guildId = await guild.found(ada, input);
  return { ada, guildId, officer: await guild.join(ada, guildId, 'OFFICER') };
}
const postsOf = async (as: Viewer, id: string, args = ''): Promise<Data> => {
  const source = `query ($id: ID!) { guild(id: $id) {
    posts(first: 2 ${args}) { nodes { title } pageInfo { hasNextPage endCursor } } } }`;
  return (await guild.run(as, source, { id })).guild?.posts;
};
const titles = (posts: Data) => posts.nodes.map(({ title }: Data) => title);

test('a post is published, edited and deleted', async () => {
  const { ada, guildId, officer } = await founded();
  const { post } = await guild.publish(officer, { guildId, ...news });
  expect(post).toEqual({
    id: post.id,
    ...news,
    html: '<p><em>At last</em></p>\n',
    version: 1,
    author: { id: officer.playerId },
    guild: { id: guildId },
  });
  const edited = await guild.updatePost(ada, {
    postId: post.id,
    version: 1,
    kind: 'RECRUITMENT',
    title: 'Join',
  });
  expect(edited.post).toMatchObject({
    kind: 'RECRUITMENT',
    title: 'Join',
    body: '*At last*',
    version: 2,
    author: { id: officer.playerId },
  });
  expect((await guild.deletePost(ada, { postId: post.id })).errors).toEqual([]);
  expect(titles(await postsOf(ada, guildId))).toEqual([]);
});

test('posts are paged, newest first, by kind, for whoever reads the page', async () => {
  const { ada, guildId } = await founded({ visibility: 'PRIVATE' });
  for (const title of ['1', '2', '3']) await guild.publish(ada, { guildId, ...news, title });
  await guild.publish(ada, { guildId, ...news, kind: 'RECRUITMENT', title: 'Join' });
  const first = await postsOf(ada, guildId);
  expect(titles(first)).toEqual(['Join', '3']);
  const second = await postsOf(ada, guildId, `, after: "${first.pageInfo.endCursor}"`);
  expect(titles(second)).toEqual(['2', '1']);
  expect(second.pageInfo.hasNextPage).toBe(false);
  expect(titles(await postsOf(ada, guildId, ', kind: NEWS'))).toEqual(['3', '2']);
  expect(titles(await postsOf(ada, guildId, ', kind: RECRUITMENT'))).toEqual(['Join']);
  expect(await postsOf(viewer(), guildId)).toBeUndefined();
  await guild.update(ada, { guildId, visibility: 'PUBLIC' });
  expect(titles(await postsOf(viewer(), guildId))).toEqual(['Join', '3']);
});

test('of many edits of a version one counts', async () => {
  const { ada, guildId } = await founded();
  const { post } = await guild.publish(ada, { guildId, ...news });
  const edits = ['a', 'b', 'c', 'd'].map((title) =>
    guild.updatePost(ada, { postId: post.id, version: 1, title }),
  );
  const codes = (await Promise.all(edits)).map(({ errors }) => errors[0]?.code ?? 'yes').toSorted();
  expect(codes).toEqual(['STALE_VERSION', 'STALE_VERSION', 'STALE_VERSION', 'yes']);
});

test('the log tells of posts', async () => {
  const { ada, guildId } = await founded();
  const { post } = await guild.publish(ada, { guildId, ...news });
  await guild.updatePost(ada, { postId: post.id, version: 1, title: 'We lost' });
  const read = `query ($id: ID!) { guild(id: $id) { activity(first: 3) { nodes { __typename
    ... on GuildPostPublished { post { title } } ... on GuildPostUpdated { post { title } }
    ... on GuildPostDeleted { title } } } } }`;
  const heard = async () => (await guild.run(ada, read, { id: guildId })).guild.activity.nodes;
  expect((await heard()).slice(0, 2)).toEqual([
    { __typename: 'GuildPostUpdated', post: { title: 'We lost' } },
    { __typename: 'GuildPostPublished', post: { title: 'We lost' } },
  ]);
  await guild.deletePost(ada, { postId: post.id });
  expect(await heard()).toEqual([
    { __typename: 'GuildPostDeleted', title: 'We lost' },
    { __typename: 'GuildPostUpdated', post: null },
    { __typename: 'GuildPostPublished', post: null },
  ]);
});

test('denied, with nothing changed', async () => {
  const { ada, guildId } = await founded();
  const veteran = await guild.join(ada, guildId, 'VETERAN');
  const { post } = await guild.publish(ada, { guildId, ...news });
  const cyd = viewer();
  const hidden = await guild.found(cyd, { visibility: 'PRIVATE' });
  const secret = (await guild.publish(cyd, { guildId: hidden, ...news })).post;
  const edit = (input: object) => () => guild.updatePost(ada, { postId: post.id, version: 1, ...input });
  const attempts: [string, () => Promise<Data>][] = [
    ['MISSING_PERMISSION', () => guild.publish(veteran, { guildId, ...news })],
    ['MISSING_PERMISSION', () => guild.updatePost(veteran, { postId: post.id, version: 1, title: 'x' })],
    ['MISSING_PERMISSION', () => guild.deletePost(viewer(), { postId: post.id })],
    ['GUILD_NOT_FOUND', () => guild.publish(ada, { guildId: hidden, ...news })],
    ['POST_NOT_FOUND', () => guild.updatePost(ada, { postId: secret.id, version: 1, title: 'x' })],
    ['POST_NOT_FOUND', () => guild.deletePost(ada, { postId: secret.id })],
    ['POST_NOT_FOUND', () => guild.deletePost(ada, { postId: randomUUID() })],
    ['POST_NOT_FOUND', () => guild.deletePost(ada, { postId: 'x' })],
    ['STALE_VERSION', edit({ version: 2, title: 'x' })],
    ['INVALID_INPUT', edit({ title: ' ' })],
    ['INVALID_INPUT', edit({ title: 'x'.repeat(121) })],
    ['INVALID_INPUT', edit({ body: '' })],
    ['INVALID_INPUT', edit({ body: 'x'.repeat(10_001) })],
  ];
  for (const [code, attempt] of attempts) await guild.expectDenied(code, attempt);
});
