import { setTimeout as delay } from 'node:timers/promises';
import { idsOnBus } from './bus.ts';
import { reportsOf, startCombat } from './combat.ts';
import { bankOf, committedOf } from './committed.ts';
import {
  type DeliveryVerdict,
  judgeDelivery,
  judgeMutations,
  ledgerFaults,
  type MutationVerdict,
} from './proof.ts';
import { startSubscriber } from './subscriber.ts';
import type { World } from './world.ts';
import { startRoutine, startWriter } from './writer.ts';

const subscribersALog = 2;
/** Seconds that writers may take to finish, subscribers and the bus to catch up. */
const restWithin = 120;

export interface Proof {
  readonly mutations: ReadonlyMap<string, MutationVerdict>;
  readonly deliveries: readonly (DeliveryVerdict & { readonly log: string; readonly resumed: string })[];
  /** What is wrong with the bank, what subscribers were told that no fault explains, where the bus differs. */
  readonly ledger: readonly string[];
  readonly odd: readonly string[];
  readonly bus: readonly string[];
}

/** Everyone who uses the cluster: for each scene one writer who insists and one who does not, and two who follow each log. */
export function startLoad(world: World, resources: AsyncDisposableStack) {
  const { stack, stage, nats, database, nextMarker, random } = world;
  const { sql } = database;
  const anyUrl = () => stack.urls[Math.floor(Math.random() * stack.urls.length)] ?? stack.url;
  const subscribers = stage.logs.flatMap((log) =>
    Array.from({ length: subscribersALog }, () => startSubscriber(log, anyUrl)),
  );
  resources.defer(async () => {
    await Promise.all(subscribers.map((subscriber) => subscriber.stop()));
  });
  const writers = stage.scenes.flatMap((scene) =>
    [true, false].map((insisting) => startWriter(scene, insisting, anyUrl, nextMarker)),
  );
  const routines = stage.routines.map((routine) => startRoutine(routine, anyUrl));
  const combat = nats && startCombat(nats.connection, stage.lootPartyId, random);

  async function finish(say: (text: string) => void): Promise<void> {
    const all = [...writers, ...routines].map((writer) => writer.stop());
    await within(restWithin, Promise.all([...all, combat?.stop()]), 'The writers did not finish');
    if (!combat) return;
    say(`The game server repeats its ${combat.sent.length} reports in another order.`);
    await within(restWithin, combat.repeat(), 'The reports could not be repeated');
    const missing = async () => {
      const effects = await reportsOf(sql, stage.lootPartyId);
      return combat.sent.some(({ id }) => !effects.has(id));
    };
    for (const until = Date.now() + restWithin * 1000; (await missing()) && Date.now() < until; )
      await delay(500);
  }

  /** What the logs hold once nothing is added any more: what nobody waits for may still be at it. */
  async function settled(): Promise<Map<string, string[]>> {
    for (let before = 0; ; await delay(2_000)) {
      const committed = new Map<string, string[]>();
      for (const log of stage.logs) committed.set(log.subject + log.schema, await committedOf(sql, log));
      const now = [...committed.values()].reduce((sum, { length }) => sum + length, 0);
      if (now === before) return committed;
      before = now;
    }
  }

  async function mutations(): Promise<Map<string, MutationVerdict>> {
    const verdicts = new Map<string, MutationVerdict>();
    for (const scene of stage.scenes)
      verdicts.set(scene.name, judgeMutations(scene.sent, await scene.effects(sql)));
    for (const { routine, sent } of routines) {
      const events = await committedOf(sql, routine.log);
      verdicts.set(
        routine.log.name,
        judgeMutations(sent, new Map(events.map((_, nth) => [String(nth + 1), 1]))),
      );
    }
    if (combat) {
      const sent = combat.sent.map(({ id }) => ({ marker: id, outcome: 'ok' as const }));
      const effects = await reportsOf(sql, stage.lootPartyId);
      const known = new Set<string>(sent.map(({ marker }) => marker));
      // Those of the fault that kills a consumer are looked after there.
      for (const id of effects.keys()) if (!known.has(id)) effects.delete(id);
      verdicts.set('loot over the bus', judgeMutations(sent, effects));
    }
    return verdicts;
  }

  return {
    /** Ends the writing, waits for all who follow, and judges. */
    async prove(say: (text: string) => void): Promise<Proof> {
      await finish(say);
      const committed = await settled();
      const ofLog = (log: { subject: string; schema: string }) =>
        committed.get(log.subject + log.schema) ?? [];
      const behind = () => subscribers.some(({ log, delivered }) => delivered.length < ofLog(log).length);
      const until = Date.now() + restWithin * 1000;
      while (behind() && Date.now() < until) await delay(100);
      // What comes twice may come late.
      await delay(1_500);

      const bus: string[] = [];
      for (const log of nats ? stage.logs : []) {
        const expected = ofLog(log);
        const found = (
          await idsOnBus(nats?.connection as never, log, expected.length + log.before, until)
        ).slice(log.before);
        if ([...new Set(found)].join() !== expected.join())
          bus.push(`${log.name}: ${found.length} on NATS, ${expected.length} committed, or another order`);
      }
      const { entries, held } = await bankOf(sql, stage.bank.id);
      return {
        mutations: await mutations(),
        deliveries: subscribers.map(({ log, delivered, ends }) => ({
          log: log.name,
          ...judgeDelivery(delivered, ofLog(log)),
          resumed: [...ends].map(([reason, count]) => `${count} ${reason}`).join(', ') || '0',
        })),
        ledger: ledgerFaults(entries, held),
        odd: subscribers.flatMap(({ log, odd }) => odd.map((each) => `${log.name} was told ${each}`)),
        bus,
      };
    },
  };
}

async function within<T>(seconds: number, promise: Promise<T>, otherwise: string): Promise<T> {
  const late = delay(seconds * 1000, undefined, { ref: false }).then(() =>
    Promise.reject(new Error(otherwise)),
  );
  return Promise.race([promise, late]);
}
