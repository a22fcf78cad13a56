import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@fellowship/embedded-postgres';
import { DEMO_COMMUNITY_ID, DEMO_TENANT_ID } from '@fellowship/identity';
import { startThrowawayStack } from '@fellowship/start';
import postgres from 'postgres';
import { players } from '../kit/client.ts';

/** A graph in this process, with one guild. */
export interface BenchGraph {
  readonly url: string;
  readonly token: string;
  readonly guildId: string;
  /**
   * Commits so many events of the guild at once, past the mutations: their work would be measured too.
   * `occurredAt` is when they are about to commit.
   */
  publish(count: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startGraph(): Promise<BenchGraph> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'fellowship-bench-'));
  const log = { info: () => {}, error: console.error };
  const database = await startEmbeddedPostgres({ dataDirectory, durable: false, log });
  const url = database.url('postgres');
  const stack = await startThrowawayStack('process', {
    DATABASE_URL: url,
    LIMIT_PLAYER_SUBSCRIPTIONS: '100000',
    LIMIT_SOCKETS: '100000',
  });
  const people = players([stack.url], stack.state);
  const leader = await people.player('Ada');
  const input = { communityId: DEMO_COMMUNITY_ID, name: 'Bench' };
  const { guild } = await leader.mutate('guildCreate', input, 'guild { id }');
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const subject = `guild:${guild.id}`;

  return {
    url: stack.url,
    token: leader.token,
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
