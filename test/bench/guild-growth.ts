// `node test/bench/guild-growth.ts`: what the same page costs as guilds grow. Seeds members, guilds, messages and
// ledger entries, few and 100,000, and prints how much longer the same page takes with the many. On the server that
// TEST_DATABASE_URL names (a superuser's), else on an embedded one that is removed afterwards.
//
// Measured on two shared cores (PostgreSQL 18, in this process, load 10), medians of 200: the first page of members
// x 0.75, messages x 0.98 and ledger x 1.10 with 100,000 instead of 100; the page after 50,000 against the first
// x 1.04, x 1.45 and x 0.98; a guild by its name x 1.02, a page by name x 0.99, in a community x 0.99, of recruiting
// guilds x 1.08 (x 19 before they had an index of their own) and by tag x 1.02 to x 1.10 with 100,000 guilds.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@fellowship/embedded-postgres';
import { createSubgraph } from '@fellowship/guild';
import type { Viewer } from '@fellowship/identity';
import { createLog, type Subgraph } from '@fellowship/server';
import { graphql } from 'graphql';
import postgres from 'postgres';

const many = 100_000;
const rounds = 200;
const community = randomUUID();

interface Place {
  readonly tenantId: string;
  readonly guildId: string;
  readonly playerId: string;
}

async function openServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return { url: given, stop: async () => {} };
  const dataDirectory = await mkdtemp(join(tmpdir(), 'fellowship-bench-'));
  const embedded = await startEmbeddedPostgres({
    dataDirectory,
    durable: false,
    log: { info: () => {}, error: console.error },
  });
  return {
    url: embedded.url('postgres'),
    stop: async () => {
      await embedded.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

async function measure(serverUrl: string): Promise<void> {
  const name = `bench_${randomUUID().replaceAll('-', '')}`;
  const admin = postgres(serverUrl, { max: 1, onnotice: () => {} });
  await admin`create database ${admin(name)}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const log = createLog({ name: 'bench', level: 'silent' });
  const subgraph = await createSubgraph({ url: url.href, migrationUrl: url.href, log });
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  try {
    await compare(subgraph, sql);
  } finally {
    await sql.end();
    await subgraph.close();
    await admin`drop database ${admin(name)} with (force)`;
    await admin.end();
  }
}

async function compare(subgraph: Subgraph, sql: postgres.Sql): Promise<void> {
  const [few, lots] = [await seedGuild(sql, 100), await seedGuild(sql, many)];
  const [one, twenty, all] = [
    await seedTenant(sql, 1),
    await seedTenant(sql, 20),
    await seedTenant(sql, many),
  ];
  await sql`vacuum analyze`;
  const time = (place: Place, source: string, variables: object = {}) =>
    median(subgraph, place, source, { id: place.guildId, ...variables });
  const show = async (what: string, before: Promise<number>, after: () => Promise<number>) => {
    const [a, b] = [await before, await after()];
    console.log(`${what.padEnd(62)} ${a.toFixed(2)} ms -> ${b.toFixed(2)} ms   x ${(b / a).toFixed(2)}`);
  };

  const members = `query ($id: ID!, $after: String) { guild(id: $id) { memberCount members(first: 20, after: $after) {
    nodes { player { id } rank { name } } pageInfo { hasNextPage } } } }`;
  const deepMember = cursor([new Date(middle).toISOString(), '00000000-0000-0000-0000-000000000000']);
  await show('members, first page: 100 -> 100,000 members', time(few, members), () => time(lots, members));
  await show('members: first page -> after 50,000', time(lots, members), () =>
    time(lots, members, { after: deepMember }),
  );

  const messages = `query ($id: ID!, $after: String) { guild(id: $id) { messages(channel: GUILD, first: 20, after: $after) {
    nodes { body author { id } } pageInfo { hasNextPage } } } }`;
  const deepMessage = cursor([idAt(many / 2)]);
  await show('messages, first page: 100 -> 100,000', time(few, messages), () => time(lots, messages));
  await show('messages: first page -> after 50,000', time(lots, messages), () =>
    time(lots, messages, { after: deepMessage }),
  );

  const ledger = `query ($id: ID!, $after: String) { guild(id: $id) { bank { currency ledger(first: 20, after: $after) {
    nodes { number amount player { id } } pageInfo { hasNextPage } } } } }`;
  await show('ledger, first page: 100 -> 100,000 entries', time(few, ledger), () => time(lots, ledger));
  await show('ledger: first page -> after 50,000', time(lots, ledger), () =>
    time(lots, ledger, { after: cursor([String(many / 2)]) }),
  );

  const search = `query ($search: String, $tag: String, $recruiting: Boolean, $community: ID) {
    guilds(first: 20, search: $search, tag: $tag, recruiting: $recruiting, communityId: $community) { nodes { name } } }`;
  await show(
    'one guild by its name: 1 -> 100,000 guilds',
    time(one, search, { search: 'guild 000001' }),
    () => time(all, search, { search: 'guild 000001' }),
  );
  await show('twenty guilds by name: 20 -> 100,000 guilds', time(twenty, search), () => time(all, search));
  await show('twenty in a community: 20 -> 100,000', time(twenty, search, { community }), () =>
    time(all, search, { community }),
  );
  const recruiting = { recruiting: true };
  await show('recruiting, one guild in 1,000: 20 all -> 100,000', time(twenty, search), () =>
    time(all, search, recruiting),
  );
  await show('by a tag that every guild has: 20 -> 100,000', time(twenty, search, { tag: 'all' }), () =>
    time(all, search, { tag: 'all' }),
  );
  await show(
    'by a tag that one guild in 1,000 has: 20 all -> 100,000',
    time(twenty, search, { tag: 'all' }),
    () => time(all, search, { tag: 'rare' }),
  );
}

const began = Date.parse('2031-01-01T00:00:00Z');
const middle = began + (many / 2) * 1_000;

/** The UUID of the nth row of a kind. */
const idAt = (n: number) => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const cursor = (key: readonly string[]) => Buffer.from(JSON.stringify(key)).toString('base64url');

/** A tenant with one guild of so many members, messages and ledger entries. The cap is for commands, not for rows. */
async function seedGuild(sql: postgres.Sql, count: number): Promise<Place> {
  const tenantId = randomUUID();
  const [guildId, rankId, playerId] = [randomUUID(), randomUUID(), idAt(1)];
  await insertGuilds(sql, tenantId, playerId, sql`select ${guildId}::uuid as id, 1 as n`);
  await sql`insert into guild.ranks (tenant_id, guild_id, id, level, name, kind, permissions)
    select ${tenantId}, ${guildId}, ${rankId}, 5, 'Leader', 'LEADER', enum_range(null::guild.guild_permission)`;
  const nth = sql`('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
  const at = sql`to_timestamp(${began / 1_000}) + n * interval '1 second'`;
  const rows = sql`generate_series(1, ${count}) n`;
  await sql`insert into guild.members (tenant_id, guild_id, player_id, rank_id, joined_at)
    select ${tenantId}, ${guildId}, ${nth}, ${rankId}, ${at} from ${rows}`;
  await sql`insert into guild.messages (tenant_id, id, guild_id, channel, author_id, body, created_at)
    select ${tenantId}, ${nth}, ${guildId}, 'GUILD', ${playerId}, 'message ' || n, ${at} from ${rows}`;
  await sql`insert into guild.banks (tenant_id, guild_id, currency, entries) values (${tenantId}, ${guildId}, ${count}, ${count})`;
  await sql`insert into guild.bank_ledger (tenant_id, guild_id, sequence, player_id, amount, balance, created_at)
    select ${tenantId}, ${guildId}, n, ${playerId}, 1, n, ${at} from ${rows}`;
  return { tenantId, guildId, playerId };
}

/** A tenant with so many guilds; one in 1,000 looks for members and has the tag `rare`, all have `all`. */
async function seedTenant(sql: postgres.Sql, count: number): Promise<Place> {
  const [tenantId, playerId] = [randomUUID(), randomUUID()];
  await insertGuilds(
    sql,
    tenantId,
    playerId,
    sql`select gen_random_uuid() as id, n from generate_series(1, ${count}) n`,
  );
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
  select ${tenantId}, id, ${community}, 'Guild ' || lpad(n::text, 6, '0'), 'guild ' || lpad(n::text, 6, '0'), 'guild-' || n, '',
    'PUBLIC', n % 1000 = 0, ${leaderId}, 1, 1000, now()
  from (${rows}) r`;

/** Of 200 runs, one after the other, after some to warm up; in milliseconds. */
async function median(subgraph: Subgraph, place: Place, source: string, variables: object): Promise<number> {
  const viewer: Viewer = {
    ...place,
    communities: [community],
    scopes: [],
    expiresAt: new Date(Date.now() + 3_600_000),
  };
  const times: number[] = [];
  for (let round = -20; round < rounds; round += 1) {
    const start = performance.now();
    const { errors } = await graphql({
      schema: subgraph.schema,
      source,
      contextValue: subgraph.context(viewer, 'bench'),
      variableValues: { ...variables },
    });
    if (errors) throw errors[0]?.originalError ?? errors[0];
    if (round >= 0) times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[rounds / 2] ?? 0;
}

const server = await openServer();
try {
  await measure(server.url);
} finally {
  await server.stop();
}
