/** Milliseconds after which the database itself ends what a request began, whoever still waits for it. */
export interface DatabaseTimeouts {
  /** For one statement. Less than the gateway waits, so that the request hears of it. */
  readonly statement: number;
  /** For a lock that another transaction holds. */
  readonly lock: number;
  /** Between two statements of a transaction: its locks are not held for a process that hangs. */
  readonly idle: number;
}

export const DEFAULT_TIMEOUTS: DatabaseTimeouts = { statement: 8_000, lock: 5_000, idle: 10_000 };

/** As Postgres calls them. */
export function timeoutSettings({ statement, lock, idle }: DatabaseTimeouts) {
  return {
    statement_timeout: String(statement),
    lock_timeout: String(lock),
    idle_in_transaction_session_timeout: String(idle),
  };
}
