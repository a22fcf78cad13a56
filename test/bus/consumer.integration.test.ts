import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type CloudEvent, connectNats, consume, type Handler, type Nats } from '@fellowship/bus';
import type { NatsServer } from '@fellowship/nats-server';
import { createLog } from '@fellowship/server';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { describeWithNats, startTestNats } from '../kit/nats.ts';
import { tenantA } from '../kit/subgraph.ts';

const log = createLog({ name: 'test', level: 'silent' });

describeWithNats('events from NATS', () => {
  let server: NatsServer;
  let service: NatsConnection;
  const open: { close(): Promise<void> }[] = [];

  beforeAll(async () => {
    server = await startTestNats();
    service = await connect({
      servers: new URL(server.url).host,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 100,
    });
  });
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  afterAll(async () => {
    await service?.close();
    await server?.stop();
  });

  function nats(): Nats {
    const connection = connectNats({ url: server.url, name: 'test', log });
    open.push(connection);
    return connection;
  }

  /** A process that handles `type`. */
  async function start(type: string, handler: Handler): Promise<void> {
    open.push(
      consume({ nats: nats(), name: 'test', handlers: { [type]: handler }, log, backoff: [50, 50, 50] }),
    );
    await expect
      .poll(async () => {
        const { consumers } = await jetstreamManager(service);
        return consumers
          .info('fellowship-inbound', `test-${type.replace(':', '-')}`)
          .then(Boolean, () => false);
      })
      .toBe(true);
  }

  const eventOf = (type: string, differing: Partial<CloudEvent> = {}): CloudEvent => ({
    specversion: '1.0',
    id: randomUUID(),
    source: '/combat',
    type,
    tenant: tenantA,
    data: {},
    ...differing,
  });

  const send = (type: string, event: object | string) =>
    jetstream(service).publish(
      `fellowship.inbound.${type}`,
      typeof event === 'string' ? event : JSON.stringify(event),
    );

  /** What is parked of a type: the reasons, and the events as they came. */
  async function parkedOf(type: string): Promise<{ reason: string | undefined; text: string }[]> {
    const consumer = await jetstream(service)
      .consumers.get('fellowship-parked')
      .catch(() => undefined);
    if (!consumer) return [];
    const found = [];
    for await (const message of await consumer.fetch({ max_messages: 100, expires: 1_000 })) {
      if (message.subject !== `fellowship.parked.test.${type}`) continue;
      found.push({ reason: message.headers?.get('Fellowship-Reason'), text: message.string() });
    }
    return found;
  }

  test('each is handled by one process of several, once', async () => {
    const handled: string[] = [];
    const handler: Handler = async ({ id }) => void handled.push(id);
    await start('a:one', handler);
    await start('a:one', handler);
    const events = Array.from({ length: 50 }, () => eventOf('a:one'));
    for (const event of events) await send('a:one', event);
    await expect.poll(() => handled.length).toBe(50);
    await delay(200);
    expect([...handled].sort()).toEqual(events.map(({ id }) => id).sort());
  });

  test('what was sent while nobody was there waits', async () => {
    const handled: string[] = [];
    await start('a:late', async ({ id }) => void handled.push(id));
    for (const each of open.splice(0).reverse()) await each.close();
    const event = eventOf('a:late');
    await send('a:late', event);
    await start('a:late', async ({ id }) => void handled.push(id));
    await expect.poll(() => handled).toEqual([event.id]);
  });

  test('a handler that fails is called again, and the others of its type go on', async () => {
    const handled: string[] = [];
    const [first, second] = [eventOf('a:flaky'), eventOf('a:flaky')];
    let failures = 2;
    await start('a:flaky', async ({ id }) => {
      if (id === first.id && failures-- > 0) throw new Error('not yet');
      handled.push(id);
    });
    await send('a:flaky', first);
    await send('a:flaky', second);
    await expect.poll(() => handled).toEqual([second.id, first.id]);
    expect(await parkedOf('a:flaky')).toEqual([]);
  });

  test('one that is never handled is parked after four times, with the reason', async () => {
    let calls = 0;
    await start('a:poison', async () => {
      calls += 1;
      throw new Error('no\nsuch thing');
    });
    const event = eventOf('a:poison');
    await send('a:poison', event);
    await expect
      .poll(() => parkedOf('a:poison'))
      .toEqual([{ reason: 'no such thing', text: JSON.stringify(event) }]);
    expect(calls).toBe(4);
  });

  test.each([
    ['that is no JSON', 'x', /JSON/],
    ['without a tenant', { ...eventOf('a:odd'), tenant: undefined }, /tenant/],
    ['of another type than its subject’s', eventOf('a:other'), /Its type is a:other/],
  ])('one %s is parked at once', async (_, event, reason) => {
    let calls = 0;
    await start('a:odd', async () => {
      calls += 1;
    });
    const before = (await parkedOf('a:odd')).length;
    await send('a:odd', event);
    await expect.poll(async () => (await parkedOf('a:odd')).length).toBe(before + 1);
    expect((await parkedOf('a:odd')).at(-1)?.reason).toMatch(reason);
    expect(calls).toBe(0);
  });

  test('after NATS was away, and after it was wiped, events are handled again', async () => {
    const handled: string[] = [];
    await start('a:again', async ({ id }) => void handled.push(id));
    for (const wiped of [false, true]) {
      await server.restart({ wiped });
      const event = eventOf('a:again');
      await expect
        .poll(() =>
          send('a:again', event).then(
            () => true,
            () => false,
          ),
        )
        .toBe(true);
      await expect.poll(() => handled.at(-1)).toBe(event.id);
    }
  });
});
