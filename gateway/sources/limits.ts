/** How long a subgraph may take, how much it may send, and how many may wait for it. */
export interface UpstreamLimits {
  /** Milliseconds to connect. */
  readonly connectTimeout: number;
  /** Milliseconds from a request to the head of its answer. */
  readonly responseTimeout: number;
  /**
   * Milliseconds for a fetch as a whole, the wait for its turn included, and for the probe of a subscriber's access. Of
   * a subgraph in this process, too.
   */
  readonly timeout: number;
  /** Bytes of one answer, or of one event. */
  readonly responseBytes: number;
  /** Fetches under way at one subgraph at a time, each with a connection. */
  readonly connections: number;
  /** Fetches that may wait for their turn; more are refused at once. */
  readonly queue: number;
  /** Failures in a row after which a subgraph is left alone. */
  readonly failures: number;
  /** Milliseconds for which it is left alone before one request tries it again. */
  readonly pause: number;
}

export const DEFAULT_UPSTREAM_LIMITS: UpstreamLimits = {
  connectTimeout: 2_000,
  responseTimeout: 10_000,
  timeout: 10_000,
  responseBytes: 8 * 1024 * 1024,
  connections: 64,
  queue: 256,
  failures: 5,
  pause: 2_000,
};
