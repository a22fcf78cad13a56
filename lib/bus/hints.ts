/**
 * "Something new is in the log." A hint carries no data and may be lost or repeated: the log is the truth, and
 * whoever tails it also looks from time to time.
 */
export interface Hints {
  /** Tells every process, this one first. Never fails and never waits; bursts become one hint. */
  send(): void;
  /** Calls back on every hint. Returns how to stop. */
  listen(onHint: () => void): () => void;
  close(): Promise<void>;
}
