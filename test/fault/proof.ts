import postgres from 'postgres';
import type { FollowedLog } from './logs.ts';
import type { Subscriber } from './subscriber.ts';

/** What the database holds of a log after where subscribers began. */
export async function committed(url: string, log: FollowedLog): Promise<string[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const rows = await sql<{ id: string; sequence: string }[]>`
      select id, sequence from ${sql(log.schema)}.activity where subject = ${log.subject} order by sequence`;
    const gap = rows.findIndex(({ sequence }, index) => Number(sequence) !== index + 1);
    if (gap >= 0) throw new Error(`${log.name} is not numbered without gaps, at ${gap + 1}`);
    return rows.slice(1).map(({ id }) => id);
  } finally {
    await sql.end();
  }
}

export interface Verdict {
  readonly log: string;
  readonly committed: number;
  readonly delivered: number;
  readonly missing: number;
  readonly repeated: number;
  readonly inOrder: boolean;
  readonly resumed: string;
}

export function judge({ log, delivered, ends }: Subscriber, events: readonly string[]): Verdict {
  const once = new Set(delivered);
  const expected = events.filter((id) => once.has(id));
  const first = [...once];
  return {
    log: log.name,
    committed: events.length,
    delivered: delivered.length,
    missing: events.length - expected.length,
    repeated: delivered.length - once.size,
    inOrder: first.length === expected.length && first.every((id, index) => id === expected[index]),
    resumed: [...ends].map(([reason, count]) => `${count} ${reason}`).join(', ') || '0',
  };
}

export const proves = ({ missing, repeated, inOrder }: Verdict) => missing === 0 && repeated === 0 && inOrder;
