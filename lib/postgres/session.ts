import { Connection, ConnectionLost, type ConnectionOptions } from './connection.ts';
import { isViolation, Outdated } from './errors.ts';
import type { Builder, LineReads, Query, Reads } from './query.ts';

/**
 * What a transaction's work can do. Statements run in the order in which `run` is called, each seeing what those
 * before it did, whether or not their answers were awaited. So those that need no answer of one another, such as a
 * lock and what is read behind it, are best asked for together (`Promise.all`). Measured, eight statements and
 * commit: 1.6 times as many transactions, at 0.6 of the processor in this process and in the server.
 */
export interface Transaction extends Reads {
  readonly db: Builder;
  /** Whether it is run again because what it left for the end was outdated: time to lock what is decided on. */
  readonly again: boolean;
  /** Runs `work`; when it throws, only what it did is undone and the transaction can go on. */
  savepoint<Result>(work: () => Promise<Result>): Promise<Result>;
  /**
   * Leaves a statement for the end: it goes out together with the commit. When it fails, nothing has happened; when it
   * breaks a constraint, what was decided is no longer right, and the work is done again. Where it is all there is, it
   * is the transaction, without `begin` and `commit`: measured, joining a group took 0.79 of the server's and the
   * driver's processor so, beside a lock, a read behind it and two writes.
   */
  runLast(query: Query<unknown>, values: Record<string, unknown>): void;
}

/** One connection after another: a lost one is replaced when it is next needed. */
export class Session implements LineReads {
  /** Reads sent and not yet answered. The tenant may change only while there are none. */
  reading = 0;
  /** When it last answered one, or was given the first of them: milliseconds, of `performance.now()`. */
  answered = 0;
  readonly #options: ConnectionOptions;
  #current: Connection | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** The tenant whose rows this connection sees; null: nobody's. */
  get tenant(): string | null {
    return this.#current?.lost ? null : (this.#current?.tenant ?? null);
  }

  /** See `Connection`. */
  become(tenant: string): Promise<void> {
    return this.#live().become(tenant);
  }

  /** Rejects with ConnectionLost when the connection breaks before the answer is here. */
  async run<Result>(query: Query<Result>, values: Record<string, unknown>): Promise<Result> {
    return this.#live().run(query, values);
  }

  steady(): Reads {
    const connection = this.#live();
    return {
      run: async (query, values) => {
        if (connection.lost) throw new ConnectionLost();
        return connection.run(query, values);
      },
    };
  }

  /**
   * One transaction for one tenant. What begins it travels with its first statement; where that is its last as well,
   * it is the transaction by itself.
   */
  async transaction<Result>(
    tenant: string,
    work: (tx: Transaction) => Promise<Result>,
    again = false,
  ): Promise<Result> {
    const connection = this.#live();
    if (connection.tenant !== tenant) await connection.unlessLost(connection.become(tenant));
    const { transaction, commit, rollback } = open(connection, again);
    let result: Result;
    try {
      result = await connection.unlessLost(work(transaction));
    } catch (error) {
      // What the work made of a broken connection, such as a row not found, is not to be believed.
      if (connection.lost)
        throw error instanceof ConnectionLost ? error : new ConnectionLost(false, { cause: error });
      await rollback();
      throw error;
    }
    await commit();
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

function open(connection: Connection, again: boolean) {
  const { client } = connection;
  const last: (() => Promise<unknown>)[] = [];
  let begun: Promise<unknown> | undefined;
  let ended = false;
  let savepoints = 0;

  const assertOpen = () => {
    // What came now would be done for itself, and maybe for another tenant.
    if (ended) throw new Error('The transaction has ended');
  };
  const send = (text: string) => connection.unlessLost(client.unsafe(text).execute());
  const begin = () => {
    assertOpen();
    if (begun) return;
    begun = send('begin');
    begun.catch(() => {});
  };

  const transaction: Transaction = {
    again,
    get db() {
      begin();
      return connection.db;
    },
    run(query, values) {
      begin();
      return connection.run(query, values);
    },
    runLast(query, values) {
      assertOpen();
      last.push(connection.ready(query, values));
    },
    async savepoint(work) {
      begin();
      savepoints += 1;
      const name = `attempt_${savepoints}`;
      const kept = last.length;
      await send(`savepoint ${name}`);
      try {
        const result = await work();
        await send(`release savepoint ${name}`);
        return result;
      } catch (error) {
        last.length = kept;
        await send(`rollback to savepoint ${name}`);
        throw error;
      }
    },
  };

  async function finish(): Promise<void> {
    const isAlone = !begun && last.length === 1;
    if (!isAlone) begin();
    ended = true;
    const written = Promise.all([begun, ...last.map((sendIt) => sendIt())]);
    if (isAlone) return void (await written);
    const [, { command }] = await Promise.all([written, send('commit')]);
    // A transaction that failed and was caught inside `work` answers COMMIT with ROLLBACK and no error.
    if (command !== 'COMMIT') throw new Error(`The transaction ended with ${command}`);
  }

  return {
    transaction,
    async commit(): Promise<void> {
      try {
        if (begun || last.length > 0) await finish();
      } catch (error) {
        if (error instanceof ConnectionLost) throw new ConnectionLost(true, { cause: error });
        throw isViolation(error) ? new Outdated('Decided on what is no longer so', { cause: error }) : error;
      } finally {
        ended = true;
      }
    },
    async rollback(): Promise<void> {
      ended = true;
      if (begun) await send('rollback').catch(() => connection.discard());
    },
  };
}
