import { Connection, ConnectionLost, type ConnectionOptions } from './connection.ts';
import type { Builder, Query, Reads } from './query.ts';

export interface SessionOptions extends ConnectionOptions {
  /** Milliseconds that a statement may take before its connection counts as broken and is replaced. */
  readonly patience?: number;
}

/** What a transaction's work can do. */
export interface Transaction extends Reads {
  readonly db: Builder;
  /** Runs `work`; when it throws, only what it did is undone and the transaction can go on. */
  savepoint<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** One connection after another: a lost one is replaced when it is next needed. */
export class Session {
  /** Reads sent and not yet answered. The tenant may change only while there are none. */
  reading = 0;
  readonly #options: SessionOptions;
  #current: Connection | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** The tenant whose rows this connection sees; null: nobody's. */
  get tenant(): string | null {
    return this.#current?.lost ? null : (this.#current?.tenant ?? null);
  }

  become(tenant: string): void {
    this.#live().become(tenant);
  }

  /** Rejects with ConnectionLost when the connection breaks before the answer is here. */
  async run<Result>(query: Query<Result>, values: Record<string, unknown>): Promise<Result> {
    const connection = this.#live();
    const { patience } = this.#options;
    if (patience === undefined) return connection.run(query, values);
    // A connection whose other end has gone without a word (a half-open one) would keep its statement waiting for
    // a quarter of an hour: the kernel's own limit, which Node can't set.
    const timer = setTimeout(() => connection.discard(), patience);
    try {
      return await connection.run(query, values);
    } finally {
      clearTimeout(timer);
    }
  }

  /** One transaction for one tenant. `begin` and the tenant travel with the first statement. */
  async transaction<Result>(tenant: string, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const connection = this.#live();
    const { client } = connection;
    const begun = Promise.all([
      client.unsafe('begin').execute(),
      client`select set_config('app.tenant_id', ${tenant}, true)`.execute(),
    ]);
    begun.catch(() => {});
    let result: Result;
    try {
      result = await connection.unlessLost(work(open(connection)));
      await connection.unlessLost(begun);
    } catch (error) {
      // What the work made of a broken connection, such as a row not found, is not to be believed.
      if (connection.lost)
        throw error instanceof ConnectionLost ? error : new ConnectionLost(false, { cause: error });
      await connection.unlessLost(client.unsafe('rollback').execute()).catch(() => connection.discard());
      throw error;
    }
    await commit(connection);
    return result;
  }

  #live(): Connection {
    if (!this.#current || this.#current.lost) this.#current = new Connection(this.#options);
    return this.#current;
  }

  async close(): Promise<void> {
    await this.#current?.close();
  }
}

async function commit(connection: Connection): Promise<void> {
  try {
    const { command } = await connection.unlessLost(connection.client.unsafe('commit').execute());
    // A transaction that failed and was caught inside `work` answers COMMIT with ROLLBACK and no error.
    if (command !== 'COMMIT') throw new Error(`The transaction ended with ${command}`);
  } catch (error) {
    throw error instanceof ConnectionLost ? new ConnectionLost(true, { cause: error }) : error;
  }
}

function open(connection: Connection): Transaction {
  const { client, db } = connection;
  let savepoints = 0;
  const send = (text: string) => connection.unlessLost(client.unsafe(text).execute());
  return {
    db,
    run: (query, values) => connection.run(query, values),
    async savepoint(work) {
      savepoints += 1;
      const name = `attempt_${savepoints}`;
      await send(`savepoint ${name}`);
      try {
        const result = await work();
        await send(`release savepoint ${name}`);
        return result;
      } catch (error) {
        await send(`rollback to savepoint ${name}`);
        throw error;
      }
    },
  };
}
