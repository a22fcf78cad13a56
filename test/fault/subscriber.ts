import { setTimeout as delay } from 'node:timers/promises';
import type { Data } from '@fellowship/client';
import { createClient } from 'graphql-ws';
import type { FollowedLog } from './logs.ts';

const reconnectPause = 100;
/** What a resuming client may be told; anything else ends the test. */
const passing = new Set(['SUBGRAPH_UNAVAILABLE', 'INTERNAL_SERVER_ERROR', 'GOING_AWAY', 'SLOW_CONSUMER']);

export interface Subscriber {
  readonly log: FollowedLog;
  /** Ids of the events in the order of their arrival. */
  readonly delivered: readonly string[];
  /** How often it had to begin again, by reason. */
  readonly ends: ReadonlyMap<string, number>;
  /** Rejects when it was told something that no fault explains. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/** Follows a log as a game would: after every loss it connects to any gateway and resumes with its last cursor. */
export function startSubscriber(log: FollowedLog, anyUrl: () => string): Subscriber {
  const delivered: string[] = [];
  const ends = new Map<string, number>();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => {});
  let stopped = false;
  let { after } = log;
  let dispose = () => {};

  async function follow(): Promise<string> {
    const client = createClient({
      url: `${anyUrl().replace(/^http/, 'ws')}/graphql`,
      connectionParams: { authorization: `Bearer ${log.token}` },
      retryAttempts: 0,
      connectionAckWaitTimeout: 5_000,
    });
    dispose = () => void client.dispose();
    try {
      const variables = { id: log.id, after };
      for await (const result of client.iterate<Data>({ query: log.subscription, variables })) {
        const event = result.data?.event;
        if (!event) return String(result.errors?.[0]?.extensions?.['code']);
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
      if (reason !== 'CONNECTION' && !passing.has(reason))
        reject(new Error(`${log.name} was told ${reason}`));
      await delay(reconnectPause);
    }
  }

  const running = run();
  return {
    log,
    delivered,
    ends,
    failed,
    async stop() {
      stopped = true;
      dispose();
      await running;
    },
  };
}
