import { compiled } from './compiled.ts';
import { ConnectionLost } from './connection.ts';
import type { Query } from './query.ts';
import type { Readers } from './readers.ts';
import { parameterTypes, together } from './together.ts';

type Values = Record<string, unknown>;

interface Call {
  readonly values: Values;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls that one statement answers: they wait for each other. */
const MOST = 16;
/**
 * Milliseconds after which they no longer do, and each is asked alone: one that is slow by its values would hold up all,
 * and clients that are answered together ask again together. A statement for 16 pages takes 2 to 5; the rest is for a
 * busy event loop.
 */
export const SLOW = 100;
/** Milliseconds in which a query that was slow so is asked alone. */
const PAUSE = 10_000;

/**
 * Reads of one turn of the event loop that differ in nothing but their values, such as those of many players who ask
 * the same at once, are one statement. Measured, README's query with 32 clients: 1.35 times the requests, at half of
 * the server's processor and 0.8 of this process's. One that is alone is sent as it is.
 */
export class Turns {
  readonly #readers: Readers;
  readonly #slow: number;
  #turn = new Map<string, Map<Query<unknown>, Call[]>>();
  /** Of a query its statement for several calls; null: there can be none, or not now. */
  readonly #together = new WeakMap<Query<unknown>, Query<unknown[]> | null>();

  constructor(readers: Readers, slow: number) {
    this.#readers = readers;
    this.#slow = slow;
  }

  run<Result>(tenant: string, query: Query<Result>, values: Values): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#turn.size === 0) setImmediate(() => this.#send());
      this.#callsOf(tenant, query).push({ values, resolve: resolve as Call['resolve'], reject });
    });
  }

  #callsOf(tenant: string, query: Query<unknown>): Call[] {
    let ofTenant = this.#turn.get(tenant);
    if (!ofTenant) {
      ofTenant = new Map();
      this.#turn.set(tenant, ofTenant);
    }
    let calls = ofTenant.get(query);
    if (!calls) {
      calls = [];
      ofTenant.set(query, calls);
    }
    return calls;
  }

  #send(): void {
    const turn = this.#turn;
    this.#turn = new Map();
    for (const [tenant, ofTenant] of turn) {
      for (const [query, calls] of ofTenant) {
        for (let from = 0; from < calls.length; from += MOST) {
          this.#answer(tenant, query, calls.slice(from, from + MOST));
        }
      }
    }
  }

  #answer(tenant: string, query: Query<unknown>, calls: readonly Call[]): void {
    const joint = calls.length > 1 ? this.#together.get(query) : null;
    if (joint) this.#answerTogether(tenant, query, joint, calls);
    else for (const call of calls) this.#answerAlone(tenant, query, call);
    if (joint === undefined) void this.#learn(tenant, query);
  }

  #answerAlone(tenant: string, query: Query<unknown>, { values, resolve, reject }: Call): void {
    this.#readers.run(tenant, query, values).then(resolve, reject);
  }

  #answerTogether(
    tenant: string,
    query: Query<unknown>,
    joint: Query<unknown[]>,
    calls: readonly Call[],
  ): void {
    let joined = true;
    const part = () => {
      joined = false;
      for (const call of calls) this.#answerAlone(tenant, query, call);
    };
    const slow = whenSlow(this.#slow, () => {
      this.#pause(query);
      part();
    });
    const answered = this.#readers.run(tenant, joint, { calls: calls.map(({ values }) => values) });
    answered
      .finally(() => slow.cancel())
      .then(
        // Whoever was asked alone meanwhile is answered by what comes first.
        (results) => {
          for (const [nth, { resolve }] of calls.entries()) resolve(results[nth]);
        },
        (error: unknown) => {
          if (!joined) return;
          // What one call makes fail must not fail the others.
          if (!(error instanceof ConnectionLost)) part();
          else for (const { reject } of calls) reject(error);
        },
      );
  }

  #pause(query: Query<unknown>): void {
    this.#together.set(query, null);
    setTimeout(() => this.#together.delete(query), PAUSE).unref();
  }

  /** Makes the query's statement for several calls, for the next that come together. */
  async #learn(tenant: string, query: Query<unknown>): Promise<void> {
    this.#together.set(query, null);
    try {
      const { text, toRows } = compiled(query);
      if (!toRows || !text.includes('$1')) return;
      const types = await this.#readers.run(tenant, parameterTypes, { text });
      if (types.length === 0) throw new Error('Not prepared on that connection');
      this.#together.set(
        query,
        together(
          query,
          types.map(({ name }) => name),
        ),
      );
    } catch {
      // The next that come together ask again.
      this.#together.delete(query);
    }
  }
}

/** Calls back unless it is cancelled in time. What arrived while this process was busy counts as in time. */
function whenSlow(milliseconds: number, callback: () => void): { cancel(): void } {
  let cancelled = false;
  const look = () => {
    if (!cancelled) callback();
  };
  const timer = setTimeout(() => setImmediate(() => setImmediate(look)), milliseconds).unref();
  return {
    cancel() {
      cancelled = true;
      clearTimeout(timer);
    },
  };
}
