import { residentMiB } from './processes.ts';
import type { Comparison, Figure, Round } from './report/section.ts';

/** What is measured beside others. */
export interface Runner {
  readonly name: string;
  /** All its processes. */
  pids(): Promise<number[]>;
}

/** Of one run: how much at saturation, of how much processor each thousand, and milliseconds at half of it. */
export type Measured = Readonly<Record<'throughput' | 'cpu' | 'p50' | 'p99', number>>;

export interface Rounds<Contender extends Runner, Subject extends { readonly name: string }> {
  readonly contenders: readonly Contender[];
  readonly subjects: readonly Subject[];
  readonly rounds: number;
  /** Of the throughput. */
  readonly unit: string;
  /** Of the throughput; of the rest without its bounds. */
  readonly compare: readonly Comparison[];
  readonly measure: (contender: Contender, subject: Subject) => Promise<Measured>;
}

/** Rounds of all contenders, one after the other, each time in another order. */
export async function interleaved<Contender extends Runner, Subject extends { readonly name: string }>({
  contenders,
  subjects,
  rounds,
  unit,
  compare,
  measure,
}: Rounds<Contender, Subject>): Promise<Figure[]> {
  const results = subjects.map(() => [] as Record<string, Measured>[]);
  const memory: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const [nth, subject] of subjects.entries()) {
      const measured: Record<string, Measured> = {};
      for (const contender of rotated(contenders, round + nth)) {
        measured[contender.name] = await measure(contender, subject);
      }
      results[nth]?.push(measured);
    }
    memory.push(await residentOf(contenders));
  }
  const rest = compare.map(({ of, to }) => ({ of, to }));
  const figuresOf = (name: string, of: readonly Record<string, Measured>[]): Figure[] => [
    { name, unit, rounds: pick(of, 'throughput'), compare },
    { name, unit: 'CPU s / 1,000', rounds: pick(of, 'cpu'), compare: rest },
    { name, unit: 'p50 ms at half', rounds: pick(of, 'p50'), compare: rest },
    { name, unit: 'p99 ms at half', rounds: pick(of, 'p99'), compare: rest },
  ];
  return [
    ...subjects.flatMap(({ name }, nth) => figuresOf(name, results[nth] ?? [])),
    { name: 'resident memory', unit: 'MiB', rounds: memory, compare: rest },
  ];
}

const rotated = <T>(list: readonly T[], by: number): T[] => {
  const from = by % list.length;
  return [...list.slice(from), ...list.slice(0, from)];
};

const pick = (results: readonly Record<string, Measured>[], what: keyof Measured): Round[] =>
  results.map((round) =>
    Object.fromEntries(Object.entries(round).map(([name, measured]) => [name, measured[what]])),
  );

async function residentOf(contenders: readonly Runner[]): Promise<Round> {
  const each = contenders.map(async ({ name, pids }) => [name, await residentMiB(await pids())] as const);
  return Object.fromEntries(await Promise.all(each));
}
