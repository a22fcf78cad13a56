import postgres from 'postgres';

/** Since Drizzle 0.44 the driver's error is the `cause` of Drizzle's own. */
function postgresError(error: unknown): postgres.PostgresError | undefined {
  if (error instanceof postgres.PostgresError) return error;
  if (error instanceof Error && error.cause instanceof postgres.PostgresError) return error.cause;
  return undefined;
}

/** Whether an error is about a constraint: unique, foreign key, check, exclusion or not null. */
export function isViolation(error: unknown): boolean {
  return postgresError(error)?.code.startsWith('23') ?? false;
}

/** The name of the unique, foreign key or check constraint that an error is about, if it is about one. */
export function violatedConstraint(error: unknown): string | undefined {
  return isViolation(error) ? postgresError(error)?.constraint_name : undefined;
}

/**
 * What a transaction left for its end breaks a constraint, so it was decided on what is no longer so. Nothing of it has
 * happened, and it may well be decided otherwise when it is run again.
 */
export class Outdated extends Error {
  override readonly name = 'Outdated';
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
