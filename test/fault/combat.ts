import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { DEMO_TENANT_ID } from '@fellowship/identity';
import { jetstream } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type postgres from 'postgres';
import { oneOf, shuffled } from './random.ts';

const type = 'combat:loot-dropped';
/** Milliseconds from one event to the next. */
const pause = 300;
/** Events that wait to be sent in another order. */
const window = 4;

export function lootDropped(partyId: string) {
  const items = [{ itemKey: 'cloth', name: 'Linen Cloth', quality: 'COMMON' }];
  return {
    specversion: '1.0',
    id: randomUUID(),
    source: '/combat',
    type,
    tenant: DEMO_TENANT_ID,
    time: new Date().toISOString(),
    data: { partyId, source: 'A kobold', items },
  };
}

type LootDropped = ReturnType<typeof lootDropped>;

/** Rejects unless NATS says that it has it. */
export async function sendEvent(connection: NatsConnection, event: LootDropped): Promise<void> {
  await jetstream(connection, { timeout: 3_000 }).publish(
    `fellowship.inbound.${type}`,
    JSON.stringify(event),
  );
}

/** How often each report is a drop of the party. */
export async function reportsOf(sql: postgres.Sql, partyId: string): Promise<Map<string, number>> {
  const rows =
    await sql`select report_id, count(*)::int from party.loot_drops where party_id = ${partyId} group by 1`;
  return new Map(rows.map(({ report_id, count }) => [report_id, count]));
}

/** A game server that reports loot over the bus: out of order, some of it twice, and again what it is not sure of. */
export function startCombat(connection: NatsConnection, partyId: string, random: () => number) {
  const sent: LootDropped[] = [];
  let stopped = false;

  async function run(): Promise<void> {
    while (!stopped) {
      const some = Array.from({ length: window }, () => lootDropped(partyId));
      sent.push(...some);
      for (const event of shuffled([...some, oneOf(some, random)], random)) {
        await sendEvent(connection, event).catch(() => {});
        await delay(pause);
      }
    }
  }
  const running = run();
  return {
    sent,
    async stop() {
      stopped = true;
      await running;
    },
    /** All that it ever sent, once more, in another order: NATS may have been wiped. */
    async repeat() {
      for (const event of shuffled(sent, random)) {
        const taken = () =>
          sendEvent(connection, event).then(
            () => true,
            () => false,
          );
        while (!(await taken())) await delay(200);
      }
    },
  };
}
