import type { Viewer } from '@fellowship/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { communityA, type Data, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

async function founded() {
  const ada = viewer();
  const guildId = await guild.found(ada, { recruiting: true });
  return { ada, guildId, bea: await guild.join(ada, guildId) };
}

const bansOf = async (as: Viewer, id: string): Promise<Data[]> => {
  const read =
    'query ($id: ID!) { guild(id: $id) { bans { nodes { player { id } bannedBy { id } reason } } } }';
  return (await guild.run(as, read, { id })).guild.bans.nodes;
};

/** Every way to read a guild; null and empty are what does not exist. */
async function reads(as: Viewer, guildId: string, code: string): Promise<object> {
  const source = `query ($id: ID!, $community: ID!, $slug: String!, $code: String!, $r: [_Any!]!) {
    guild(id: $id) { id }
    guildBySlug(communityId: $community, slug: $slug) { id }
    guildInvite(code: $code) { guildName }
    guilds(first: 100) { nodes { id } }
    _entities(representations: $r) { ... on Guild { id } }
  }`;
  const [row] = await guild.database.sql`select slug from guild.guilds where id = ${guildId}`;
  const r = [{ __typename: 'Guild', id: guildId }];
  const variables = { id: guildId, community: communityA, slug: row?.['slug'], code, r };
  const { guilds, ...others } = await guild.run(as, source, variables);
  return { ...others, found: guilds.nodes.some(({ id }: Data) => id === guildId) };
}
const nothing = { guild: null, guildBySlug: null, guildInvite: null, _entities: [null], found: false };

test('a banned member is out, and to them the guild does not exist', async () => {
  const { ada, guildId, bea } = await founded();
  const { code } = (await guild.invite(ada, { guildId })).invite;
  const answer = await guild.ban(ada, { guildId, playerId: bea.playerId, reason: 'Stole' });
  expect(answer).toEqual({
    ban: { player: { id: bea.playerId }, bannedBy: { id: ada.playerId }, reason: 'Stole' },
    errors: [],
  });
  expect(await reads(bea, guildId, code)).toEqual(nothing);
  expect(await reads(viewer(), guildId, code)).not.toEqual(nothing);
});

test('a ban bars every way in, of strangers too, until it is lifted', async () => {
  const { ada, guildId } = await founded();
  const { code } = (await guild.invite(ada, { guildId })).invite;
  const cyd = viewer();
  const { application } = await guild.apply(cyd, { guildId });
  await guild.ban(ada, { guildId, playerId: cyd.playerId });
  await guild.expectDenied('INVITE_NOT_FOUND', () => guild.accept(cyd, { code }));
  await guild.expectDenied('GUILD_NOT_FOUND', () => guild.apply(cyd, { guildId }));
  await guild.expectDenied('APPLICATION_DECIDED', () =>
    guild.approve(ada, { applicationId: application.id }),
  );
  expect((await guild.unban(ada, { guildId, playerId: cyd.playerId })).errors).toEqual([]);
  expect((await guild.accept(cyd, { code })).errors).toEqual([]);
});

test('a ban and an accepted invite at once never leave a banned member', async () => {
  const { ada, guildId } = await founded();
  const { code } = (await guild.invite(ada, { guildId })).invite;
  for (let round = 0; round < 10; round += 1) {
    const cyd = viewer();
    await Promise.all([
      guild.accept(cyd, { code }),
      guild.ban(ada, { guildId, playerId: cyd.playerId }),
      guild.accept(cyd, { code }),
    ]);
  }
  const [row] = await guild.database.sql`
    select count(*)::int as both from guild.bans join guild.members using (guild_id, player_id)`;
  expect(row).toEqual({ both: 0 });
  const [counted] = await guild.database.sql`select member_count, (select count(*)::int from guild.members m
    where m.guild_id = g.id) as members from guild.guilds g where id = ${guildId}`;
  expect(counted?.['member_count']).toBe(counted?.['members']);
});

test('an open subscription ends by name, and the inbox tells', async () => {
  const { ada, guildId, bea } = await founded();
  const source =
    'subscription ($guildId: ID!, $after: String) { guildActivity(guildId: $guildId, after: $after) { __typename } }';
  const log = await guild.subscribe(bea, source, {
    guildId,
    after: await guild.cursor(`guild:${guildId}`, 1),
  });
  await log.next();
  const inbox = await guild.subscribe(
    bea,
    'subscription ($after: String) { guildInbox(after: $after) { __typename guild { id } } }',
    { after: await guild.cursor(`player:${bea.playerId}`) },
  );
  await guild.ban(ada, { guildId, playerId: bea.playerId });
  expect((await log.next()).value?.data).toEqual({ guildActivity: { __typename: 'GuildMemberBanned' } });
  await expect(log.next()).rejects.toMatchObject({ extensions: { code: 'ACCESS_LOST' } });
  expect((await inbox.next()).value?.data).toEqual({
    guildInbox: { __typename: 'GuildMemberBanned', guild: null },
  });
  await inbox.return?.();
});

test('bans are for those who may ban', async () => {
  const { ada, guildId, bea } = await founded();
  const officer = await guild.join(ada, guildId, 'OFFICER');
  const stranger = viewer();
  await guild.ban(officer, { guildId, playerId: stranger.playerId, reason: 'Spam' });
  const ban = { player: { id: stranger.playerId }, bannedBy: { id: officer.playerId }, reason: 'Spam' };
  expect(await bansOf(ada, guildId)).toEqual([ban]);
  expect(await bansOf(officer, guildId)).toEqual([ban]);
  expect(await bansOf(bea, guildId)).toEqual([]);
  expect(await bansOf(viewer(), guildId)).toEqual([]);
});

test('denied, with nothing changed', async () => {
  const { ada, guildId, bea } = await founded();
  const officer = await guild.join(ada, guildId, 'OFFICER');
  const other = await guild.join(ada, guildId, 'OFFICER');
  const banned = viewer();
  await guild.ban(ada, { guildId, playerId: banned.playerId });
  const attempts: [string, () => Promise<Data>][] = [
    ['MISSING_PERMISSION', () => guild.ban(bea, { guildId, playerId: viewer().playerId })],
    ['MISSING_PERMISSION', () => guild.ban(viewer(), { guildId, playerId: bea.playerId })],
    ['MEMBER_NOT_BELOW_YOU', () => guild.ban(officer, { guildId, playerId: ada.playerId })],
    ['MEMBER_NOT_BELOW_YOU', () => guild.ban(officer, { guildId, playerId: other.playerId })],
    ['MEMBER_NOT_BELOW_YOU', () => guild.ban(officer, { guildId, playerId: officer.playerId })],
    ['ALREADY_BANNED', () => guild.ban(officer, { guildId, playerId: banned.playerId })],
    ['INVALID_INPUT', () => guild.ban(officer, { guildId, playerId: 'x' })],
    ['INVALID_INPUT', () => guild.ban(ada, { guildId, playerId: bea.playerId, reason: 'x'.repeat(501) })],
    ['GUILD_NOT_FOUND', () => guild.ban(banned, { guildId, playerId: bea.playerId })],
    ['MISSING_PERMISSION', () => guild.unban(bea, { guildId, playerId: banned.playerId })],
    ['GUILD_NOT_FOUND', () => guild.unban(banned, { guildId, playerId: banned.playerId })],
    ['NOT_BANNED', () => guild.unban(officer, { guildId, playerId: bea.playerId })],
    ['NOT_BANNED', () => guild.unban(officer, { guildId, playerId: 'x' })],
  ];
  for (const [code, attempt] of attempts) await guild.expectDenied(code, attempt);
});
