import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import postgres from 'postgres';

export interface ExclusiveOptions {
  readonly url: string;
  /** What only one process does at a time, of all that use the database. */
  readonly name: string;
  /** Does it until `signal` aborts: the lock was lost, or is given back. When it throws, it is tried again. */
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
}

/** Milliseconds between two attempts to get the lock, two looks whether it is still ours, and for an answer. */
const retry = 2_000;
const beat = 5_000;
const patience = 5_000;
/** Milliseconds without a word from the holder before the server takes the lock away. Longer than all of the above. */
const idle = 15_000;

/**
 * Runs `work` in one process at a time: the one that holds an advisory lock, on a connection of its own. When that
 * connection breaks, so does the lock; a new holder may then begin while the old one has yet to notice, for as
 * long as `beat` and `patience`, so `work` must bear a second one for a moment.
 */
export function runExclusively({ url, name, work, log }: ExclusiveOptions) {
  const closing = new AbortController();
  const wait = (milliseconds: number, signal: AbortSignal) =>
    delay(milliseconds, undefined, { signal, ref: false }).catch(() => {});

  async function attempt(): Promise<void> {
    const lost = new AbortController();
    const sql = postgres(url, {
      max: 1,
      connect_timeout: 5,
      // See `Connection`: nobody could catch it.
      fetch_types: false,
      onnotice: () => {},
      onclose: () => lost.abort(),
      connection: {
        application_name: `fellowship ${name}`,
        // So that the server, too, notices a holder that has gone without a word, and one that stands still.
        idle_session_timeout: idle,
        // Seconds.
        tcp_keepalives_idle: 10,
        tcp_keepalives_interval: 5,
        tcp_keepalives_count: 3,
      },
    });
    const ask = async <T>(answer: Promise<T>): Promise<T> => {
      const timer = setTimeout(() => void sql.end({ timeout: 0 }).catch(() => {}), patience);
      return answer.finally(() => clearTimeout(timer));
    };
    try {
      const tryLock = () => sql<{ held: boolean }[]>`
        select pg_try_advisory_lock(hashtextextended(${`fellowship ${name}`}, 0)) as held`;
      while (!(await ask(tryLock()))[0]?.held) {
        await wait(retry, closing.signal);
        if (closing.signal.aborted) return;
      }
      const signal = AbortSignal.any([lost.signal, closing.signal]);
      const done = new AbortController();
      const working = work(signal).finally(() => done.abort());
      working.catch(() => lost.abort());
      while (!signal.aborted && !done.signal.aborted) {
        await wait(beat, AbortSignal.any([signal, done.signal]));
        if (!signal.aborted) await ask(sql`select 1`).catch(() => lost.abort());
      }
      await working;
    } finally {
      await sql.end({ timeout: 1 }).catch(() => {});
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      await attempt().catch((error: unknown) => {
        if (!closing.signal.aborted)
          log.warn({ err: error, name }, 'Trying again to be the one who does this');
      });
      await wait(retry, closing.signal);
    }
  }
  const running = run();

  return {
    /** Gives the lock back when `work` has ended. */
    async close(): Promise<void> {
      closing.abort();
      await running;
    },
  };
}
