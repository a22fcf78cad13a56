import type { ExecutionResult } from 'graphql';

/** Results that a feed keeps, so that who has caught up to one of them can go on from there. */
const KEPT = 128;

/** The latest results of a feed. */
export interface Recent {
  /** The feed begins after this cursor. */
  begin(cursor: string): void;
  add(cursor: string, result: ExecutionResult): void;
  /** What came after the cursor; undefined: it is not among the latest. */
  since(cursor: string): ExecutionResult[] | undefined;
}

export function createRecent(): Recent {
  const latest: { readonly cursor: string; readonly result?: ExecutionResult }[] = [];
  return {
    begin: (cursor) => void latest.push({ cursor }),
    add(cursor, result) {
      latest.push({ cursor, result });
      if (latest.length > KEPT) latest.shift();
    },
    since(cursor) {
      const index = latest.findLastIndex((each) => each.cursor === cursor);
      if (index < 0) return undefined;
      return latest.slice(index + 1).flatMap(({ result }) => result ?? []);
    },
  };
}
