import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Builder, Query, Reads } from './query.ts';

export interface SessionOptions {
  readonly url: string;
  /** Sent when connecting, e.g. `{ role: 'fellowship_service' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Milliseconds that a statement may take before its connection counts as broken and is replaced. */
  readonly patience?: number;
  /** Seconds after which a connection that nobody uses is closed; it opens again with the next statement. */
  readonly idleTimeout?: number;
  /** Told every statement's text as it is sent; tests count with it. */
  readonly onStatement?: ((text: string) => void) | undefined;
}

/** The connection broke in the middle of a transaction: whether its commit took effect is not known. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  constructor() {
    super('The database connection was lost');
  }
}

const timestamptz = 1184;

/** What a transaction's work can do. */
export interface Transaction extends Reads {
  readonly db: Builder;
  /** Runs `work`; when it throws, only what it did is undone and the transaction can go on. */
  savepoint<Result>(work: () => Promise<Result>): Promise<Result>;
}

/**
 * One connection, kept in order: what is sent first runs first. postgres.js connects again by itself after a
 * loss, with neither tenant nor transaction, so `epoch` counts the losses and whoever relied on either looks
 * whether it moved. (Row level security makes an overlooked case see no rows, never another tenant's.)
 */
export class Session {
  tenant: string | null = null;
  /** Reads sent and not yet answered. The tenant may change only while there are none. */
  reading = 0;
  epoch = 0;
  readonly #connect: () => postgres.Sql;
  readonly #patience: number | undefined;
  #client: postgres.Sql;
  #db: Builder;
  readonly #prepared = new Map<
    Query<unknown>,
    { execute(values?: Record<string, unknown>): Promise<unknown> }
  >();

  constructor({ url, settings, patience, idleTimeout, onStatement }: SessionOptions) {
    this.#connect = () =>
      postgres(url, {
        max: 1,
        connection: { application_name: 'fellowship', ...settings },
        onnotice: () => {},
        onclose: () => this.#lost(),
        ...(idleTimeout && { idle_timeout: idleTimeout }),
        ...(onStatement && { debug: (_connection: number, text: string) => onStatement(text) }),
      });
    this.#patience = patience;
    this.#client = this.#connect();
    this.#db = buildOn(this.#client);
  }

  #lost(): void {
    this.tenant = null;
    this.epoch += 1;
  }

  /** Sends the change of tenant ahead of whatever follows. `.execute()`: postgres.js templates are lazy. */
  become(tenant: string): void {
    this.tenant = tenant;
    this.#client`select set_config('app.tenant_id', ${tenant}, false)`.execute().catch(() => this.#lost());
  }

  run<Result>(query: Query<Result>, values: Record<string, unknown>): Promise<Result> {
    const result = this.#execute(query, values);
    return this.#patience === undefined ? result : this.#orReplace(result, this.#patience);
  }

  /**
   * A connection whose other end has gone without a word (a half-open one) would keep its statement waiting for
   * a quarter of an hour: the kernel's own limit, which Node can't set.
   */
  async #orReplace<Result>(result: Promise<Result>, patience: number): Promise<Result> {
    const client = this.#client;
    const timer = setTimeout(() => this.#replace(client), patience);
    try {
      return await result;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Rejects what `client` has not answered, and goes on with a new one. */
  #replace(client: postgres.Sql): void {
    if (this.#client !== client) return;
    this.#lost();
    this.#client = this.#connect();
    this.#db = buildOn(this.#client);
    this.#prepared.clear();
    client.end({ timeout: 0 }).catch(() => {});
  }

  #execute<Result>(query: Query<Result>, values: Record<string, unknown>): Promise<Result> {
    let prepared = this.#prepared.get(query);
    if (!prepared) {
      prepared = query.build(this.#db).prepare(query.name);
      this.#prepared.set(query, prepared);
    }
    return prepared.execute(values) as Promise<Result>;
  }

  /** One transaction for one tenant. `begin` and the tenant travel with the first statement. */
  async transaction<Result>(tenant: string, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const { epoch } = this;
    const begun = Promise.all([
      this.#client.unsafe('begin').execute(),
      this.#client`select set_config('app.tenant_id', ${tenant}, true)`.execute(),
    ]);
    begun.catch(() => {});
    const intact = () => {
      if (this.epoch !== epoch) throw new ConnectionLost();
    };
    try {
      const result = await work(this.#open(intact));
      await begun;
      intact();
      const { command } = await this.#client.unsafe('commit');
      // A transaction that failed and was caught inside `work` answers COMMIT with ROLLBACK and no error.
      if (command !== 'COMMIT') throw new Error(`The transaction ended with ${command}`);
      return result;
    } catch (error) {
      if (this.epoch === epoch) await this.#client.unsafe('rollback').catch(() => {});
      throw error;
    }
  }

  #open(intact: () => void): Transaction {
    const run: Reads['run'] = (query, values) => {
      intact();
      return this.run(query, values);
    };
    let savepoints = 0;
    const savepoint = async <Result>(work: () => Promise<Result>): Promise<Result> => {
      intact();
      savepoints += 1;
      const name = `attempt_${savepoints}`;
      await this.#client.unsafe(`savepoint ${name}`);
      try {
        const result = await work();
        intact();
        await this.#client.unsafe(`release savepoint ${name}`);
        return result;
      } catch (error) {
        intact();
        await this.#client.unsafe(`rollback to savepoint ${name}`);
        throw error;
      }
    };
    return { db: this.#db, run, savepoint };
  }

  async close(): Promise<void> {
    await this.#client.end({ timeout: 5 });
  }
}

function buildOn(client: postgres.Sql): Builder {
  // Drizzle leaves statements it was not asked to `.prepare()` unprepared; all of ours have stable texts.
  const { unsafe } = client;
  client.unsafe = (text, parameters = [], options) =>
    unsafe(text, parameters, { ...options, prepare: parameters.length > 0 });
  const db = drizzle(client);
  // Drizzle takes the client's date serializers away, and does not encode placeholders by itself.
  const { serializers } = client.options;
  serializers[timestamptz] = (value: unknown) => (value instanceof Date ? value.toISOString() : value);
  return db;
}
