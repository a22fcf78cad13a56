import {
  type ActivityLog,
  type ActivityTables,
  createActivityLog,
  type EventShape,
} from '@fellowship/activity';
import { postgresHints } from '@fellowship/bus';
import { type Commands, type CommandTable, createCommands } from '@fellowship/command';
import { type Database, migrate, openDatabase } from '@fellowship/postgres';
import type { Logger } from '@fellowship/server';
import { v7 as uuidv7 } from 'uuid';

/** What a subgraph is given: where its data is, and the time and ids that tests want to choose. */
export interface SubgraphDeps {
  /** The service's connection. */
  readonly url: string;
  /** The owner's, which migrates. The same as `url` where an operator gave only one. */
  readonly migrationUrl: string;
  readonly log: Logger;
  readonly clock?: () => Date;
  /** A new UUID, version 7: ids sort by time. */
  readonly newId?: () => string;
  /** Told the text of every SQL statement; tests count with it. */
  readonly onStatement?: (text: string) => void;
}

/** What a subgraph's tables are called, and where their migrations lie. */
export interface StoreShape {
  /** The Postgres schema. */
  readonly schema: string;
  readonly migrations: string;
  readonly activity: ActivityTables;
  readonly commands: CommandTable;
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
  close(): Promise<void>;
}

export async function openStore<Event extends EventShape>(
  deps: SubgraphDeps,
  shape: StoreShape,
): Promise<Store<Event>> {
  const { url, migrationUrl, log, clock = () => new Date(), newId = uuidv7, onStatement } = deps;
  const { schema, migrations: folder, appendOnly = [] } = shape;
  const { role } = await migrate({ url, migrationUrl, schema, folder, relayed: ['activity'], appendOnly });
  const database = openDatabase({ url, role, ...(onStatement && { onStatement }) });
  const hints = postgresHints({ url, channel: `${schema}_activity`, log });
  const activity = createActivityLog<Event>({ database, tables: shape.activity, hints, log });
  const commands = createCommands({ database, table: shape.commands, activity, clock, newId });
  return {
    database,
    activity,
    commands,
    clock,
    newId,
    async close() {
      await activity.close();
      await hints.close();
      await database.close();
    },
  };
}
