import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds. */
export interface Latencies {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** See `latencies`. */
export async function paced(
  rate: number,
  milliseconds: number,
  ask: (nth: number) => Promise<unknown>,
): Promise<Latencies> {
  return summary(await latencies(rate, milliseconds, ask));
}

/**
 * Asks `rate` times a second for so many milliseconds, whether or not earlier ones were answered, as many players do;
 * the latency counts from when each was due. Rejects when one of them fails.
 */
export async function latencies(
  rate: number,
  milliseconds: number,
  ask: (nth: number) => Promise<unknown>,
): Promise<number[]> {
  const begun = performance.now();
  const asked: Promise<number>[] = [];
  const total = Math.round((rate * milliseconds) / 1_000);
  for (let nth = 0; nth < total; nth++) {
    const due = begun + (nth * 1_000) / rate;
    const early = due - performance.now();
    if (early > 1) await sleep(early);
    asked.push(ask(nth).then(() => performance.now() - due));
  }
  return Promise.all(asked);
}

export function summary(latencies: readonly number[]): Latencies {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}

export function median(values: readonly number[]): number {
  return summary(values).p50;
}
