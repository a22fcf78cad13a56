import type { ActivityLog, EventShape, NewEvent, Write } from '@fellowship/activity';
import type { Database, Query, Transaction } from '@fellowship/postgres';
import { runCommand } from './run.ts';
import type { CommandTable } from './tables.ts';

/** Where a command leaves what it writes. */
export interface Writes {
  /**
   * Leaves a statement without `returning` for the end: it is one with the events. Where nothing was run in the
   * transaction before, that statement is all of it: for what was decided on reads outside, whose constraints say
   * whether it still holds. When they say no, the work is done again.
   */
  write(query: Query<unknown>, values: Record<string, unknown>): void;
}

/** A transaction that tells what happens in it. */
export interface CommandTransaction<Event extends EventShape> extends Transaction, Writes {
  /** When the command came in. The same for all it writes. */
  readonly now: Date;
  /** Says an event. It is in the log if, and only if, the transaction commits. */
  emit(event: NewEvent<Event>): void;
}

/** Who commands. */
export interface Actor {
  readonly tenantId: string;
  /** Null: nobody does, a deadline has come or the bus brought news. Then there are no idempotency keys. */
  readonly playerId: string | null;
}

export interface Commands<Event extends EventShape> {
  /**
   * Runs a mutation's work in one transaction with its events, once for an idempotency key. `work` may be run
   * again after a deadlock, so it has no effects but through its transaction.
   */
  run<Result>(
    actor: Actor,
    name: string,
    input: { readonly idempotencyKey?: string | null },
    work: (tx: CommandTransaction<Event>) => Promise<Result>,
  ): Promise<Result>;
}

export function createCommands<Event extends EventShape>(options: {
  database: Database;
  table: CommandTable;
  activity: ActivityLog<Event>;
  clock: () => Date;
  newId: () => string;
}): Commands<Event> {
  const { database, table, activity, clock, newId } = options;
  return {
    async run({ tenantId, playerId }, name, input, work) {
      const now = clock();
      let said = 0;
      const result = await runCommand(
        { database, table },
        { name, tenantId, playerId, now, input },
        async (tx) => {
          const events: NewEvent<Event>[] = [];
          const writes: Write[] = [];
          const done = await work(
            // Not spread: what `tx` has is had by asking for it.
            Object.assign(tx, {
              now,
              emit: (event: NewEvent<Event>) => events.push(event),
              write: (...write: Write) => writes.push(write),
            }),
          );
          activity.append(tx, { actorId: playerId, now, newId }, events, writes);
          said = events.length;
          return done;
        },
      );
      if (said > 0) activity.announce();
      return result;
    },
  };
}
