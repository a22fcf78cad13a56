import { type DatabaseTimeouts, DEFAULT_TIMEOUTS } from '@fellowship/postgres';
import { count, type Environment, readEnvironment } from '@fellowship/server';
import { z } from 'zod';

const variables = z.object({
  DATABASE_STATEMENT_MS: count(DEFAULT_TIMEOUTS.statement),
  DATABASE_LOCK_MS: count(DEFAULT_TIMEOUTS.lock),
  DATABASE_IDLE_MS: count(DEFAULT_TIMEOUTS.idle),
});

/** Throws an error that names every variable with a fault. An empty variable is not set. */
export function readDatabaseTimeouts(environment: Environment): DatabaseTimeouts {
  const data = readEnvironment(variables, environment);
  const { DATABASE_STATEMENT_MS: statement, DATABASE_LOCK_MS: lock, DATABASE_IDLE_MS: idle } = data;
  return { statement, lock, idle };
}
