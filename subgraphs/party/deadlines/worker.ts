import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@fellowship/server';
import type { Store } from '@fellowship/subgraph';
import type { PartyEvent } from '../events.ts';
import { lockActiveParty } from '../membership/state.ts';
import type { DeadlineKind, EndByItself } from './deadline.ts';
import {
  claimDeadline,
  postponeDeadline,
  takeDeadline,
  type UpcomingDeadline,
  upcomingDeadlines,
} from './queries.ts';

const batch = 100;
/** Deadlines worked on at a time, of the 8 connections that there are for transactions. */
const lanes = 4;
/** The longest until it looks again, in milliseconds. No deadline is set for sooner, so none is met late. */
const slowest = 1_000;
/** How long a deadline waits that could not be met, in milliseconds, so that it does not hold up the others. */
const patience = 10_000;

/**
 * Meets the deadlines of all parties of all tenants. They are rows: any number of processes do this at once
 * and each deadline is met exactly once, whoever set it and whoever has died meanwhile. The timer is but a hint
 * when to look.
 */
export class DeadlineWorker {
  readonly #store: Store<PartyEvent>;
  readonly #endings: Readonly<Record<DeadlineKind, EndByItself>>;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;

  constructor(store: Store<PartyEvent>, endings: Readonly<Record<DeadlineKind, EndByItself>>, log: Logger) {
    this.#store = store;
    this.#endings = endings;
    this.#log = log;
    this.#running = this.#work();
  }

  async #work(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const wait = await this.#look().catch((error: unknown) => {
        this.#log.warn({ error }, 'deadlines could not be read; trying again');
        return slowest;
      });
      await delay(wait, undefined, { signal }).catch(() => {});
    }
  }

  /** Meets what is due. Returns in how many milliseconds to look again. */
  async #look(): Promise<number> {
    const { database, clock } = this.#store;
    const upcoming = await upcomingDeadlines(database.everyTenant, batch);
    const now = clock();
    const due = upcoming.filter(({ dueAt }) => dueAt <= now);
    const met = await this.#meetAll(due);
    if (due.length === batch && met > 0) return 0;
    const next = upcoming[due.length];
    return next ? Math.min(next.dueAt.getTime() - now.getTime(), slowest) : slowest;
  }

  /** Returns how many were this process's to meet. */
  async #meetAll(due: readonly UpcomingDeadline[]): Promise<number> {
    const waiting = due.values();
    let met = 0;
    const lane = async () => {
      for (const deadline of waiting) {
        if (this.#closing.signal.aborted) return;
        if (await this.#meet(deadline)) met += 1;
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    return met;
  }

  /** False when another process is at it. */
  async #meet(deadline: UpcomingDeadline): Promise<boolean> {
    const { tenantId, kind, id, partyId } = deadline;
    const { commands, database, clock } = this.#store;
    try {
      return await commands.run({ tenantId, playerId: null }, `deadline ${kind}`, {}, async (tx) => {
        if (!(await claimDeadline(tx, deadline))) return false;
        const party = await lockActiveParty(tx, partyId);
        // Nothing of a party that has disbanded is open any more.
        if ((await takeDeadline(tx, deadline)) && party) await this.#endings[kind](tx, party, id);
        return true;
      });
    } catch (error) {
      this.#log.error({ error, tenantId, kind, id }, 'a deadline could not be met; trying again');
      const until = new Date(clock().getTime() + patience);
      await database
        .transaction(tenantId, (tx) => postponeDeadline(tx, deadline, until))
        .catch((error: unknown) => this.#log.warn({ error }, 'a deadline could not be postponed'));
      return true;
    }
  }

  /** Returns when what it was at is done. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }
}
