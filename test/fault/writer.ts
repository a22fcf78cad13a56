import { setTimeout as delay } from 'node:timers/promises';
import { type Data, post } from '@fellowship/client';
import type { FollowedLog } from './logs.ts';

/** Milliseconds between two mutations of one writer, and before it tries one again. */
const pause = 25;
const retryPause = 100;
/** Milliseconds that a reply may take. */
const patience = 20_000;

export interface Writer {
  /** Mutations that were acknowledged, and attempts that failed before they were. */
  readonly done: number;
  readonly failures: number;
  /** Resolves when the mutation under way, if any, was acknowledged. */
  stop(): Promise<void>;
}

/** Sends mutations one after the other, each with its idempotency key until some gateway acknowledges it. */
export function startWriter(log: FollowedLog, name: string, anyUrl: () => string): Writer {
  let stopped = false;
  const count = { done: 0, failures: 0 };

  async function run(): Promise<void> {
    while (!stopped) {
      const { name: field, input } = log.mutation(count.done);
      await acknowledged(field, { ...input, idempotencyKey: `${name} ${count.done}` });
      count.done += 1;
      await delay(pause);
    }
  }

  async function acknowledged(field: string, input: object): Promise<void> {
    const type = `${field[0]?.toUpperCase()}${field.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { payload: ${field}(input: $input) { errors { code } } }`;
    for (;;) {
      const timeout = delay(patience).then(() => undefined);
      const sent = post(anyUrl(), { query, variables: { input } }, log.token).catch(() => undefined);
      const reply: Data = await Promise.race([sent, timeout]);
      const denials = reply?.data?.payload?.errors;
      if (denials?.length === 0) return;
      if (denials) throw new Error(`${field} was denied: ${JSON.stringify(denials)}`);
      count.failures += 1;
      await delay(retryPause);
    }
  }

  const running = run();
  running.catch(() => {});
  return {
    get done() {
      return count.done;
    },
    get failures() {
      return count.failures;
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}
