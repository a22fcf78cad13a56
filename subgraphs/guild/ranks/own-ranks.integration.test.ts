import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Data, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

const marshal = { name: 'Marshal', level: 4.5, permissions: ['KICK', 'PROMOTE', 'MANAGE_RANKS', 'CHAT'] };

async function founded() {
  const ada = viewer();
  const guildId = await guild.found(ada);
  const { rank } = await guild.createRank(ada, { guildId, ...marshal });
  const make = async (input: object) =>
    (await guild.createRank(ada, { guildId, ...input })).rank.id as string;
  return { ada, guildId, marshalId: rank.id as string, make };
}

test('a rank of the guild’s own is made, changed, given and deleted', async () => {
  const { ada, guildId, make } = await founded();
  const rankId = await make({ name: 'Herald', level: 2.5, permissions: ['CHAT'] });
  const updated = await guild.updateRank(ada, {
    guildId,
    rankId,
    level: 3.5,
    permissions: ['INVITE', 'CHAT'],
  });
  expect(updated).toEqual({
    rank: {
      id: rankId,
      name: 'Herald',
      level: 3.5,
      kind: null,
      permissions: [{ permission: 'READ' }, { permission: 'CHAT' }, { permission: 'INVITE' }],
    },
    errors: [],
  });
  const bea = await guild.join(ada, guildId);
  await guild.setRank(ada, { guildId, playerId: bea.playerId, rankId });
  const { invite } = await guild.invite(ada, { guildId, rankId });
  const destinationRankId = await guild.rank(ada, guildId, 'VETERAN');
  const answer = await guild.deleteRank(ada, { guildId, rankId, destinationRankId });
  expect(answer.guild.members.nodes[1]).toEqual({ player: { id: bea.playerId }, rank: { kind: 'VETERAN' } });
  const cyd = viewer();
  const joined = await guild.accept(cyd, { code: invite.code });
  expect(joined.guild.members.nodes[2].rank.kind).toBe('VETERAN');
});

test('what a rank allows counts from the very next call, and no longer', async () => {
  const { ada, guildId, make } = await founded();
  const rankId = await make({ name: 'Herald', level: 2.5, permissions: [] });
  const bea = await guild.join(ada, guildId);
  await guild.setRank(ada, { guildId, playerId: bea.playerId, rankId });
  await guild.expectDenied('MISSING_PERMISSION', () => guild.invite(bea, { guildId }));
  await guild.updateRank(ada, { guildId, rankId, permissions: ['INVITE'] });
  expect((await guild.invite(bea, { guildId })).errors).toEqual([]);
  await guild.updateRank(ada, { guildId, rankId, permissions: [] });
  await guild.expectDenied('MISSING_PERMISSION', () => guild.invite(bea, { guildId }));
});

test('deleting a rank is as many statements for three members as for a thousand', async () => {
  const { ada, guildId, make } = await founded();
  const destinationRankId = await guild.rank(ada, guildId, 'MEMBER');
  const counts = [];
  for (const size of [3, 1_000]) {
    const rankId = await make({ name: `Of ${size}`, level: 2 + size / 10_000, permissions: [] });
    const { sql } = guild.database;
    await sql`alter table guild.guilds drop constraint if exists guilds_member_count`;
    await sql`insert into guild.members (tenant_id, guild_id, player_id, rank_id, joined_at)
      select ${ada.tenantId}, ${guildId}, gen_random_uuid(), ${rankId}, now() from generate_series(1, ${size})`;
    const statements = await guild.statements(() =>
      guild.deleteRank(ada, { guildId, rankId, destinationRankId }),
    );
    counts.push(statements.length);
  }
  expect(counts[1]).toBe(counts[0]);
  const [row] = await guild.database.sql`select count(*)::int as members from guild.members
    where guild_id = ${guildId} and rank_id = ${destinationRankId}`;
  expect(row).toEqual({ members: 1_003 });
});

test('denied, with nothing changed', async () => {
  const { ada, guildId, marshalId, make } = await founded();
  const servant = await make({ name: 'Servant', level: 1.5, permissions: [] });
  const bursar = await make({ name: 'Bursar', level: 2.5, permissions: ['MANAGE_BANK'] });
  const bea = await guild.join(ada, guildId);
  await guild.setRank(ada, { guildId, playerId: bea.playerId, rankId: marshalId });
  const officer = await guild.join(ada, guildId, 'OFFICER');
  const of = async (kind: string) => guild.rank(ada, guildId, kind);
  const [leader, member] = [await of('LEADER'), await of('MEMBER')];
  const elsewhere = await guild.rank(ada, await guild.found(ada), 'MEMBER');
  const fresh = { guildId, name: 'Fresh', level: 1.2, permissions: [] };
  const all = ['KICK', 'PROMOTE', 'MANAGE_RANKS', 'CHAT', 'DISBAND'];
  const attempts: [string, () => Promise<Data>][] = [
    ['MISSING_PERMISSION', () => guild.createRank(officer, fresh)],
    ['MISSING_PERMISSION', () => guild.updateRank(officer, { guildId, rankId: servant, name: 'X' })],
    [
      'MISSING_PERMISSION',
      () => guild.deleteRank(officer, { guildId, rankId: servant, destinationRankId: member }),
    ],
    ['MISSING_PERMISSION', () => guild.createRank(viewer(), fresh)],
    ['GUILD_NOT_FOUND', () => guild.createRank(ada, { ...fresh, guildId: randomUUID() })],
    ['PERMISSION_NOT_HELD', () => guild.createRank(bea, { ...fresh, permissions: ['BANK_DEPOSIT'] })],
    ['PERMISSION_NOT_HELD', () => guild.updateRank(bea, { guildId, rankId: servant, permissions: all })],
    ['PERMISSION_NOT_HELD', () => guild.updateRank(bea, { guildId, rankId: bursar, permissions: [] })],
    ['RANK_NOT_BELOW_YOU', () => guild.updateRank(bea, { guildId, rankId: marshalId, permissions: all })],
    ['RANK_NOT_BELOW_YOU', () => guild.createRank(bea, { ...fresh, level: 4.5 })],
    ['RANK_NOT_BELOW_YOU', () => guild.createRank(ada, { ...fresh, level: 5 })],
    ['INVALID_INPUT', () => guild.createRank(ada, { ...fresh, level: 1 })],
    ['INVALID_INPUT', () => guild.createRank(ada, { ...fresh, level: -1e308 })],
    ['INVALID_INPUT', () => guild.createRank(ada, { ...fresh, name: ' ' })],
    ['INVALID_INPUT', () => guild.createRank(ada, { ...fresh, name: 'x'.repeat(41) })],
    ['INVALID_INPUT', () => guild.updateRank(ada, { guildId, rankId: servant, level: 0.5 })],
    ['LEADER_RANK_FIXED', () => guild.updateRank(ada, { guildId, rankId: leader, permissions: [] })],
    ['LEADER_RANK_FIXED', () => guild.updateRank(bea, { guildId, rankId: leader, name: 'King' })],
    ['SYSTEM_RANK', () => guild.updateRank(ada, { guildId, rankId: member, level: 2.2 })],
    ['SYSTEM_RANK', () => guild.deleteRank(ada, { guildId, rankId: member, destinationRankId: servant })],
    ['RANK_LEVEL_TAKEN', () => guild.createRank(ada, { ...fresh, level: 1.5 })],
    ['RANK_NAME_TAKEN', () => guild.createRank(ada, { ...fresh, name: 'sERVANT' })],
    ['RANK_NOT_FOUND', () => guild.updateRank(ada, { guildId, rankId: elsewhere, name: 'X' })],
    ['RANK_NOT_FOUND', () => guild.updateRank(ada, { guildId, rankId: 'x', name: 'X' })],
    [
      'RANK_NOT_FOUND',
      () => guild.deleteRank(ada, { guildId, rankId: servant, destinationRankId: elsewhere }),
    ],
    [
      'DESTINATION_IS_DELETED',
      () => guild.deleteRank(ada, { guildId, rankId: servant, destinationRankId: servant }),
    ],
    [
      'LEADERSHIP_IS_TRANSFERRED',
      () => guild.deleteRank(ada, { guildId, rankId: servant, destinationRankId: leader }),
    ],
    [
      'RANK_NOT_BELOW_YOU',
      () => guild.deleteRank(bea, { guildId, rankId: servant, destinationRankId: marshalId }),
    ],
    [
      'PERMISSION_NOT_HELD',
      () => guild.deleteRank(bea, { guildId, rankId: servant, destinationRankId: bursar }),
    ],
  ];
  for (const [code, attempt] of attempts) await guild.expectDenied(code, attempt);
  for (let count = 3; count < 20; count += 1) {
    await make({ name: `Rank ${count}`, level: 3 + count / 100, permissions: [] });
  }
  await guild.expectDenied('TOO_MANY_RANKS', () => guild.createRank(ada, fresh));
});

test('the log tells of ranks', async () => {
  const { ada, guildId, marshalId } = await founded();
  const read = `query ($id: ID!) { guild(id: $id) { activity(first: 2) { nodes { __typename
    ... on GuildRankCreated { rankName rank { id } } ... on GuildRankUpdated { rankName rank { name } }
    ... on GuildRankDeleted { rankName destinationName destination { kind } } } } } }`;
  await guild.updateRank(ada, { guildId, rankId: marshalId, name: 'General' });
  const destinationRankId = await guild.rank(ada, guildId, 'OFFICER');
  await guild.deleteRank(ada, { guildId, rankId: marshalId, destinationRankId });
  expect((await guild.run(ada, read, { id: guildId })).guild.activity.nodes).toEqual([
    {
      __typename: 'GuildRankDeleted',
      rankName: 'General',
      destinationName: 'Officer',
      destination: { kind: 'OFFICER' },
    },
    { __typename: 'GuildRankUpdated', rankName: 'General', rank: null },
  ]);
});
