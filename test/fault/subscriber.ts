import { setTimeout as delay } from 'node:timers/promises';
import type { Data } from '@fellowship/client';
import { createClient } from 'graphql-ws';
import type { FollowedLog } from './scenes.ts';

const reconnectPause = 100;
/** What a resuming client may be told; anything else fails the run. */
const passing = new Set(['SUBGRAPH_UNAVAILABLE', 'INTERNAL_SERVER_ERROR', 'GOING_AWAY', 'SLOW_CONSUMER']);

export interface Subscriber {
  readonly log: FollowedLog;
  /** Ids of the events in the order of their arrival. */
  readonly delivered: readonly string[];
  /** How often it had to begin again, by reason. */
  readonly ends: ReadonlyMap<string, number>;
  /** What it was told that no fault explains. */
  readonly odd: readonly string[];
  stop(): Promise<void>;
}

/** Follows a log as a game would: after every loss it connects to the next gateway and resumes with its last cursor. */
export function startSubscriber(log: FollowedLog, nextUrl: () => string): Subscriber {
  const delivered: string[] = [];
  const ends = new Map<string, number>();
  const odd: string[] = [];
  let stopped = false;
  let { after } = log;
  let dispose = () => {};

  async function follow(): Promise<string> {
    const client = createClient({
      url: `${nextUrl().replace(/^http/, 'ws')}/graphql`,
      connectionParams: { authorization: `Bearer ${log.token}` },
      retryAttempts: 0,
      connectionAckWaitTimeout: 10_000,
    });
    dispose = () => void client.dispose();
    try {
      const variables = { ...log.variables, after };
      let heard = false;
      for await (const result of client.iterate<Data>({ query: log.subscription, variables })) {
        const event = result.data?.event;
        if (!event) {
          const { code, cursor } = (result.errors?.[0]?.extensions ?? {}) as {
            code?: string;
            cursor?: string;
          };
          if (code === 'GOING_AWAY' && heard && cursor !== after)
            odd.push(`GOING_AWAY with the cursor ${cursor}`);
          return String(code);
        }
        heard = true;
        delivered.push(event.id);
        after = event.cursor;
      }
      return 'COMPLETED';
    } catch {
      return 'CONNECTION';
    } finally {
      dispose();
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      const reason = await follow();
      if (stopped) return;
      ends.set(reason, (ends.get(reason) ?? 0) + 1);
      if (reason !== 'CONNECTION' && !passing.has(reason)) odd.push(reason);
      await delay(reconnectPause);
    }
  }

  const running = run();
  return {
    log,
    delivered,
    ends,
    odd,
    async stop() {
      stopped = true;
      dispose();
      await running;
    },
  };
}
