import { type DatabaseTimeouts, DEFAULT_TIMEOUTS } from '@fellowship/postgres';
import { z } from 'zod';

const milliseconds = (fallback: number) =>
  z.coerce.number({ error: 'must be a number' }).int().positive().default(fallback);

const variables = z.object({
  DATABASE_STATEMENT_MS: milliseconds(DEFAULT_TIMEOUTS.statement),
  DATABASE_LOCK_MS: milliseconds(DEFAULT_TIMEOUTS.lock),
  DATABASE_IDLE_MS: milliseconds(DEFAULT_TIMEOUTS.idle),
});

/** Throws an error that names every variable with a fault. An empty variable is not set. */
export function readDatabaseTimeouts(
  environment: Readonly<Record<string, string | undefined>>,
): DatabaseTimeouts {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { success, data, error } = variables.safeParse(set);
  if (!success) throw new Error(`The environment is not right:\n${z.prettifyError(error)}`);
  const { DATABASE_STATEMENT_MS: statement, DATABASE_LOCK_MS: lock, DATABASE_IDLE_MS: idle } = data;
  return { statement, lock, idle };
}
