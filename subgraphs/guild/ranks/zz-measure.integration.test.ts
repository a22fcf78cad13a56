import { expect, test } from 'vitest';
import { viewer } from '../../../test/kit/subgraph.ts';
import { startGuild } from '../testing.fixture.ts';
test('measure', async () => {
  const guild = await startGuild();
  const ada = viewer();
  const guildId = await guild.found(ada);
  const destinationRankId = await guild.rank(ada, guildId, 'MEMBER');
  const rankId = (await guild.createRank(ada, { guildId, name: 'Big', level: 2.5, permissions: [] })).rank.id;
  const { sql } = guild.database;
  await sql`insert into guild.members (tenant_id, guild_id, player_id, rank_id, joined_at)
    select ${ada.tenantId}, ${guildId}, gen_random_uuid(), ${rankId}, now() from generate_series(1, 100000)`;
  const start = performance.now();
  const answer = await guild.deleteRank(ada, { guildId, rankId, destinationRankId });
  console.log('deleted in', performance.now() - start, answer.errors);
  expect(answer.errors).toEqual([]);
  await guild.close();
});
