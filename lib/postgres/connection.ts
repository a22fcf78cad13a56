import { Unavailable } from '@fellowship/unavailable';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { parse } from 'postgres-array';
import { arrayText } from './array-text.ts';
import { compiled } from './compiled.ts';
import { isConnectionError } from './errors.ts';
import type { Builder, Query } from './query.ts';

/** Is told every statement as it is sent, with its parameters. */
export type OnStatement = (text: string, values: readonly unknown[]) => void;

export interface ConnectionOptions {
  readonly url: string;
  /** Sent when connecting, e.g. `{ role: 'fellowship_service' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Seconds after which a connection that nobody uses is closed; it opens again with the next statement. */
  readonly idleTimeout?: number;
  /**
   * Milliseconds that all that was asked may go unanswered before the connection counts as broken. One whose other
   * end has gone without a word (a half-open one) would keep its statements waiting for a quarter of an hour: the
   * kernel's own limit, which Node can't set.
   */
  readonly patience?: number;
  /** Tests count with it. */
  readonly onStatement?: OnStatement | undefined;
}

/** The connection broke. What was asked of it may have happened or not, unless it was a transaction's work. */
export class ConnectionLost extends Unavailable {
  override readonly name = 'ConnectionLost';
  /** Whether a commit was on its way: then it is not known whether it took effect. */
  readonly committing: boolean;

  constructor(committing = false, options?: ErrorOptions) {
    super(`The database connection was lost${committing ? ' during a commit' : ''}`, options);
    this.committing = committing;
  }
}

/** Postgres' own types never change their ids. Arrays: boolean, smallint, integer, text, varchar, bigint, uuid. */
const oids = { timestamptz: 1184, arrays: [1000, 1005, 1007, 1009, 1015, 1016, 2951] };

/**
 * One connection for as long as it lives, kept in order: what is sent first runs first. A lost one is thrown away
 * and never used again, because postgres.js would connect it anew by itself, with neither tenant nor transaction;
 * and because, measured with 3.4.9, a statement sent while the socket breaks may never be answered (11 of 40
 * busy clients hung for good after `pg_terminate_backend`). So whoever waits is told of the loss here.
 */
export class Connection {
  tenant: string | null = null;
  lost = false;
  readonly client: postgres.Sql;
  readonly db: Builder;
  readonly #waiting = new Set<(reason: ConnectionLost) => void>();
  readonly #patience: number | undefined;
  #watching = false;
  #answered = false;

  constructor({ url, settings, idleTimeout, patience, onStatement }: ConnectionOptions) {
    this.#patience = patience;
    this.client = postgres(url, {
      max: 1,
      // It would end a connection between two statements of a transaction.
      max_lifetime: null,
      // The driver's own question about array types is nobody's to catch when the connection breaks meanwhile: an
      // unhandled rejection. The types that we use are below.
      fetch_types: false,
      connection: { application_name: 'fellowship', ...settings },
      onnotice: () => {},
      onclose: () => this.discard(),
      ...(idleTimeout && { idle_timeout: idleTimeout }),
      ...(onStatement && {
        debug: (_connection: number, text: string, values: unknown[]) => onStatement(text, values),
      }),
    });
    this.db = buildOn(this.client);
  }

  /**
   * Sends the change of tenant ahead of whatever follows. Where it fails, so does the connection: of what followed,
   * nobody gets an answer. What is done without waiting for one, and for good, waits for this. `.execute()`: postgres.js
   * templates are lazy.
   */
  async become(tenant: string): Promise<void> {
    this.tenant = tenant;
    await this.client`select set_config('app.tenant_id', ${tenant}, false)`
      .execute()
      .catch(() => this.discard());
  }

  run<Result>(query: Query<Result>, values: Record<string, unknown>): Promise<Result> {
    return this.ready(query, values)();
  }

  /** What sends it when it is called. Throws at once when a value is missing. */
  ready<Result>(query: Query<Result>, values: Record<string, unknown>): () => Promise<Result> {
    const { text, parameters, toRows } = compiled(query);
    const written = parameters(values) as never[];
    return () => {
      const sent = this.client.unsafe(text, written);
      return this.unlessLost(
        (toRows ? sent.values().then((rows) => toRows(rows, values)) : sent) as Promise<Result>,
      );
    };
  }

  /**
   * The outcome of work on this connection, or ConnectionLost as soon as it is. (Not `Promise.race`: it would
   * keep a reaction a statement for as long as the connection lives.)
   */
  unlessLost<Result>(work: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.lost) reject(new ConnectionLost());
      this.#waiting.add(reject);
      this.#watch();
      const settled = () => {
        this.#waiting.delete(reject);
        this.#answered = true;
      };
      work.then(
        (result) => {
          settled();
          resolve(result);
        },
        (error: unknown) => {
          settled();
          reject(isConnectionError(error) ? new ConnectionLost(false, { cause: error }) : error);
        },
      );
    });
  }

  /** One timer for however many statements: gives the connection up when it ends without an answer to any of them. */
  #watch(): void {
    if (this.#patience === undefined || this.#watching || this.lost) return;
    this.#watching = true;
    this.#answered = false;
    const look = () => {
      this.#watching = false;
      if (this.#waiting.size === 0) return;
      if (this.#answered) this.#watch();
      else this.discard();
    };
    // What arrived while this process was busy is read before it is looked for: sockets come after timers.
    setTimeout(() => setImmediate(() => setImmediate(look)), this.#patience).unref();
  }

  /** Gives it up: whoever waits is told, and nobody gets it any more. */
  discard(): void {
    if (this.lost) return;
    this.lost = true;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const reject of waiting) reject(new ConnectionLost());
    this.client.end({ timeout: 0 }).catch(() => {});
  }

  async close(): Promise<void> {
    await this.client.end({ timeout: 5 });
  }
}

function buildOn(client: postgres.Sql): Builder {
  // Drizzle leaves statements it was not asked to `.prepare()` unprepared; all of ours have stable texts.
  // `.execute()`, because postgres.js is lazy: so they are sent in the order in which they are asked for.
  const { unsafe } = client;
  const sent = <Pending extends { execute(): unknown }>(query: Pending): Pending => {
    query.execute();
    return query;
  };
  client.unsafe = (text, parameters = [], options) =>
    sent(unsafe(text, parameters, { ...options, prepare: parameters.length > 0 }));
  const db = drizzle(client);
  // Drizzle takes the client's date serializers away, and does not encode placeholders by itself.
  const { serializers, parsers } = client.options;
  serializers[oids.timestamptz] = (value: unknown) => (value instanceof Date ? value.toISOString() : value);
  for (const oid of oids.arrays) {
    serializers[oid] = (value: unknown) => (Array.isArray(value) ? arrayText(value) : value);
    // Drizzle's own (0.45.4) drops backslashes.
    parsers[oid] = (text: string) => parse(text);
  }
  return db;
}
