import { createHash } from 'node:crypto';
import type { Database, Transaction } from '@fellowship/postgres';
import { and, eq } from 'drizzle-orm';
import { Denial } from './denial.ts';
import type { CommandTable, Outcome } from './tables.ts';

export interface Command {
  /** The mutation's name. */
  readonly name: string;
  readonly tenantId: string;
  /** Whose idempotency keys; null: nobody's. */
  readonly playerId: string | null;
  readonly now: Date;
  /** The mutation's input, as the client sent it. */
  readonly input: { readonly idempotencyKey?: string | null };
}

/** Longest idempotency key, in characters. */
const longestKey = 200;

/** What came of a command. */
interface Ran<Result> {
  readonly result: Result;
  /** Whether it was this call's work, and not an earlier one's with the same key. */
  readonly isOwn: boolean;
}

/**
 * Runs a command in one transaction. With an idempotency key it runs once for a player, whatever the number of
 * calls, parallel ones too, and every call gets the outcome of the first, a denial included. `Result` must
 * survive JSON: actions return ids, and the reply shows what they name as it is now.
 */
export async function runCommand<Result>(
  { database, table }: { database: Database; table: CommandTable },
  command: Command,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Ran<Result>> {
  const { playerId } = command;
  const key = command.input.idempotencyKey;
  if (key === undefined || key === null || playerId === null) {
    return { result: await database.transaction(command.tenantId, work), isOwn: true };
  }
  if (key.length === 0 || key.length > longestKey) {
    throw new Denial('INVALID_INPUT', `An idempotency key has 1 to ${longestKey} characters`, [
      'idempotencyKey',
    ]);
  }
  const { outcome, isOwn } = await database.transaction(command.tenantId, (tx) =>
    once(tx, table, { ...command, playerId, key }, work),
  );
  if ('denied' in outcome) {
    const { code, message, path } = outcome.denied;
    throw new Denial(code, message, path);
  }
  return { result: outcome.done as Result, isOwn };
}

async function once<Result>(
  tx: Transaction,
  table: CommandTable,
  command: Command & { playerId: string; key: string },
  work: (tx: Transaction) => Promise<Result>,
): Promise<{ outcome: Outcome; isOwn: boolean }> {
  const { playerId, key, now } = command;
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([command.name, command.input], (_key, value) => plain(value)))
    .digest('base64url');
  const mine = and(eq(table.playerId, playerId), eq(table.key, key));

  // Waits for a parallel call with the same key to commit or to roll back.
  const [first] = await tx.db
    .insert(table)
    .values({ playerId, key, fingerprint, createdAt: now })
    .onConflictDoNothing()
    .returning({ key: table.key });
  if (!first) {
    const [earlier] = await tx.db.select().from(table).where(mine);
    if (!earlier?.outcome || earlier.fingerprint !== fingerprint) {
      const message = 'This idempotency key was used for something else';
      const denied = { code: 'IDEMPOTENCY_KEY_REUSED', message, path: ['idempotencyKey'] };
      return { outcome: { denied }, isOwn: false };
    }
    return { outcome: earlier.outcome, isOwn: false };
  }

  const outcome = await attempt(tx, work);
  await tx.db.update(table).set({ outcome }).where(mine);
  return { outcome, isOwn: true };
}

/** JSON has no big integers. */
const plain = (value: unknown) => (typeof value === 'bigint' ? String(value) : value);

async function attempt<Result>(
  tx: Transaction,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Outcome> {
  try {
    return { done: await tx.savepoint(() => work(tx)) };
  } catch (error) {
    if (!(error instanceof Denial)) throw error;
    const { code, message, path } = error;
    return { denied: { code, message, path } };
  }
}
