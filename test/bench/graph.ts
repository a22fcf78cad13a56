import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@fellowship/embedded-postgres';
import {
  DEMO_COMMUNITY_ID,
  DEMO_TENANT_ID,
  issueDevToken,
  loadOrCreateDevKeys,
  playerIdOf,
} from '@fellowship/identity';
import { startThrowawayStack } from '@fellowship/start';
import postgres from 'postgres';
import { players } from '../kit/client.ts';

/** A graph in this process, with one guild. */
export interface BenchGraph {
  readonly url: string;
  /** Of the guild's members, each a player of their own. */
  readonly tokens: readonly string[];
  readonly guildId: string;
  /**
   * Commits so many events of the guild at once, past the mutations: their work would be measured too.
   * `occurredAt` is when they are about to commit.
   */
  publish(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** The most members that a guild takes. */
const MOST_MEMBERS = 1_000;

/** @param members of the guild, up to 1,000 */
export async function startGraph(members: number): Promise<BenchGraph> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'fellowship-bench-'));
  const log = { info: () => {}, error: console.error };
  const database = await startEmbeddedPostgres({ dataDirectory, durable: false, log });
  const url = database.url('postgres');
  const stack = await startThrowawayStack('process', {
    DATABASE_URL: url,
    LIMIT_PLAYER_SUBSCRIPTIONS: '100000',
    LIMIT_SOCKETS: '100000',
    LIMIT_PLAYER_POINTS: '1000000000',
  });
  const people = players([stack.url], stack.state);
  const leader = await people.player('Ada');
  const input = { communityId: DEMO_COMMUNITY_ID, name: 'Bench' };
  const { guild } = await leader.mutate('guildCreate', input, 'guild { id }');
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const subject = `guild:${guild.id}`;
  const others = Array.from({ length: Math.min(members, MOST_MEMBERS) - 1 }, (_, nth) => `Member ${nth}`);
  await enrol(sql, guild.id, others.map(playerIdOf));
  const keys = await loadOrCreateDevKeys(stack.state, undefined);
  const tokens = await Promise.all(
    others.map((name) => issueDevToken(keys, { name, expiresIn: 24 * 3600 }, new Date())),
  );

  return {
    url: stack.url,
    tokens: [leader.token, ...tokens],
    guildId: guild.id,
    async publish(count) {
      const ids = Array.from({ length: count }, () => randomUUID());
      await sql.begin(async (tx) => {
        const [head] = await tx<{ sequence: string }[]>`
          update guild.activity_heads set sequence = sequence + ${count}
          where tenant_id = ${DEMO_TENANT_ID} and subject = ${subject} returning sequence`;
        const first = Number(head?.sequence) - count;
        await tx`
          insert into guild.activity (tenant_id, subject, sequence, id, type, actor_id, data, occurred_at)
          select ${DEMO_TENANT_ID}, ${subject}, ${first} + nth, id, 'guild.updated', ${leader.id},
            ${sql.json({ guildId: guild.id })}, ${new Date()}
          from unnest(${ids}::uuid[]) with ordinality as new (id, nth)`;
      });
      await sql`select pg_notify('guild_activity', '')`;
    },
    async stop() {
      await sql.end();
      await people.close();
      await stack.stop();
      await database.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** Past the mutations: a thousand players joining is not what is measured. */
async function enrol(sql: postgres.Sql, guildId: string, playerIds: readonly string[]): Promise<void> {
  await sql`
    insert into guild.members (tenant_id, guild_id, player_id, rank_id, joined_at)
    select ${DEMO_TENANT_ID}, ${guildId}, player, rank.id, now()
    from unnest(${[...playerIds]}::uuid[]) as player
    join guild.ranks rank on rank.guild_id = ${guildId} and rank.kind = 'MEMBER'`;
  await sql`
    update guild.guilds set member_count = ${playerIds.length + 1}, max_members = ${MOST_MEMBERS}
    where id = ${guildId}`;
}
