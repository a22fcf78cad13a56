import {
  type ActivityLog,
  type ActivityTables,
  activityExpiry,
  createActivityLog,
  type EventShape,
} from '@fellowship/activity';
import { connectNats, consume, type Handler, postgresHints } from '@fellowship/bus';
import { type Commands, type CommandTable, commandExpiry, createCommands } from '@fellowship/command';
import {
  type Database,
  type DatabaseTimeouts,
  migrate,
  type OnStatement,
  openDatabase,
  startExpiry,
} from '@fellowship/postgres';
import type { Logger } from '@fellowship/server';
import { v7 as uuidv7 } from 'uuid';

/** What a subgraph is given: where its data is, and the time and ids that tests want to choose. */
export interface SubgraphDeps {
  /** The service's connection. */
  readonly url: string;
  /** The owner's, which migrates. The same as `url` where an operator gave only one. */
  readonly migrationUrl: string;
  readonly log: Logger;
  /** Days that events are kept; 90 unless told. */
  readonly retentionDays?: number;
  /** Where events are passed on to, and heard from: `nats://…`. Without: from the database alone. */
  readonly natsUrl?: string | undefined;
  readonly timeouts?: DatabaseTimeouts;
  readonly clock?: () => Date;
  /** A new UUID, version 7: ids sort by time. */
  readonly newId?: () => string;
  /** Told every SQL statement but those of the relay, which come by the clock; tests count with it. */
  readonly onStatement?: OnStatement;
  /** See `DatabaseOptions.slow`. */
  readonly slowReads?: number;
  /** Told those of the relay. */
  readonly onRelayStatement?: OnStatement;
}

/** What a subgraph's tables are called, and where their migrations lie. */
export interface StoreShape {
  /** The subgraph's name. */
  readonly name: string;
  /** The Postgres schema. */
  readonly schema: string;
  readonly migrations: string;
  readonly activity: ActivityTables;
  readonly commands: CommandTable;
  /** Further tables that may be read across tenants. */
  readonly relayed?: readonly string[];
  /** Names of tables whose rows are never changed or deleted. */
  readonly appendOnly?: readonly string[];
}

/** A subgraph's database, migrated, with the log and the commands over it. */
export interface Store<Event extends EventShape> {
  readonly database: Database;
  readonly activity: ActivityLog<Event>;
  readonly commands: Commands<Event>;
  readonly clock: () => Date;
  readonly newId: () => string;
  /** Handles events of other services, by their type, where there is NATS. Ends with the store. */
  consume(handlers: Readonly<Record<string, Handler>>): void;
  close(): Promise<void>;
}

export async function openStore<Event extends EventShape>(
  deps: SubgraphDeps,
  shape: StoreShape,
): Promise<Store<Event>> {
  const { url, migrationUrl, log, clock = () => new Date(), newId = uuidv7 } = deps;
  const { retentionDays: days = 90, natsUrl } = deps;
  const expiring = ['activity', 'commands'];
  const { name, schema, migrations: folder, appendOnly = [] } = shape;
  const { role } = await migrate({
    url,
    migrationUrl,
    schema,
    folder,
    relayed: ['activity', 'activity_heads', ...(shape.relayed ?? [])],
    expiring,
    appendOnly,
  });
  const database = openDatabase({
    url,
    role,
    timeouts: deps.timeouts,
    onStatement: deps.onStatement,
    slow: deps.slowReads,
    onRelayStatement: deps.onRelayStatement,
  });
  const hints = postgresHints({ url, channel: `${schema}_activity`, log });
  const nats = natsUrl ? connectNats({ url: natsUrl, name: `fellowship ${name}`, log }) : undefined;
  const bus = nats && { service: name, nats, url, days };
  const activity = createActivityLog<Event>({ database, tables: shape.activity, hints, bus, log });
  const commands = createCommands({ database, table: shape.commands, activity, clock, newId });
  const consumers: { close(): Promise<void> }[] = [];
  const expiries = [
    activityExpiry(shape.activity, { days, relayed: bus !== undefined }),
    commandExpiry(shape.commands),
  ];
  const expiry = startExpiry({ upkeep: database.upkeep, expiries, clock, log });
  return {
    database,
    activity,
    commands,
    clock,
    newId,
    consume(handlers) {
      if (nats) consumers.push(consume({ nats, name, handlers, log }));
    },
    async close() {
      await Promise.all(consumers.map((consumer) => consumer.close()));
      await expiry.close();
      await activity.close();
      await nats?.close();
      await hints.close();
      await database.close();
    },
  };
}
