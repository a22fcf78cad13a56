import { DEMO_COMMUNITY_ID, DEMO_TENANT_ID } from '@fellowship/identity';
import postgres from 'postgres';

/** How many there are: parties of five, two guilds of twenty a player, and three groups of their organization's five. */
const PLAYERS = 1_000;
const PARTIES = PLAYERS / 5;
const GUILDS = PLAYERS / 10;
export const ORGANIZATIONS = PLAYERS / 50;

/** The id of the nth of a kind, from 1: players are 0, parties 1, guilds 2, ranks 3, organizations 4, groups 5. */
export const id = (kind: number, n: number) =>
  `0000000${kind}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

export const playerIds: readonly string[] = Array.from({ length: PLAYERS }, (_, n) => id(0, n + 1));

/** README's query: a party's members with their guilds and groups. */
export const worldQuery = `query { me { party { members { role player {
  guildMemberships(first: 5) { nodes { guild { name } rank { name } } }
  groups(first: 5) { nodes { name } } } } } } }`;

/** Writes the world of the demo's tenant straight into the tables, past the commands. */
export async function seedWorld(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const tenant = DEMO_TENANT_ID;
  /** The same ids in SQL, where `n` is an expression. */
  const idOf = (kind: number, n: string) =>
    sql.unsafe(`('0000000${kind}-0000-4000-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`);
  const at = sql`timestamptz '2026-01-01' + n * interval '1 second'`;
  const rows = (count: number) => sql`from generate_series(1, ${count}) n`;

  await sql`insert into party.parties (tenant_id, id, leader_id, join_policy, max_members, tanks, healers, dps, created_at)
    select ${tenant}, ${idOf(1, 'n::int')}, ${idOf(0, '(n * 5)::int')}, 'OPEN', 5, 1, 1, 3, ${at} ${rows(PARTIES)}`;
  await sql`insert into party.members (tenant_id, player_id, party_id, role, joined_at)
    select ${tenant}, ${idOf(0, 'n::int')}, ${idOf(1, '((n + 4) / 5)::int')},
      (array['TANK', 'HEALER', 'DPS', 'DPS', 'DPS'])[n % 5 + 1]::party.party_role, ${at} ${rows(PLAYERS)}`;

  await sql`insert into guild.guilds (tenant_id, id, community_id, name, name_key, slug, description, visibility,
      recruiting, leader_id, member_count, max_members, created_at)
    select ${tenant}, ${idOf(2, 'n::int')}, ${DEMO_COMMUNITY_ID}, 'Guild ' || n, 'guild ' || n, 'guild-' || n, '', 'PUBLIC',
      false, ${idOf(0, 'n::int')}, 20, 100, ${at} ${rows(GUILDS)}`;
  await sql`insert into guild.ranks (tenant_id, guild_id, id, level, name, kind, permissions)
    select ${tenant}, ${idOf(2, 'n::int')}, ${idOf(3, 'n::int')}, 2, 'Member', 'MEMBER', '{READ,MEMBERS_READ}' ${rows(GUILDS)}`;
  await sql`insert into guild.members (tenant_id, guild_id, player_id, rank_id, joined_at)
    select ${tenant}, ${idOf(2, 'guild::int')}, ${idOf(0, 'n::int')}, ${idOf(3, 'guild::int')}, ${at} + guild * interval '1 day'
    ${rows(PLAYERS)}, lateral (values (n % ${GUILDS} + 1), ((n + 37) % ${GUILDS} + 1)) as of_player(guild)`;

  await sql`insert into social_group.organizations (tenant_id, id, name, created_at, updated_at)
    select ${tenant}, ${idOf(4, 'n::int')}, 'Organization ' || n, ${at}, ${at} ${rows(ORGANIZATIONS)}`;
  await sql`insert into social_group.organization_members (tenant_id, organization_id, player_id, role, joined_at)
    select ${tenant}, ${idOf(4, '((n + 49) / 50)::int')}, ${idOf(0, 'n::int')}, 'MODERATOR', ${at} ${rows(PLAYERS)}`;
  await sql`insert into social_group.groups (tenant_id, id, organization_id, name, invite_code, creator_id, created_at, updated_at)
    select ${tenant}, ${idOf(5, 'n::int')}, ${idOf(4, '((n + 4) / 5)::int')}, 'Group ' || n, 'CODE' || n, ${idOf(0, '(n * 10)::int')},
      ${at}, ${at} ${rows(ORGANIZATIONS * 5)}`;
  await sql`insert into social_group.group_members (tenant_id, organization_id, group_id, player_id, joined_at)
    select ${tenant}, ${idOf(4, '((n + 49) / 50)::int')}, ${idOf(5, '((n + 49) / 50 * 5 - (n + k) % 5)::int')}, ${idOf(0, 'n::int')}, ${at}
    ${rows(PLAYERS)}, generate_series(0, 2) k`;
  await sql`vacuum analyze`;
  await sql.end();
}
