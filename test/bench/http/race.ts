import assert from 'node:assert/strict';
import { processorSeconds, untilAnswers } from '../processes.ts';
import type { Comparison, Figure } from '../report/section.ts';
import { interleaved, type Measured, type Runner } from '../rounds.ts';
import type { Loader, Sent } from './load.ts';

/** A server that answers the same requests as the others. */
export interface Contender extends Runner {
  readonly origin: string;
  /** Of the request with this number. */
  headers(nth: number): Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** One kind of request. */
export interface Read {
  readonly name: string;
  /** The bodies that are sent in turns. */
  readonly bodies: readonly string[];
}

export interface Race {
  readonly contenders: readonly Contender[];
  readonly reads: readonly Read[];
  readonly loader: Loader;
  readonly rounds: number;
  /** Of each of the two runs that a contender has in a round: at saturation, and at half of it. */
  readonly seconds: number;
  /** Clients at saturation. */
  readonly connections: number;
  /** What requests are served with besides the contenders' own processes, such as the database's. */
  readonly shared?: () => Promise<number[]>;
  readonly compare: readonly Comparison[];
}

/** V8 compiles what runs long: one process gave 577, 767 and 873 requests a second in its first three times 4 s. */
export const WARM_UP_SECONDS = 12;
/** Answers compared before anything is measured, of each kind of request. */
const SAMPLES = 20;

/** Rounds of all contenders. Rejects unless all give the same answers. */
export async function race(options: Race): Promise<Figure[]> {
  const { contenders, reads } = options;
  for (const read of reads) await assertEqualAnswers(contenders, read);
  for (const read of reads) {
    for (const contender of contenders) {
      await saturate({ ...options, seconds: WARM_UP_SECONDS }, contender, read);
    }
  }
  return interleaved({
    ...options,
    subjects: reads,
    unit: 'requests/s',
    measure: (contender, read) => measure(options, contender, read),
  });
}

function requestsOf({ headers }: Contender, { bodies }: Read): Sent[] {
  return bodies.map((body, nth) => ({
    path: '/graphql',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers(nth) },
    body,
  }));
}

/** Parsed, because the order of keys and what is in `extensions` are everyone's own. */
async function assertEqualAnswers(contenders: readonly Contender[], read: Read): Promise<void> {
  const answers = contenders.map(async (contender) => {
    const sent = requestsOf(contender, read).slice(0, SAMPLES);
    return untilAnswers(() => Promise.all(sent.map((request) => answerOf(contender, request))));
  });
  const [first, ...others] = await Promise.all(answers);
  for (const [nth, other] of others.entries()) {
    assert.deepEqual(other, first, `${contenders[nth + 1]?.name} answers "${read.name}" otherwise`);
  }
}

async function answerOf({ name, origin }: Contender, { path, headers, body }: Sent): Promise<unknown> {
  const response = await fetch(`${origin}${path}`, { method: 'POST', headers, body: body ?? null });
  const { data, errors } = JSON.parse(await response.text());
  if (errors || !data) throw new Error(`${name} answers ${JSON.stringify(errors)}`);
  return data;
}

async function saturate(
  { loader, seconds, connections, shared }: Race,
  contender: Contender,
  read: Read,
): Promise<Pick<Measured, 'throughput' | 'cpu'>> {
  const used = async () => processorSeconds([...(await contender.pids()), ...((await shared?.()) ?? [])]);
  const before = await used();
  const load = { origin: contender.origin, requests: requestsOf(contender, read), connections, seconds };
  const outcome = await loader.run(load);
  const cpu = (await used()) - before;
  return { throughput: outcome.requests / outcome.seconds, cpu: (cpu / outcome.requests) * 1_000 };
}

async function measure(options: Race, contender: Contender, read: Read): Promise<Measured> {
  const { throughput, cpu } = await saturate(options, contender, read);
  const { p50, p99 } = await options.loader.run({
    origin: contender.origin,
    requests: requestsOf(contender, read),
    // So many that none has to wait for another's, unless the server stalls.
    connections: options.connections * 2,
    seconds: options.seconds,
    rate: throughput / 2,
  });
  return { throughput, cpu, p50, p99 };
}
