import { setTimeout as delay } from 'node:timers/promises';
import { type Hints, type Publisher, parseCloudEvent } from '@fellowship/bus';
import type { Database, Reads } from '@fellowship/postgres';
import type { Logger } from 'pino';
import { messageOf } from './envelope.ts';
import type { ActivityQueries } from './queries.ts';

const batch = 200;
/** Milliseconds: the shortest time between two reads, the longest without a hint, and between two tries. */
const gap = 5;
const slowest = 1_000;
const retry = 500;
/** Milliseconds between two times that its place is kept. What is passed on twice is stored once. */
const keepEvery = 1_000;

/** All before transaction `xid` is on the bus; see `activity_relays`. */
interface Place {
  readonly xid: string;
  readonly store: string;
  readonly stored: number;
}

export interface RelayOptions {
  readonly service: string;
  readonly bus: string;
  readonly database: Pick<Database, 'everyTenant'>;
  readonly queries: ActivityQueries;
  readonly hints: Hints;
  readonly publisher: Publisher;
  readonly log: Logger;
}

/**
 * Passes the log on to a bus, a subject's events in the order of their numbers. An event that is in the log gets to
 * the bus, sooner or later; the bus being away only makes it later. What was passed on after the place that was
 * kept last is passed on again, and stored once. Where the bus has lost what it held (its store was made anew),
 * the log is passed on from its beginning; where it lost its last messages, from the last that it has.
 *
 * Of what can be seen at a moment, a subject's events are always the first ones (who takes the next number waits
 * for who has the one before), and positions go with numbers. So all that can be seen is passed on by position.
 * What appears later in lower positions, of transactions that were open, is found because the next look begins
 * with the first of these. (By transaction, or by position among transactions that are final, was tried: with
 * several writers, a subject's events got out of their order.)
 *
 * All of it is asked over one connection, and after its loss begun anew at the place that was kept: a server that
 * crashed gives out transaction ids again that nothing on its disk had, and who went on from what it had said before
 * would miss their events. A place that was kept is safe: it lies before the transaction that kept it, and with that
 * one on the disk no id up to it is given out again.
 *
 * For one process at a time (`runExclusively`); a second one for a moment does no harm.
 */
export async function relay(options: RelayOptions, signal: AbortSignal): Promise<void> {
  const { queries, database, hints, publisher, service, log } = options;
  let wake = new AbortController();
  let pause = slowest;
  const stopHints = hints.listen(() => {
    pause = 20;
    wake.abort();
  });
  const wait = (milliseconds: number, ...more: AbortSignal[]) =>
    delay(milliseconds, undefined, { signal: AbortSignal.any([signal, ...more]) }).catch(() => {});

  /** Events of transactions that come after one that is still open: passed on, and to be seen again. */
  let early = new Set<bigint>();

  /** Passes on what can be seen from transaction `from` on; returns where the next look begins. */
  async function passOn(reads: Reads, from: string): Promise<string> {
    const [window] = await reads.run(queries.window, { from });
    if (!window) return from;
    const { snapshot, to, first } = window;
    if (first === null) return to;
    const again = new Set<bigint>();
    for (let position = BigInt(first) - 1n; ; ) {
      const rows = await reads.run(queries.inWindow, { from, snapshot, position, limit: batch });
      const fresh = rows.filter((row) => !early.has(row.position));
      await publisher.publish(fresh.map((row) => messageOf(service, row)));
      for (const row of rows) if (BigInt(row.xid) >= BigInt(to)) again.add(row.position);
      if (rows.length < batch) {
        early = again;
        return to;
      }
      position = rows.at(-1)?.position ?? position;
      if (signal.aborted) return from;
    }
  }

  async function follow(reads: Reads, { xid, store }: Place): Promise<void> {
    let from = xid;
    let kept = -1;
    for (let keptAt = 0; !signal.aborted; ) {
      from = await passOn(reads, from);
      if (publisher.stored !== kept && Date.now() - keptAt > keepEvery) {
        const place: Place = { xid: from, store, stored: publisher.stored };
        await reads.run(queries.keepPlace, { bus: options.bus, ...place });
        keptAt = Date.now();
        kept = publisher.stored;
      }
      await wait(gap);
      await wait(pause, wake.signal);
      pause = Math.min(pause * 2, slowest);
      wake = new AbortController();
    }
  }

  let told = false;
  while (!signal.aborted) {
    try {
      early = new Set();
      const reads = database.everyTenant.steady();
      const place = await begin(options, reads);
      told = false;
      await follow(reads, place);
    } catch (error) {
      if (!told && !signal.aborted) log.warn({ err: error }, 'Could not pass on events; trying again');
      told = true;
      await wait(retry);
    }
  }
  stopHints();
}

async function begin({ publisher, queries, bus, log }: RelayOptions, reads: Reads): Promise<Place> {
  const { store, stored, last } = await publisher.open();
  const [kept] = await reads.run(queries.place, { bus });
  if (kept?.store === store && kept.stored <= stored) return kept;
  if (kept) log.warn('The bus has lost what it held; passing it on again');
  const found = kept?.store === store && last && (await placeOfEvent(queries, reads, last));
  return { xid: found || '0', store, stored };
}

/** What somebody else published there is no event of ours: undefined. */
async function placeOfEvent(
  queries: ActivityQueries,
  reads: Reads,
  message: Uint8Array,
): Promise<string | undefined> {
  try {
    const { tenant: tenantId, subject, sequence, id } = parseCloudEvent(message);
    const [found] = await reads.run(queries.resume, { tenantId, subject, sequence, id });
    return found?.xid;
  } catch {
    return undefined;
  }
}
