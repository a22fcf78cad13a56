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
    const transaction = new OpenTransaction(connection, again);
    let result: Result;
    try {
      result = await connection.unlessLost(work(transaction));
    } catch (error) {
      // What the work made of a broken connection, such as a row not found, is not to be believed.
      if (connection.lost)
        throw error instanceof ConnectionLost ? error : new ConnectionLost(false, { cause: error });
      await transaction.rollback();
      throw error;
    }
    await transaction.commit();
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

/** A class and no literal, which would be a hidden class a transaction for its getter: see `createContext` of lib/subgraph. */
class OpenTransaction implements Transaction {
  readonly again: boolean;
  readonly #connection: Connection;
  readonly #last: (() => Promise<unknown>)[] = [];
  #begun: Promise<unknown> | undefined;
  #ended = false;
  #savepoints = 0;

  constructor(connection: Connection, again: boolean) {
    this.#connection = connection;
    this.again = again;
  }

  get db(): Builder {
    this.#begin();
    return this.#connection.db;
  }

  run<Result>(query: Query<Result>, values: Record<string, unknown>): Promise<Result> {
    this.#begin();
    return this.#connection.run(query, values);
  }

  runLast(query: Query<unknown>, values: Record<string, unknown>): void {
    this.#assertOpen();
    this.#last.push(this.#connection.ready(query, values));
  }

  async savepoint<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#begin();
    this.#savepoints += 1;
    const name = `attempt_${this.#savepoints}`;
    const kept = this.#last.length;
    await this.#send(`savepoint ${name}`);
    try {
      const result = await work();
      await this.#send(`release savepoint ${name}`);
      return result;
    } catch (error) {
      this.#last.length = kept;
      await this.#send(`rollback to savepoint ${name}`);
      throw error;
    }
  }

  async commit(): Promise<void> {
    try {
      if (this.#begun || this.#last.length > 0) await this.#finish();
    } catch (error) {
      if (error instanceof ConnectionLost) throw new ConnectionLost(true, { cause: error });
      throw isViolation(error) ? new Outdated('Decided on what is no longer so', { cause: error }) : error;
    } finally {
      this.#ended = true;
    }
  }

  async rollback(): Promise<void> {
    this.#ended = true;
    if (this.#begun) await this.#send('rollback').catch(() => this.#connection.discard());
  }

  async #finish(): Promise<void> {
    const isAlone = !this.#begun && this.#last.length === 1;
    if (!isAlone) this.#begin();
    this.#ended = true;
    const written = Promise.all([this.#begun, ...this.#last.map((sendIt) => sendIt())]);
    if (isAlone) return void (await written);
    const [, { command }] = await Promise.all([written, this.#send('commit')]);
    // A transaction that failed and was caught inside `work` answers COMMIT with ROLLBACK and no error.
    if (command !== 'COMMIT') throw new Error(`The transaction ended with ${command}`);
  }

  #begin(): void {
    this.#assertOpen();
    if (this.#begun) return;
    this.#begun = this.#send('begin');
    this.#begun.catch(() => {});
  }

  #assertOpen(): void {
    // What came now would be done for itself, and maybe for another tenant.
    if (this.#ended) throw new Error('The transaction has ended');
  }

  #send(text: string) {
    return this.#connection.unlessLost(this.#connection.client.unsafe(text).execute());
  }
}
