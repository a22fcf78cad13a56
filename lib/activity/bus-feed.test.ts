import type { Nats } from '@fellowship/bus';
import type { Reads } from '@fellowship/postgres';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BusFeed } from './bus-feed.ts';
import { messageOf } from './envelope.ts';
import type { Feed, FeedListener } from './feed.ts';
import type { ActivityQueries } from './queries.ts';
import type { ActivityRow } from './tables.ts';

const tenantId = '0000000a-0000-4000-8000-000000000000';

/** A bus that is there or not, and knows who subscribes to what. */
class FakeNats implements Nats {
  connection: Nats['connection'] = {} as Nats['connection'];
  readonly subscriptions = new Map<string, (data: Uint8Array) => void>();
  #onChange = () => {};
  onChange(listener: () => void) {
    this.#onChange = listener;
    return () => {};
  }
  subscribe(pattern: string, onMessage: (data: Uint8Array) => void) {
    this.subscriptions.set(pattern, onMessage);
    return () => this.subscriptions.delete(pattern);
  }
  async flush() {}
  async close() {}
  async turn(there: boolean) {
    this.connection = there ? ({} as Nats['connection']) : undefined;
    this.#onChange();
    await vi.advanceTimersByTimeAsync(0);
  }
  publish(row: ActivityRow) {
    const { subject, data } = messageOf('party', { ...row, copy: false });
    for (const [pattern, onMessage] of this.subscriptions) {
      if (subject.startsWith(pattern.slice(0, -1))) onMessage(new TextEncoder().encode(data));
    }
  }
}

const rowOf = (subject: string, sequence: number): ActivityRow => ({
  tenantId,
  subject,
  sequence,
  id: `${subject} ${sequence}`,
  type: 'party:role-set',
  actorId: null,
  occurredAt: new Date(0),
  data: {},
});

let nats: FakeNats;
let feed: BusFeed;
/** Who listens to the fallback, by subject. */
let fallback: Map<string, FeedListener>;
let heads: { tenantId: string; subject: string; sequence: number }[];

beforeEach(() => {
  vi.useFakeTimers();
  nats = new FakeNats();
  fallback = new Map();
  heads = [];
  const stand: Feed = {
    async listen(_tenant, subject, listener) {
      fallback.set(subject, listener);
      return () => fallback.delete(subject);
    },
    async close() {},
  };
  const reads = { run: async () => heads } as unknown as Reads;
  feed = new BusFeed({
    service: 'party',
    nats,
    fallback: stand,
    queries: {} as ActivityQueries,
    reads,
    log: pino({ level: 'silent' }),
  });
});
afterEach(async () => {
  await feed.close();
  vi.useRealTimers();
});

async function listener(subject: string) {
  const heard: FeedListener & { rows: number[]; doubts: number } = {
    rows: [],
    doubts: 0,
    row: ({ sequence }) => heard.rows.push(sequence),
    doubt: () => {
      heard.doubts += 1;
    },
  };
  return { heard, stop: await feed.listen(tenantId, subject, heard) };
}

test('what is subscribed to is what somebody listens to, once a log', async () => {
  expect(nats.subscriptions.size).toBe(0);
  const [first, second, other] = [
    await listener('party:1'),
    await listener('party:1'),
    await listener('party:2'),
  ];
  expect([...nats.subscriptions.keys()]).toEqual([
    `fellowship.party.${tenantId}.party.1.>`,
    `fellowship.party.${tenantId}.party.2.>`,
  ]);
  first.stop();
  other.stop();
  expect([...nats.subscriptions.keys()]).toEqual([`fellowship.party.${tenantId}.party.1.>`]);
  second.stop();
  expect(nats.subscriptions.size).toBe(0);
});

test('a log hears its own events, and not those of a log whose name begins like its own', async () => {
  const { heard } = await listener('guild:1');
  nats.publish(rowOf('guild:1', 1));
  nats.publish(rowOf('guild:1:officers', 1));
  nats.publish(rowOf('guild:2', 1));
  expect(heard.rows).toEqual([1]);
});

test('while the bus is away the fallback is heard, and each change is a doubt', async () => {
  const { heard } = await listener('party:1');
  await nats.turn(false);
  expect(heard.doubts).toBe(1);
  fallback.get('party:1')?.row(rowOf('party:1', 1));
  expect(heard.rows).toEqual([1]);
  const late = await listener('party:2');
  expect([...fallback.keys()]).toEqual(['party:1', 'party:2']);
  const gone = await listener('party:3');
  gone.stop();
  await vi.advanceTimersByTimeAsync(0);
  expect([...fallback.keys()]).toEqual(['party:1', 'party:2']);
  await nats.turn(true);
  expect(fallback.size).toBe(0);
  expect([heard.doubts, late.heard.doubts]).toEqual([2, 1]);
});

test('what the bus did not bring is a doubt within two seconds, once', async () => {
  const { heard } = await listener('party:1');
  nats.publish(rowOf('party:1', 4));
  heads = [{ tenantId, subject: 'party:1', sequence: 4 }];
  await vi.advanceTimersByTimeAsync(4_000);
  expect(heard.doubts).toBe(0);
  heads = [{ tenantId, subject: 'party:1', sequence: 5 }];
  await vi.advanceTimersByTimeAsync(6_000);
  expect(heard.doubts).toBe(1);
});

test('what is no event of ours is passed over', async () => {
  const { heard } = await listener('party:1');
  const [onMessage] = nats.subscriptions.values();
  onMessage?.(new TextEncoder().encode('{"specversion":"1.0"}'));
  onMessage?.(new TextEncoder().encode('x'));
  expect(heard).toMatchObject({ rows: [], doubts: 0 });
});
