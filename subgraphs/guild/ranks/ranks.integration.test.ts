import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

async function founded() {
  const ada = viewer();
  const guildId = await guild.found(ada);
  return { ada, guildId, bea: await guild.join(ada, guildId) };
}

test('a member rises and falls step by step, and by leaps', async () => {
  const { ada, bea, guildId } = await founded();
  const input = { guildId, playerId: bea.playerId };
  const member = (kind: string, level: number) => {
    return {
      member: { player: { id: bea.playerId }, guild: { id: guildId }, rank: { kind, level } },
      errors: [],
    };
  };
  expect(await guild.promote(ada, input)).toEqual(member('MEMBER', 2));
  expect(await guild.promote(ada, input)).toEqual(member('VETERAN', 3));
  expect(await guild.demote(ada, input)).toEqual(member('MEMBER', 2));
  const rankId = await guild.rank(ada, guildId, 'OFFICER');
  expect(await guild.setRank(ada, { ...input, rankId })).toEqual(member('OFFICER', 4));
});

test('what a rank allows is allowed from the very next call, and no longer', async () => {
  const { ada, bea, guildId } = await founded();
  const { playerId } = await guild.join(ada, guildId);
  const rankId = await guild.rank(ada, guildId, 'OFFICER');
  await guild.expectDenied('MISSING_PERMISSION', () => guild.kick(bea, { guildId, playerId }));
  await guild.setRank(ada, { guildId, playerId: bea.playerId, rankId });
  expect((await guild.kick(bea, { guildId, playerId })).errors).toEqual([]);
  const next = await guild.join(bea, guildId);
  for (let steps = 0; steps < 3; steps += 1) await guild.demote(ada, { guildId, playerId: bea.playerId });
  await guild.expectDenied('MISSING_PERMISSION', () => guild.kick(bea, { guildId, playerId: next.playerId }));
  await guild.expectDenied('MISSING_PERMISSION', () => guild.invite(bea, { guildId }));
});

test('denied, with nothing changed', async () => {
  const { ada, bea, guildId } = await founded();
  const officer = await guild.join(ada, guildId, 'OFFICER');
  const elsewhere = await guild.found(ada);
  const of = (player: { playerId: string }) => ({ guildId, playerId: player.playerId });
  const leader = await guild.rank(ada, guildId, 'LEADER');
  const veteran = await guild.rank(ada, guildId, 'VETERAN');
  const foreign = await guild.rank(ada, elsewhere, 'VETERAN');
  const attempts = [
    ['MISSING_PERMISSION', () => guild.promote(officer, of(bea))],
    ['MISSING_PERMISSION', () => guild.demote(officer, of(ada))],
    ['MISSING_PERMISSION', () => guild.setRank(officer, { ...of(bea), rankId: veteran })],
    ['MISSING_PERMISSION', () => guild.promote(bea, of(bea))],
    ['MISSING_PERMISSION', () => guild.promote(viewer(), of(bea))],
    ['MEMBER_NOT_BELOW_YOU', () => guild.demote(ada, of(ada))],
    ['NOT_A_MEMBER', () => guild.promote(ada, of(viewer()))],
    ['NOT_A_MEMBER', () => guild.promote(ada, { guildId, playerId: 'x' })],
    ['LEADERSHIP_IS_TRANSFERRED', () => guild.promote(ada, of(officer))],
    ['LEADERSHIP_IS_TRANSFERRED', () => guild.setRank(ada, { ...of(officer), rankId: leader })],
    ['LOWEST_RANK', () => guild.demote(ada, of(bea))],
    ['RANK_NOT_FOUND', () => guild.setRank(ada, { ...of(bea), rankId: foreign })],
    ['RANK_NOT_FOUND', () => guild.setRank(ada, { ...of(bea), rankId: randomUUID() })],
    ['RANK_NOT_FOUND', () => guild.setRank(ada, { ...of(bea), rankId: 'x' })],
  ] as const;
  for (const [code, attempt] of attempts) await guild.expectDenied(code, attempt);
});

test('the rank one has already is no event', async () => {
  const { ada, bea, guildId } = await founded();
  const rankId = await guild.rank(ada, guildId, 'RECRUIT');
  const count = async () => (await guild.database.sql`select from guild.activity`).length;
  const before = await count();
  const answer = await guild.setRank(ada, { guildId, playerId: bea.playerId, rankId });
  expect(answer.member.rank.kind).toBe('RECRUIT');
  expect(await count()).toBe(before);
});

test('parallel promotions climb a step each, and stop below the leader', async () => {
  const { ada, bea, guildId } = await founded();
  const input = { guildId, playerId: bea.playerId };
  const answers = await Promise.all(Array.from({ length: 10 }, () => guild.promote(ada, input)));
  expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(3);
  const [row] = await guild.database.sql`
    select kind from guild.members join guild.ranks on ranks.id = rank_id where player_id = ${bea.playerId}`;
  expect(row).toEqual({ kind: 'OFFICER' });
});

test('a guild’s own rank lies between the system’s, and may do what it says', async () => {
  const { ada, bea, guildId } = await founded();
  const officer = await guild.join(ada, guildId, 'OFFICER');
  const treasurer = randomUUID();
  await guild.database.sql`
    insert into guild.ranks (tenant_id, guild_id, id, level, name, permissions)
    values (${ada.tenantId}, ${guildId}, ${treasurer}, 3.5, 'Treasurer', '{CHAT,INVITE,KICK,MANAGE_BANK}')`;
  await guild.setRank(ada, { guildId, playerId: bea.playerId, rankId: treasurer });
  const read = `query ($id: ID!) { guild(id: $id) { ranks { level kind } viewerPermissions { key } } }`;
  const seen = (await guild.run(bea, read, { id: guildId })).guild;
  expect(seen.ranks[2]).toEqual({ level: 3.5, kind: null });
  expect(seen.viewerPermissions.map(({ key }: { key: string }) => key)).toEqual([
    'guild.chat',
    'guild.members.invite',
    'guild.members.kick',
    'guild.bank.manage',
  ]);
  await guild.expectDenied('MEMBER_NOT_BELOW_YOU', () =>
    guild.kick(bea, { guildId, playerId: officer.playerId }),
  );
  await guild.expectDenied('PERMISSION_NOT_HELD', () =>
    guild.invite(officer, { guildId, rankId: treasurer }),
  );
  expect((await guild.invite(bea, { guildId })).invite.rank.kind).toBe('RECRUIT');
  expect((await guild.invite(ada, { guildId, rankId: treasurer })).errors).toEqual([]);
});
