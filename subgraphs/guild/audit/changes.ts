import { isDeepStrictEqual } from 'node:util';
import type { Snapshot } from './record.ts';

/** A field that differs; null: it was not there. */
export interface Change {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** What differs between two snapshots, by the fields' names: the database keeps no order in JSON. */
export function changesOf(before: Snapshot, after: Snapshot): Change[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields]
    .sort()
    .filter((field) => !isDeepStrictEqual(before[field] ?? null, after[field] ?? null))
    .map((field) => ({ field, before: printed(before[field]), after: printed(after[field]) }));
}

function printed(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
