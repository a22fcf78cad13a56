import { randomUUID } from 'node:crypto';
import { DEMO_TENANT_ID } from '@fellowship/identity';
import type postgres from 'postgres';
import { id, ORGANIZATIONS, playerIds } from '../system/world.ts';

/** Players whose requests are sent: each in twenty guilds, and all in the first, which has two hundred members. */
export const ACTORS = 100;
export const MEMBERS = 200;
/** New ones that are joined, and those of a player. */
export const GROUPS = 20;

const GUILD = id(2, 1);

export interface Act {
  readonly name: string;
  /**
   * What Nakama 3.40 takes at least, in microseconds of its and its database's processor, as published. None where it
   * has no such thing.
   */
  readonly published?: number;
  /** The bodies to send; sent once each where they are commands, else in turns. */
  bodies(): Promise<string[]>;
  readonly command?: boolean;
}

/** What a game asks for all the time, in the unit that Nakama was measured in. */
export function createActs(sql: postgres.Sql): Act[] {
  const read = (name: string, published: number, query: string, guild = false): Act => {
    const variables = guild ? { id: GUILD } : {};
    const bodies = Array.from({ length: ACTORS }, () => JSON.stringify({ query, variables }));
    return { name, published, bodies: async () => bodies };
  };
  const membersOf = (first: number) =>
    `query ($id: ID!) { guild(id: $id) { members(first: ${first}) { nodes { joinedAt player { id } rank { name } } } } }`;
  return [
    // Nakama's groups are under nothing that they share.
    { name: 'join a group', published: 770, command: true, bodies: () => joins(sql, ORGANIZATIONS) },
    { name: 'join a group of one organization', command: true, bodies: () => joins(sql, 1) },
    read('list 100 members', 1_190, membersOf(100), true),
    read('a page of 20 members', 460, membersOf(20), true),
    read(
      'a player’s 20 groups',
      525,
      '{ me { guildMemberships(first: 20) { nodes { guild { id name memberCount } rank { name } } } } }',
    ),
    read('account', 260, '{ me { id party { id } } }'),
  ];
}

/** Every player joins one of twenty new groups, of so many organizations. */
async function joins(sql: postgres.Sql, organizations: number): Promise<string[]> {
  const query =
    'mutation ($input: GroupJoinInput!) { groupJoin(input: $input) { group { id name } errors { code message } } }';
  const codes = Array.from({ length: GROUPS }, () => codeOf(randomUUID()));
  const parents = codes.map((_, nth) => id(4, (nth % organizations) + 1));
  await sql`insert into social_group.groups (tenant_id, id, organization_id, name, invite_code, creator_id, created_at, updated_at)
    select ${DEMO_TENANT_ID}, gen_random_uuid(), organization, 'Open', code, ${playerIds[0] ?? ''}, now(), now()
    from unnest(${codes}::text[], ${parents}::uuid[]) as new (code, organization)`;
  return playerIds.map((_, nth) =>
    JSON.stringify({ query, variables: { input: { code: codes[nth % codes.length] } } }),
  );
}

/** Codes have no digits and letters that look alike. */
const codeOf = (uuid: string) => uuid.slice(0, 8).toUpperCase().replaceAll('0', 'X').replaceAll('1', 'Y');

/** Puts the actors into twenty guilds, and two hundred players into the first. */
export async function seedGuilds(sql: postgres.Sql): Promise<void> {
  await sql`update guild.guilds set max_members = 1000, member_count = 300 where tenant_id = ${DEMO_TENANT_ID}`;
  await sql`insert into guild.members (tenant_id, guild_id, player_id, rank_id, joined_at)
    select g.tenant_id, g.id, player, r.id, now() + n * interval '1 second'
    from guild.guilds g
    join guild.ranks r on r.tenant_id = g.tenant_id and r.guild_id = g.id
    cross join unnest(${playerIds.slice(0, MEMBERS)}::uuid[]) with ordinality as asked(player, n)
    where g.tenant_id = ${DEMO_TENANT_ID} and (g.id = ${GUILD} or (n <= ${ACTORS} and g.id <= ${id(2, GROUPS)}))
    on conflict do nothing`;
  await sql`vacuum analyze`;
}
