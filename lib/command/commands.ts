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
  /**
   * Does `act` once the transaction has committed, if it is what the command's result comes from: of one that is run
   * again, or that another call with the same idempotency key was faster than, nothing is done.
   */
  onCommit(act: () => void): void;
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
   * again after a deadlock, so it has no effects but through its transaction. `committed` is called when all is done, and
   * before what `onCommit` was given.
   */
  run<Result>(
    actor: Actor,
    name: string,
    input: { readonly idempotencyKey?: string | null },
    work: (tx: CommandTransaction<Event>) => Promise<Result>,
    committed?: () => void,
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
    async run({ tenantId, playerId }, name, input, work, committed) {
      const now = clock();
      const command = { name, tenantId, playerId, now, input };
      let begun: Begun<Event> | undefined;
      const { result, isOwn } = await runCommand({ database, table }, command, async (tx) => {
        begun = begin(tx, now);
        const done = await work(begun.tx);
        activity.append(tx, { actorId: playerId, now, newId }, begun.events, begun.writes);
        return done;
      });
      committed?.();
      if (!begun || !isOwn) return result;
      if (begun.events.length > 0) activity.announce();
      for (const act of begun.afterwards) act();
      return result;
    },
  };
}

/** One attempt at a command: its transaction, and what is said and left in it. */
interface Begun<Event extends EventShape> {
  readonly tx: CommandTransaction<Event>;
  readonly events: NewEvent<Event>[];
  readonly writes: Write[];
  readonly afterwards: (() => void)[];
}

function begin<Event extends EventShape>(tx: Transaction, now: Date): Begun<Event> {
  const events: NewEvent<Event>[] = [];
  const writes: Write[] = [];
  const afterwards: (() => void)[] = [];
  const savepoint = tx.savepoint.bind(tx);
  // Not spread: its methods are its class’s.
  const mine = Object.assign(tx, {
    now,
    emit: (event: NewEvent<Event>) => events.push(event),
    write: (...write: Write) => writes.push(write),
    onCommit: (act: () => void) => afterwards.push(act),
    async savepoint<Result>(attempt: () => Promise<Result>): Promise<Result> {
      const kept = [events.length, writes.length, afterwards.length] as const;
      try {
        return await savepoint(attempt);
      } catch (error) {
        [events.length, writes.length, afterwards.length] = kept;
        throw error;
      }
    },
  });
  return { tx: mine, events, writes, afterwards };
}
