import { setTimeout as delay } from 'node:timers/promises';
import { ConnectionLost } from './connection.ts';
import { isConflict, Outdated } from './errors.ts';
import type { Session, Transaction } from './session.ts';

const attempts = 4;

/** Transactions: each has a connection to itself; more than there are connections wait their turn. */
export class Writers {
  readonly #free: Session[];
  readonly #waiting: ((session: Session) => void)[] = [];
  readonly #random: () => number;

  constructor(sessions: readonly Session[], random: () => number) {
    this.#free = [...sessions];
    this.#random = random;
  }

  /**
   * Runs `work` again, at most three times, when Postgres ended it for a deadlock or a serialization failure, what it
   * left for the end no longer fits, or the connection broke before its commit was sent: none of it has happened then.
   */
  async transaction<Result>(tenant: string, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    let again = false;
    for (let attempt = 1; ; attempt += 1) {
      const session =
        this.#take(tenant) ?? (await new Promise<Session>((resolve) => this.#waiting.push(resolve)));
      try {
        return await session.transaction(tenant, work, again);
      } catch (error) {
        if (attempt === attempts || !mayRetry(error)) throw error;
        again ||= error instanceof Outdated;
      } finally {
        this.#release(session);
      }
      await delay(2 ** attempt * 5 * (0.5 + this.#random()));
    }
  }

  /** One that has the tenant already, where there is one: a `set_config` takes 18 us of the server's processor. */
  #take(tenant: string): Session | undefined {
    const nth = this.#free.findLastIndex((session) => session.tenant === tenant);
    return nth < 0 ? this.#free.shift() : this.#free.splice(nth, 1)[0];
  }

  #release(session: Session): void {
    const next = this.#waiting.shift();
    if (next) next(session);
    else this.#free.push(session);
  }
}

function mayRetry(error: unknown): boolean {
  if (error instanceof ConnectionLost) return !error.committing;
  return isConflict(error) || error instanceof Outdated;
}
