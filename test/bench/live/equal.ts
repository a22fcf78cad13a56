import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { untilAnswers } from '../processes.ts';
import { type Contender, socketUrl } from './contenders.ts';

/** Milliseconds between events while not all listen yet. */
const PAUSE = 100;

interface Asked {
  readonly contenders: readonly Contender[];
  readonly query: string;
  /** `connectionParams` */
  readonly params: Record<string, unknown>;
  readonly publisher: string;
}

/** Rejects unless all serve the subscription, and send the same for the same event. */
export async function assertEqualEvents({ contenders, query, params, publisher }: Asked): Promise<void> {
  const socket = await untilAnswers(() => open(publisher));
  const clients = contenders.map((contender) => listen(contender, query, params));
  const [first, ...others] = await untilAnswers(async () => {
    socket.send('1');
    await delay(PAUSE);
    return sameEvent(clients);
  });
  for (const [nth, other] of others.entries()) {
    assert.deepEqual(other, first, `${contenders[nth + 1]?.name} sends an event otherwise`);
  }
  await Promise.all(clients.map(({ stop }) => stop()));
  socket.terminate();
}

async function open(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  return socket;
}

interface Listening {
  /** By the event's cursor. */
  readonly results: ReadonlyMap<string, object>;
  stop(): void | Promise<void>;
}

/** Tries again until the gateway listens. */
function listen(contender: Contender, query: string, params: Record<string, unknown>): Listening {
  const results = new Map<string, object>();
  const client = createClient({
    url: socketUrl(contender),
    webSocketImpl: WebSocket,
    connectionParams: params,
    shouldRetry: () => true,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: () => delay(PAUSE),
  });
  client.subscribe<{ guildActivity: { cursor: string } }>(
    { query },
    {
      next: ({ data, errors }) => {
        if (errors || !data) throw new Error(`${contender.name} sends ${JSON.stringify(errors)}`);
        results.set(data.guildActivity.cursor, data);
      },
      error: (error) => console.error(`${contender.name} refuses the subscription`, error),
      complete: () => {},
    },
  );
  return { results, stop: () => client.dispose() };
}

/** What each has of one event that all have. */
function sameEvent(clients: readonly Listening[]): object[] {
  const cursors = [...(clients[0]?.results.keys() ?? [])];
  const cursor = cursors.find((cursor) => clients.every(({ results }) => results.has(cursor)));
  if (cursor === undefined) throw new Error('No event has come to all');
  return clients.flatMap(({ results }) => results.get(cursor) ?? []);
}
