import { sql } from 'drizzle-orm';
import { systemTenant } from './columns.ts';
import type { OnStatement } from './connection.ts';
import { type LineReads, query, type Reads } from './query.ts';
import { Readers } from './readers.ts';
import { Session, type Transaction } from './session.ts';
import { type DatabaseTimeouts, DEFAULT_TIMEOUTS, timeoutSettings } from './timeouts.ts';
import { SLOW, Turns } from './turns.ts';
import { Writers } from './writers.ts';

export interface DatabaseOptions {
  readonly url: string;
  /** The role to act as, where `url` connects as another (an owner). */
  readonly role?: string | undefined;
  /** Connections for reads, shared by all. Default 4. */
  readonly readers?: number;
  /** Connections for transactions, one each at a time. Default 8. */
  readonly writers?: number;
  readonly timeouts?: DatabaseTimeouts | undefined;
  readonly random?: () => number;
  /** Milliseconds after which reads that are answered together part; 100 unless told. Tests that count have time. */
  readonly slow?: number | undefined;
  /** Told every statement, but not the relay's, which come by the clock and not by what is asked. */
  readonly onStatement?: OnStatement | undefined;
  /** Told those of the relay. */
  readonly onRelayStatement?: OnStatement | undefined;
}

/** One service's database, seen by one tenant at a time. Nothing here reads without a tenant but `everyTenant`. */
export interface Database {
  of(tenant: string): Reads;
  transaction<Result>(tenant: string, work: (tx: Transaction) => Promise<Result>): Promise<Result>;
  /** Reads tables that admit it across tenants, for whoever works for all of them. One connection. */
  readonly everyTenant: LineReads;
  /** Removes what is too old from tables that admit it. One connection, open only while it is used. */
  readonly upkeep: Reads;
  /** Rejects when the database does not answer, be it to reads, to transactions or to the relay. */
  ready(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Milliseconds without an answer before a connection counts as broken: that of whoever tails the log, and all others,
 * whose statements may wait for a lock.
 */
const patience = { relay: 10_000, others: 15_000 };

/**
 * Planning was two thirds of what a read cost: one plan a statement and connection, made without its values, in
 * place of a new plan for each. Statements here are written for it: an index serves each, whatever the values.
 * Sequential scans off, since a plan made while a table is small is kept while it grows; the compiler of plans
 * too, which costs more than any page gains.
 */
const planning = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off', jit: 'off' };

const one = query('ready', (db) => db.select({ one: sql`1` }).from(sql`(select 1) as t`));

export function openDatabase(options: DatabaseOptions): Database {
  const { url, role, onStatement, onRelayStatement, random = Math.random } = options;
  const acting = { ...(role && { role }) };
  const ofRequests = {
    url,
    onStatement,
    settings: { ...acting, ...planning, ...timeoutSettings(options.timeouts ?? DEFAULT_TIMEOUTS) },
    patience: patience.others,
  };
  const connect = () => new Session(ofRequests);

  const reading = Array.from({ length: options.readers ?? 4 }, connect);
  const writing = Array.from({ length: options.writers ?? 8 }, connect);
  const settings = { ...acting, 'app.relay': 'on', 'app.tenant_id': systemTenant };
  const relay = new Session({ url, settings, patience: patience.relay, onStatement: onRelayStatement });
  const upkeep = new Session({ url, settings, idleTimeout: 30 });
  const readers = new Readers(reading);
  const turns = new Turns(readers, options.slow ?? SLOW);
  const writers = new Writers(writing, random);

  return {
    of: (tenant) => ({ run: (query, values) => turns.run(tenant, query, values) }),
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
