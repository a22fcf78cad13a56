import postgres from 'postgres';

/** Since Drizzle 0.44 the driver's error is the `cause` of Drizzle's own. */
function postgresError(error: unknown): postgres.PostgresError | undefined {
  if (error instanceof postgres.PostgresError) return error;
  if (error instanceof Error && error.cause instanceof postgres.PostgresError) return error.cause;
  return undefined;
}

/** The name of the unique, foreign key or check constraint that an error is about, if it is about one. */
export function violatedConstraint(error: unknown): string | undefined {
  const cause = postgresError(error);
  return cause?.code.startsWith('23') ? cause.constraint_name : undefined;
}

/** A deadlock or a serialization failure: the same transaction may well succeed when run again. */
export function isConflict(error: unknown): boolean {
  const code = postgresError(error)?.code;
  return code === '40001' || code === '40P01';
}

/**
 * Driver codes, and Postgres' own for a server that ends connections (57P01 to 57P03, class 08; 57P05 for an idle
 * one) or has too many already (53300).
 */
const connectionCode = /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|57P0[1235]|53300|08)/;

/** The connection broke, or there was none: nothing that a statement could have done. */
export function isConnectionError(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause && connectionCode.test(String(cause.code));
}
