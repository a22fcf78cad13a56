import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fellowship/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { communityA, type Data, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

/** Every way to read a guild, for someone who knows all there is to know of it. */
async function reads(as: Viewer, guildId: string, slug: string, code: string): Promise<Data> {
  const source = `query ($id: ID!, $community: ID!, $slug: String!, $code: String!, $r: [_Any!]!) {
    guild(id: $id) { id }
    guildBySlug(communityId: $community, slug: $slug) { id }
    guildInvite(code: $code) { guildName }
    guilds(first: 100, tag: "archived") { nodes { id } }
    _entities(representations: $r) { ... on Guild { id } ... on Player { guildMemberships { nodes { guild { id } } } } }
  }`;
  const r = [
    { __typename: 'Guild', id: guildId },
    { __typename: 'Player', id: as.playerId },
  ];
  return guild.run(as, source, { id: guildId, community: communityA, slug, code, r });
}
const nothing = {
  guild: null,
  guildBySlug: null,
  guildInvite: null,
  guilds: { nodes: [] },
  _entities: [null, { guildMemberships: { nodes: [] } }],
};

async function archived() {
  const ada = viewer();
  const name = `Archive ${randomUUID().slice(0, 8)}`;
  const guildId = await guild.found(ada, { name, recruiting: true });
  await guild.updatePage(ada, { guildId, version: 0, tags: ['archived'] });
  const officer = await guild.join(ada, guildId, 'OFFICER');
  const { code } = (await guild.invite(ada, { guildId })).invite;
  const slug = name.toLowerCase().replace(' ', '-');
  const before = await reads(ada, guildId, slug, code);
  expect(before.guildBySlug).toEqual({ id: guildId });
  expect(await guild.archive(ada, { guildId })).toEqual({ guildId, errors: [] });
  return { ada, guildId, officer, code, name, slug, before };
}

test('an archived guild reads to everyone, its members too, as if it did not exist', async () => {
  const { ada, guildId, officer, code, slug } = await archived();
  for (const as of [ada, officer, viewer()]) expect(await reads(as, guildId, slug, code)).toEqual(nothing);
  const other = viewer();
  await guild.expectDenied('INVITE_NOT_FOUND', () => guild.accept(other, { code }));
  await guild.expectDenied('GUILD_NOT_FOUND', () => guild.apply(other, { guildId }));
  await guild.expectDenied('GUILD_NOT_FOUND', () => guild.leave(officer, { guildId }));
  await guild.expectDenied('GUILD_NOT_FOUND', () => guild.archive(ada, { guildId }));
});

test('it comes back as it was', async () => {
  const { ada, guildId, code, slug, before } = await archived();
  expect((await guild.restore(ada, { guildId })).guild).toMatchObject({ id: guildId, memberCount: 2 });
  expect(await reads(ada, guildId, slug, code)).toEqual(before);
  expect((await guild.accept(viewer(), { code })).errors).toEqual([]);
});

test('its name and slug are free meanwhile, and then it needs others', async () => {
  const { ada, guildId, name, slug } = await archived();
  await guild.found(viewer(), { name: name.toUpperCase() });
  await guild.expectDenied('NAME_TAKEN', () => guild.restore(ada, { guildId }));
  await guild.expectDenied('SLUG_TAKEN', () => guild.restore(ada, { guildId, name: `New ${name}` }));
  await guild.expectDenied('INVALID_INPUT', () => guild.restore(ada, { guildId, name: 'x' }));
  const restored = await guild.restore(ada, { guildId, name: `New ${name}`, slug: `new-${slug}` });
  expect(restored.guild).toMatchObject({ name: `New ${name}`, slug: `new-${slug}` });
});

test('only who may archive it may, and who may not restore it finds nothing there', async () => {
  const { ada, guildId, officer } = await archived();
  for (const as of [officer, viewer()]) {
    await guild.expectDenied('GUILD_NOT_FOUND', () => guild.restore(as, { guildId }));
  }
  await guild.expectDenied('GUILD_NOT_FOUND', () => guild.restore(ada, { guildId: randomUUID() }));
  await guild.expectDenied('GUILD_NOT_FOUND', () => guild.restore(ada, { guildId: 'x' }));
  await guild.restore(ada, { guildId });
  await guild.expectDenied('GUILD_NOT_FOUND', () => guild.restore(ada, { guildId }));
  await guild.expectDenied('MISSING_PERMISSION', () => guild.archive(officer, { guildId }));
  await guild.expectDenied('MISSING_PERMISSION', () => guild.archive(viewer(), { guildId }));
});

test('a leader who is alone archives instead of leaving', async () => {
  const ada = viewer();
  const guildId = await guild.found(ada);
  await guild.expectDenied('SUCCESSOR_REQUIRED', () => guild.leave(ada, { guildId }));
  expect((await guild.archive(ada, { guildId })).errors).toEqual([]);
});

test('an open subscription ends by name, and the inbox keeps the id', async () => {
  const ada = viewer();
  const guildId = await guild.found(ada);
  const source =
    'subscription ($guildId: ID!, $after: String) { guildActivity(guildId: $guildId, after: $after) { __typename } }';
  const log = await guild.subscribe(ada, source, {
    guildId,
    after: await guild.cursor(`guild:${guildId}`, 1),
  });
  await log.next();
  const inbox = await guild.subscribe(
    ada,
    'subscription ($after: String) { guildInbox(after: $after) { ... on GuildArchived { guildId guild { id } } } }',
    { after: await guild.cursor(`player:${ada.playerId}`) },
  );
  await guild.archive(ada, { guildId });
  expect((await log.next()).value?.data).toEqual({ guildActivity: { __typename: 'GuildArchived' } });
  await expect(log.next()).rejects.toMatchObject({ extensions: { code: 'ACCESS_LOST' } });
  expect((await inbox.next()).value?.data).toEqual({ guildInbox: { guildId, guild: null } });
  await inbox.return?.();
});
