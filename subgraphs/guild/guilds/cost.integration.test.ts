import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { costOf } from '../../../test/kit/plan.ts';
import { communityA, tenantA, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';
import { findGuilds } from './queries.ts';

const GUILDS = 2_000;
const FIRST = 20;

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
  const { sql } = guild.database;
  await sql`
    insert into guild.guilds (tenant_id, id, community_id, name, name_key, slug, description, visibility, recruiting,
      leader_id, member_count, max_members, created_at)
    select ${tenantA}, gen_random_uuid(), ${communityA}, 'Guild ' || n, 'guild ' || n, 'guild-' || n, '', 'PUBLIC',
      n % 50 = 0, ${randomUUID()}, 1, 1000, now()
    from generate_series(1, ${GUILDS}) n`;
  await sql`
    insert into guild.tags (tenant_id, tag, name_key, guild_id)
    select tenant_id, tag, name_key, id from guild.guilds, unnest('{casual,pvp,raiding}'::text[]) tag`;
  // Not vacuumed: as long as that has not come, scans of an index alone are dear, and plans change for it.
  await sql`analyze guild.guilds, guild.tags`;
});
afterAll(() => guild.close());

test.each([
  ['all', {}],
  ['by the beginning of the name', { prefix: 'guild 1' }],
  ['of a community', { communityId: communityA }],
  ['recruiting', { recruiting: true }],
  ['recruiting, of a community', { recruiting: true, communityId: communityA }],
  ['by tag', { tag: 'raiding' }],
])('a page of guilds reads the page, whatever there is besides: %s', async (_, search) => {
  const { playerId, communities } = viewer();
  const { rows } = await costOf(guild, tenantA, (reads) =>
    findGuilds(reads, {
      viewerId: playerId,
      communities,
      prefix: '',
      tag: undefined,
      communityId: undefined,
      recruiting: null,
      page: { first: FIRST, after: null },
      ...search,
    }),
  );
  // The row that says that there is a next page, and its guild where it is found by a tag.
  expect(rows).toBeLessThanOrEqual((FIRST + 1) * 2);
  expect(rows).toBeGreaterThan(FIRST);
});
