import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { within } from '@fellowship/within';
import type { Logger } from 'pino';
import postgres from 'postgres';
import type { Hints } from './hints.ts';

export interface PostgresHintsOptions {
  readonly url: string;
  readonly channel: string;
  readonly log: Logger;
  /** Milliseconds between two checks that what is sent is heard, and how long the answer may take. */
  readonly beat?: number;
  readonly patience?: number;
}

/**
 * The shortest time between two notifications, in milliseconds: whoever hears one reads the log no more often than
 * this (`gap` of activity/tail.ts). Without it a busy process sends one after the other.
 */
const GAP = 10;
/** Milliseconds between two attempts to listen again: the first, doubled up to the last. */
const retries = { first: 100, last: 5_000 };

/**
 * Hints over LISTEN and NOTIFY, on two connections of their own. Sent outside the transactions they speak of: a
 * `pg_notify` inside a commit was measured to take two thirds of the throughput at 32 clients.
 *
 * A LISTEN whose connection broke without a word hears nothing and says nothing, and postgres.js gives up when
 * its one attempt to listen again fails. So whoever listens also sends itself a notification now and then, and
 * when it does not arrive, both connections are replaced.
 */
export function postgresHints(options: PostgresHintsOptions): Hints {
  const { url, channel, log, beat = 5_000, patience = 5_000 } = options;
  const self = randomUUID();
  const listeners = new Set<() => void>();
  const closing = new AbortController();
  let client = open();
  let attending: Promise<void> | undefined;
  let sending: Promise<void> | undefined;
  let again = false;
  let heard = () => {};

  function open(): postgres.Sql {
    return postgres(url, {
      max: 1,
      connect_timeout: 5,
      // The driver's own question about types: when the connection breaks meanwhile, nobody could catch it.
      fetch_types: false,
      onnotice: () => {},
      connection: { application_name: 'fellowship hints' },
    });
  }

  /** Rejects what the old connections have not answered. */
  function renew(broken: postgres.Sql): void {
    if (client !== broken || closing.signal.aborted) return;
    client = open();
    broken.end({ timeout: 0 }).catch(() => {});
  }

  const pause = (milliseconds: number) =>
    delay(milliseconds, undefined, { signal: closing.signal, ref: false }).catch(() => {});

  const tell = () => {
    for (const listener of listeners) listener();
  };

  /** A notification is the sender's id, or `?` and that when it is only to be heard by itself. */
  function onNotification(payload: string): void {
    if (payload === `?${self}`) heard();
    else if (payload !== self && !payload.startsWith('?')) tell();
  }

  async function notify(): Promise<void> {
    do {
      again = false;
      const through = client;
      await within(patience, through.notify(channel, self)).catch((error: unknown) => {
        log.warn({ err: error }, 'Hint not sent');
        renew(through);
      });
      await pause(GAP);
    } while (again);
  }

  async function roundTrip(through: postgres.Sql): Promise<void> {
    const arrival = new Promise<void>((resolve) => {
      heard = resolve;
    });
    await within(patience, Promise.all([through.notify(channel, `?${self}`), arrival]));
  }

  /** Listens until closed. Hints may have been missed whenever listening begins, so that counts as one. */
  async function attend(): Promise<void> {
    let retry = retries.first;
    while (!closing.signal.aborted) {
      const through = client;
      try {
        await within(patience, through.listen(channel, onNotification, tell));
        while (through === client && !closing.signal.aborted) {
          await roundTrip(through);
          retry = retries.first;
          await pause(beat);
        }
      } catch (error) {
        if (closing.signal.aborted) return;
        log.warn({ err: error }, 'Not listening for hints; trying again');
        renew(through);
        await pause(retry);
        retry = Math.min(retry * 2, retries.last);
      }
    }
  }

  return {
    send() {
      tell();
      if (sending) again = true;
      else {
        sending = notify().finally(() => {
          sending = undefined;
        });
      }
    },
    listen(onHint) {
      listeners.add(onHint);
      attending ??= attend();
      return () => listeners.delete(onHint);
    },
    async close() {
      closing.abort();
      heard();
      await Promise.all([attending, sending]);
      await client.end({ timeout: 5 });
    },
  };
}
