// `pnpm bench:hung`: one subgraph of four processes hangs (SIGSTOP). How long do those wait who ask for its fields, and
// how much longer those who do not?
import { parseArgs } from 'node:util';
import { post } from '@fellowship/client';
import { startThrowawayStack } from '@fellowship/start';
import { players } from '../kit/client.ts';
import { latencies, paced, summary } from './pace.ts';
import { bootstrap } from './report/statistics.ts';

const { values } = parseArgs({
  options: {
    slices: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '100' },
    deadline: { type: 'string', default: '1000' },
  },
});
const [slices, milliseconds, rate] = [
  Number(values.slices),
  Number(values.seconds) * 1_000,
  Number(values.rate),
];
/** Requests a second for what hangs. */
const HUNG_RATE = 20;
const HUNG = '{ me { id groups(first: 1) { nodes { id } } } }';
const OTHER = '{ me { party { id } guildMemberships(first: 1) { nodes { joinedAt } } } }';

const stack = await startThrowawayStack('services', {
  UPSTREAM_TIMEOUT_MS: values.deadline,
  LOG_LEVEL: 'error',
});
const people = players([stack.url], stack.state);
const tokens = await Promise.all(
  Array.from({ length: 50 }, async (_, nth) => (await people.player(`player ${nth}`)).token),
);
const ask = async (query: string, nth: number) => {
  const { data, errors } = await post(stack.url, { query }, tokens[nth % tokens.length]);
  return { data, code: errors?.[0]?.extensions.code as string | undefined };
};

const group = stack.processes.find(({ name }) => name === 'group')?.pid();
if (group === undefined) throw new Error('There is no process to stop');

/** What those waited who ask for what hangs or does not, and what they were told. */
interface Own {
  readonly waits: number[];
  readonly codes: Map<string, number>;
}
const own = { calm: { waits: [], codes: new Map() }, hung: { waits: [], codes: new Map() } } satisfies Record<
  string,
  Own
>;

/** The latencies of the others in one slice. */
async function measure({ waits, codes }: Own): Promise<number[]> {
  const asking = latencies(HUNG_RATE, milliseconds, async (nth) => {
    const { data, code = 'answered' } = await ask(HUNG, nth);
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (!data.me?.id) throw new Error('What the other subgraphs know is missing');
  });
  const others = await latencies(rate, milliseconds, async (nth) => {
    const { code } = await ask(OTHER, nth);
    if (code) throw new Error(`The others fail too: ${code}`);
  });
  waits.push(...(await asking));
  return others;
}

async function measureHung(pid: number): Promise<number[]> {
  process.kill(pid, 'SIGSTOP');
  try {
    return await measure(own.hung);
  } finally {
    process.kill(pid, 'SIGCONT');
    while ((await ask(HUNG, 0)).code) await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

interface Slice {
  readonly calm: readonly number[];
  readonly hung: readonly number[];
}

/** Of all the samples of these slices together: a p99 of one slice's few hundred would be chance. */
function pooled(chosen: readonly Slice[]) {
  const calm = summary(chosen.flatMap((slice) => slice.calm));
  const hung = summary(chosen.flatMap((slice) => slice.hung));
  return { calm, hung, ratio: { p50: hung.p50 / calm.p50, p99: hung.p99 / calm.p99 } };
}

function report(measured: readonly Slice[]): void {
  const { calm, hung, ratio } = pooled(measured);
  for (const [name, { p50, p99, count }] of Object.entries({ calm, hung })) {
    const { waits, codes } = own[name as keyof typeof own];
    const said = [...codes].map(([code, times]) => `${times} ${code}`).join(', ');
    const waited = summary(waits);
    console.log(
      `${name}  others p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms of ${count}; its own fields: ${said}; they waited ${waited.p50.toFixed(1)} ms in the middle, ${waited.max.toFixed(0)} at most`,
    );
  }
  const told = (['p50', 'p99'] as const).map((share) => {
    const figure = (chosen: readonly number[]) =>
      pooled(chosen.flatMap((index) => measured[index] ?? [])).ratio[share];
    const { low, high } = bootstrap(measured.length, figure);
    return `${share} ${ratio[share].toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
  });
  console.log(
    `others, hung to calm: ${told.join(', ')}; in brackets its 5th and 95th percentile, by drawing slices anew`,
  );
}

try {
  console.log(
    `${rate} requests/s beside ${HUNG_RATE}/s for the subgraph that hangs: ${slices} slices of ${values.seconds} s each, calm and hung by turns`,
  );
  await paced(rate, 3_000, (nth) => ask(nth % 2 ? HUNG : OTHER, nth));
  const measured: Slice[] = [];
  for (let nth = 0; nth < slices; nth++) {
    // Now the one first, now the other, so that what the machine does in between falls on both.
    const early = nth % 2 ? await measureHung(group) : undefined;
    const calm = await measure(own.calm);
    measured.push({ calm, hung: early ?? (await measureHung(group)) });
  }
  report(measured);
} finally {
  // Or it would not hear that it is to stop.
  process.kill(group, 'SIGCONT');
  await people.close();
  await stack.stop();
}
