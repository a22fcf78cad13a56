import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';

/** The load clients, in a process of their own: sockets that count what they are sent and how late it is. */

/** What the bench asks of this process. */
export type Ask =
  | {
      readonly do: 'connect';
      readonly url: string;
      /** Of each socket, in turn. Without any: sockets that ask for nothing. */
      readonly tokens?: readonly string[];
      readonly queries: readonly string[];
    }
  | { readonly do: 'expect'; readonly each: number }
  | { readonly do: 'disconnect' };

/** What this process answers when all sockets have what was expected, or nothing came for five seconds. */
export interface Heard {
  readonly deliveries: number;
  /** Sockets that got fewer or more than expected, or events twice or in another order. */
  readonly wrong: number;
  /** Sockets that got nothing. */
  readonly silent: number;
  /** Milliseconds since the epoch. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** Milliseconds from `occurredAt` to here, sorted. */
  readonly p50: number;
  readonly p99: number;
  /** One message as it came. */
  readonly sample: string;
}

interface Listener {
  readonly socket: WebSocket;
  count: number;
  wrong: boolean;
  last: number;
}

const QUIET_MS = 5_000;
const now = () => performance.timeOrigin + performance.now();

let listeners: Listener[] = [];
let expected = 0;
let complete = 0;
let firstAt = 0;
let lastAt = 0;
let sample = '';
let latencies: number[] = [];
let finish = () => {};

function hear(listener: Listener, data: Buffer): void {
  lastAt = now();
  firstAt ||= lastAt;
  const text = data.toString('latin1');
  sample ||= text;
  const at = text.indexOf('"occurredAt":"') + 14;
  if (at > 13) latencies.push(lastAt - Date.parse(text.slice(at, at + 24)));
  const cursor = text.indexOf('"cursor":"') + 10;
  const place = text.slice(cursor, text.indexOf('"', cursor));
  const sequence = Number(Buffer.from(place, 'base64url').toString('latin1').split(' ')[1]);
  if (listener.last > 0 && sequence !== listener.last + 1) listener.wrong = true;
  listener.last = sequence;
  if (++listener.count === expected && ++complete === listeners.length) finish();
}

async function connect({ url, tokens, queries }: Extract<Ask, { do: 'connect' }>): Promise<void> {
  for (const [nth, query] of queries.entries()) {
    const token = tokens?.[nth % tokens.length];
    const socket = new WebSocket(url, token ? ['graphql-transport-ws'] : []);
    const listener: Listener = { socket, count: 0, wrong: false, last: 0 };
    await once(socket, 'open');
    if (token) {
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
      await once(socket, 'message');
      socket.send(JSON.stringify({ id: randomUUID(), type: 'subscribe', payload: { query } }));
    }
    socket.on('message', (data) => hear(listener, data as Buffer));
    listeners.push(listener);
  }
}

async function collect(each: number): Promise<Heard> {
  expected = each;
  complete = firstAt = lastAt = 0;
  sample = '';
  latencies = [];
  for (const listener of listeners) Object.assign(listener, { count: 0, wrong: false, last: 0 });
  await new Promise<void>((resolve) => {
    let deadline = now() + QUIET_MS;
    const watch = setInterval(() => {
      if (lastAt > 0) deadline = lastAt + QUIET_MS;
      if (now() > deadline + QUIET_MS) finish();
    }, 500);
    finish = () => {
      clearInterval(watch);
      resolve();
    };
  });
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return {
    deliveries: listeners.reduce((sum, { count }) => sum + count, 0),
    wrong: listeners.filter(({ count, wrong }) => wrong || count !== each).length,
    silent: listeners.filter(({ count }) => count === 0).length,
    firstAt,
    lastAt,
    p50: at(0.5),
    p99: at(0.99),
    sample,
  };
}

process.on('message', async (ask: Ask) => {
  if (ask.do === 'connect') {
    await connect(ask);
    process.send?.('connected');
  } else if (ask.do === 'expect') {
    const heard = collect(ask.each);
    process.send?.('listening');
    process.send?.(await heard);
  } else {
    for (const { socket } of listeners) socket.terminate();
    listeners = [];
    process.send?.('disconnected');
  }
});
process.on('disconnect', () => process.exit());
