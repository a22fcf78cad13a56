import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';

/** A guild of a tenant, and a member of it who asks. */
export interface Place {
  readonly tenantId: string;
  readonly guildId: string;
  readonly playerId: string;
}

/** Of all guilds here. */
export const community = randomUUID();

const BEGAN = Date.parse('2031-01-01T00:00:00Z');

/** The UUID of the nth row of a kind. */
const idAt = (n: number) => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const cursor = (key: readonly string[]) => Buffer.from(JSON.stringify(key)).toString('base64url');

/** Cursors after so many rows. */
export const afterMember = (n: number) => cursor([new Date(BEGAN + n * 1_000).toISOString(), idAt(0)]);
export const afterMessage = (n: number) => cursor([idAt(n)]);
export const afterEntry = (n: number) => cursor([String(n)]);

export interface Sizes {
  readonly members: number;
  readonly messages: number;
  readonly entries: number;
}

/** A tenant with one guild of such sizes. The cap on members is for commands, not for rows. */
export async function seedGuild(sql: postgres.Sql, { members, messages, entries }: Sizes): Promise<Place> {
  const tenantId = randomUUID();
  const [guildId, rankId, playerId] = [randomUUID(), randomUUID(), idAt(1)];
  await insertGuilds(sql, tenantId, playerId, sql`select ${guildId}::uuid as id, 1 as n`);
  await sql`insert into guild.ranks (tenant_id, guild_id, id, level, name, kind, permissions)
    select ${tenantId}, ${guildId}, ${rankId}, 5, 'Leader', 'LEADER', enum_range(null::guild.guild_permission)`;
  const nth = sql`('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
  const at = sql`to_timestamp(${BEGAN / 1_000}) + n * interval '1 second'`;
  const rows = (count: number) => sql`generate_series(1, ${count}) n`;
  await sql`insert into guild.members (tenant_id, guild_id, player_id, rank_id, joined_at)
    select ${tenantId}, ${guildId}, ${nth}, ${rankId}, ${at} from ${rows(members)}`;
  await sql`insert into guild.messages (tenant_id, id, guild_id, channel, author_id, body, created_at)
    select ${tenantId}, ${nth}, ${guildId}, 'GUILD', ${playerId}, 'message ' || n, ${at} from ${rows(messages)}`;
  await sql`insert into guild.banks (tenant_id, guild_id, currency, entries)
    values (${tenantId}, ${guildId}, ${entries}, ${entries})`;
  await sql`insert into guild.bank_ledger (tenant_id, guild_id, sequence, player_id, amount, balance, created_at)
    select ${tenantId}, ${guildId}, n, ${playerId}, 1, n, ${at} from ${rows(entries)}`;
  return { tenantId, guildId, playerId };
}

/** A tenant with so many guilds; one in 1,000 looks for members and has the tag `rare`, all have `all`. */
export async function seedTenant(sql: postgres.Sql, guilds: number): Promise<Place> {
  const [tenantId, playerId] = [randomUUID(), randomUUID()];
  const rows = sql`select gen_random_uuid() as id, n from generate_series(1, ${guilds}) n`;
  await insertGuilds(sql, tenantId, playerId, rows);
  await sql`insert into guild.tags (tenant_id, tag, name_key, guild_id)
    select tenant_id, tag, name_key, id from guild.guilds, unnest('{all,rare}'::text[]) tag
    where tenant_id = ${tenantId} and (tag = 'all' or recruiting)`;
  return { tenantId, guildId: randomUUID(), playerId };
}

const insertGuilds = (
  sql: postgres.Sql,
  tenantId: string,
  leaderId: string,
  rows: postgres.PendingQuery<postgres.Row[]>,
) => sql`
  insert into guild.guilds (tenant_id, id, community_id, name, name_key, slug, description, visibility, recruiting,
    leader_id, member_count, max_members, created_at)
  select ${tenantId}, id, ${community}, 'Guild ' || lpad(n::text, 6, '0'), 'guild ' || lpad(n::text, 6, '0'), 'guild-' || n,
    '', 'PUBLIC', n % 1000 = 0, ${leaderId}, 1, 1000, now()
  from (${rows}) r`;
