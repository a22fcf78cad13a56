import { sql } from 'drizzle-orm';
import { systemTenant } from './columns.ts';
import { query, type Reads } from './query.ts';
import { Readers } from './readers.ts';
import { Session, type Transaction } from './session.ts';
import { Writers } from './writers.ts';

export interface DatabaseOptions {
  readonly url: string;
  /** The role to act as, where `url` connects as another (an owner). */
  readonly role?: string | undefined;
  /** Connections for reads, shared by all. Default 4. */
  readonly readers?: number;
  /** Connections for transactions, one each at a time. Default 8. */
  readonly writers?: number;
  readonly random?: () => number;
  /** Told every statement's text, but not the relay's, which come by the clock and not by what is asked. */
  readonly onStatement?: ((text: string) => void) | undefined;
  /** Told those of the relay. */
  readonly onRelayStatement?: ((text: string) => void) | undefined;
}

/** One service's database, seen by one tenant at a time. Nothing here reads without a tenant but `everyTenant`. */
export interface Database {
  of(tenant: string): Reads;
  transaction<Result>(tenant: string, work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Reads tables that admit it across tenants, for whoever works for all of them. One connection. */
  readonly everyTenant: Reads;
  /** Removes what is too old from tables that admit it. One connection, open only while it is used. */
  readonly upkeep: Reads;
  /** Rejects when the database does not answer, be it to reads, to transactions or to the relay. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds that whoever tails the log waits for an answer before it connects anew. */
const patience = 10_000;

const one = query('ready', (db) => db.select({ one: sql`1` }).from(sql`(select 1) as t`));

export function openDatabase(options: DatabaseOptions): Database {
  const { url, role, onStatement, onRelayStatement, random = Math.random } = options;
  const acting = { ...(role && { role }) };
  const connect = () => new Session({ url, onStatement, settings: acting });

  const reading = Array.from({ length: options.readers ?? 4 }, connect);
  const writing = Array.from({ length: options.writers ?? 8 }, connect);
  const settings = { ...acting, 'app.relay': 'on', 'app.tenant_id': systemTenant };
  const relay = new Session({ url, settings, patience, onStatement: onRelayStatement });
  const upkeep = new Session({ url, settings, idleTimeout: 30 });
  const readers = new Readers(reading);
  const writers = new Writers(writing, random);

  return {
    of: (tenant) => ({ run: (query, values) => readers.run(tenant, query, values) }),
    transaction: (tenant, work) => writers.transaction(tenant, work),
    everyTenant: relay,
    upkeep,
    async ready() {
      await Promise.all([
        relay.run(one, {}),
        readers.run(systemTenant, one, {}),
        writers.transaction(systemTenant, (tx) => tx.run(one, {})),
      ]);
    },
    async close() {
      await Promise.all([...reading, ...writing, relay, upkeep].map((session) => session.close()));
    },
  };
}
