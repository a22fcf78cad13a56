import type { ActivityRow } from './tables.ts';

/** Who listens to one log. */
export interface FeedListener {
  /** An event, maybe not the first time, maybe with others missing before it. */
  row(row: ActivityRow): void;
  /** Events may have been missed: the log knows. */
  doubt(): void;
}

/** Where this process hears of what is new in logs. The log is the truth: what is heard only saves reading it. */
export interface Feed {
  /**
   * After this resolves, every event of one tenant's subject that commits is heard, or doubt is. Returns how to
   * stop.
   */
  listen(tenantId: string, subject: string, listener: FeedListener): Promise<() => void>;
  close(): Promise<void>;
}
