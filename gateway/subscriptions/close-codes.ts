/**
 * How the gateway closes a WebSocket. Besides these, ws closes with 1009 when a message is longer than
 * LIMIT_MESSAGE_BYTES, and the protocol graphql-transport-ws with 4400 (malformed message), 4401 (subscribe before
 * the connection is acknowledged), 4406 (other subprotocol), 4408 (no connection_init within LIMIT_INIT_MS), 4409
 * (an id is used twice) and 4429 (connection_init twice). Before it is a WebSocket, 403 refuses a page that may
 * not open one (ALLOWED_ORIGINS) and 503 one too many (LIMIT_SOCKETS), or any while the server stops.
 *
 * Clients of graphql-ws connect again after all of these but INTERNAL_ERROR and BAD_REQUEST. The README tells clients all of it
 * ("Live"): keep both the same.
 */
export const CLOSE_CODES = {
  /**
   * The server stops. Every subscription was told GOING_AWAY: connect elsewhere, resume after the last event.
   */
  GOING_AWAY: { code: 1001, reason: 'Going away' },
  /** The token in connection_init is missing or not valid, or its key was withdrawn. The reason says why. */
  FORBIDDEN: { code: 4403, reason: 'Forbidden' },
  /** The token has expired. Every subscription was told TOKEN_EXPIRED: connect with a new one and resume. */
  TOKEN_EXPIRED: { code: 4410, reason: 'Token expired' },
  /** The client reads slower than its events come, and too many wait. Connect again, resume, select less. */
  SLOW_CONSUMER: { code: 4411, reason: 'Slow consumer' },
  /** The client sent what servers send. What is no message at all, the protocol closes with the same code. */
  BAD_REQUEST: { code: 4400, reason: 'Invalid message received' },
  /** A fault of the gateway's. */
  INTERNAL_ERROR: { code: 4500, reason: 'Internal server error' },
} as const;

export interface Close {
  readonly code: (typeof CLOSE_CODES)[keyof typeof CLOSE_CODES]['code'];
  readonly reason: string;
}
