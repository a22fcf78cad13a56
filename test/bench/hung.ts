// `pnpm bench:hung`: one subgraph of four processes hangs (SIGSTOP). How long do those wait who ask for its fields, and
// how much longer those who do not?
import { parseArgs } from 'node:util';
import { post } from '@fellowship/client';
import { startThrowawayStack } from '@fellowship/start';
import { players } from '../kit/client.ts';
import { median, paced, summary } from './pace.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '8' },
    rate: { type: 'string', default: '100' },
    deadline: { type: 'string', default: '2000' },
  },
});
const [rounds, milliseconds, rate] = [
  Number(values.rounds),
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

async function measure(isHung: boolean) {
  const waits: number[] = [];
  const codes = new Map<string | undefined, number>();
  const hung = paced(HUNG_RATE, milliseconds, async (nth) => {
    const asked = performance.now();
    const { data, code } = await ask(HUNG, nth);
    waits.push(performance.now() - asked);
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (!data.me?.id) throw new Error('What the other subgraphs know is missing');
  });
  const others = await paced(rate, milliseconds, async (nth) => {
    const { code } = await ask(OTHER, nth);
    if (code) throw new Error(`The others fail too: ${code}`);
  });
  await hung;
  const said = [...codes].map(([code, count]) => `${count} ${code ?? 'answered'}`).join(', ');
  const { p50, p99 } = others;
  const { p50: middle, max } = summary(waits);
  console.log(
    `${isHung ? 'hung' : 'calm'}  others p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; its own fields: ${said}; they waited ${middle.toFixed(1)} ms in the middle, ${max.toFixed(0)} at most`,
  );
  return others;
}

try {
  console.log(`${rate} requests/s beside ${HUNG_RATE}/s for the subgraph that hangs, ${rounds} rounds`);
  await paced(rate, 3_000, (nth) => ask(nth % 2 ? HUNG : OTHER, nth));
  const ratios: { p50: number; p99: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const calm = await measure(false);
    process.kill(group, 'SIGSTOP');
    const hung = await measure(true);
    process.kill(group, 'SIGCONT');
    while ((await ask(HUNG, 0)).code) await new Promise((resolve) => setTimeout(resolve, 100));
    ratios.push({ p50: hung.p50 / calm.p50, p99: hung.p99 / calm.p99 });
  }
  const of = (share: 'p50' | 'p99') => median(ratios.map((ratio) => ratio[share])).toFixed(2);
  console.log(`others, hung to calm: p50 ${of('p50')}, p99 ${of('p99')} (medians of ${rounds} rounds)`);
} finally {
  // Or it would not hear that it is to stop.
  process.kill(group, 'SIGCONT');
  await people.close();
  await stack.stop();
}
