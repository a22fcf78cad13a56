import { type CloudEvent, parseCloudEvent } from '@fellowship/bus';
import type { NatsServer } from '@fellowship/nats-server';
import { createSubgraph } from '@fellowship/party';
import { createLog, type Subgraph, subscribeWithFreshContext } from '@fellowship/server';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { type ExecutionResult, parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startParty } from '../../subgraphs/party/testing.fixture.ts';
import { describeWithNats, startTestNats } from '../kit/nats.ts';
import { viewer } from '../kit/subgraph.ts';

const subscription =
  'subscription ($id: ID!, $after: String) { partyActivity(partyId: $id, after: $after) { id cursor } }';

describeWithNats('the party log on NATS', () => {
  let nats: NatsServer;
  let party: Awaited<ReturnType<typeof startParty>>;
  const ada = viewer();
  let id = '';

  beforeAll(async () => {
    nats = await startTestNats();
    party = await startParty({ natsUrl: nats.url });
    id = (await party.create(ada, { joinPolicy: 'OPEN' })).party.id;
  });
  afterAll(async () => {
    await party?.close();
    await nats?.stop();
  });
  beforeEach(async () => {
    await expect.poll(async () => (await onBus()).length).toBeGreaterThan(0);
  });

  const setRole = () => party.setRole(ada, { partyId: id, playerId: ada.playerId, role: 'DPS' });
  const setRoles = async (count: number) => {
    for (let nth = 0; nth < count; nth += 1) await setRole();
  };

  /** Everything in the stream, in its order. */
  async function onBus(
    url = nats.url,
  ): Promise<{ msgId: string | undefined; subject: string; event: CloudEvent }[]> {
    const connection = await connect({ servers: url.replace('nats://', ''), maxReconnectAttempts: 0 });
    try {
      const { streams } = await jetstreamManager(connection);
      const { state } = await streams.info('fellowship-party').catch(() => ({ state: { messages: 0 } }));
      const found = [];
      if (state.messages > 0) {
        const consumer = await jetstream(connection).consumers.get('fellowship-party');
        for await (const message of await consumer.fetch({ max_messages: state.messages })) {
          const msgId = message.headers?.get('Nats-Msg-Id');
          found.push({ msgId, subject: message.subject, event: parseCloudEvent(message.data) });
        }
      }
      return found;
    } finally {
      await connection.close();
    }
  }

  const inLog = async () =>
    (await party.database.sql`select id from party.activity where not copy order by subject, sequence`).map(
      (row) => row['id'],
    );
  const idsOnBus = async () =>
    (await onBus()).filter(({ event, msgId }) => event.id === msgId).map(({ msgId }) => msgId);

  /** The ids that a subscription hears. */
  async function listen({ schema, context }: Subgraph = party.subgraph) {
    const after = await party.cursor(`party:${id}`);
    const args = { schema, document: parse(subscription), variableValues: { id, after } };
    const stream = await subscribeWithFreshContext(args, () => context(ada, 'test'));
    const events = stream as AsyncGenerator<ExecutionResult<Record<string, { id: string }>>, void, void>;
    const heard: string[] = [];
    const reading = (async () => {
      for await (const { data } of events) heard.push(String(data?.['partyActivity']?.id));
    })();
    return {
      heard,
      async stop() {
        await events.return();
        await reading;
      },
    };
  }

  test('an event is a CloudEvent, with its id as Nats-Msg-Id', async () => {
    const [first] = await onBus();
    const [row] = await party.database.sql`select * from party.activity order by xid, position limit 1`;
    expect(first).toEqual({
      msgId: row?.['id'],
      subject: `fellowship.party.${ada.tenantId}.party.${id}.party:created`,
      event: {
        specversion: '1.0',
        id: row?.['id'],
        source: '/fellowship/party',
        type: 'party:created',
        subject: `party:${id}`,
        tenant: ada.tenantId,
        actor: ada.playerId,
        time: row?.['occurred_at'].toISOString(),
        sequence: '1',
        data: { partyId: id },
      },
    });
  });

  test('the log is on the bus in its order, once each', async () => {
    await Promise.all(Array.from({ length: 100 }, setRole));
    await expect.poll(idsOnBus).toEqual(await inLog());
  });

  test('a subscription hears it from there, in another process too, without reading the log for it', async () => {
    const other = await another();
    const [here, there] = [await listen(), await listen(other)];
    const statements = await party.statements(() => setRoles(20));
    await expect.poll(() => [here.heard.length, there.heard.length]).toEqual([20, 20]);
    expect(here.heard).toEqual(there.heard);
    // A stream may begin after an event, and a look at the log's head may come between an event's commit and its
    // message: each costs one read. Read for each event it would be 20.
    expect(statements.filter((text) => text.includes('"sequence" > $')).length).toBeLessThan(10);
    await Promise.all([here.stop(), there.stop()]);
    await other.close();
  });

  test('away: mutations succeed, subscriptions go on; back: the backlog follows, in order', async () => {
    const listening = await listen();
    await nats.stop('SIGKILL');
    await setRoles(20);
    await expect.poll(() => listening.heard.length).toBe(20);
    await nats.restart();
    await setRoles(20);
    await expect.poll(() => listening.heard.length).toBe(40);
    await expect.poll(idsOnBus).toEqual(await inLog());
    await listening.stop();
  });

  test('wiped: what it held is there again, in order', async () => {
    const listening = await listen();
    await nats.restart({ wiped: true });
    await setRoles(5);
    await expect.poll(idsOnBus).toEqual(await inLog());
    await expect.poll(() => listening.heard.length).toBe(5);
    await listening.stop();
  });

  test('another process takes over the relay where it was left', async () => {
    const other = await another();
    await party.database.sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'fellowship relay party'`;
    await setRoles(20);
    await expect.poll(idsOnBus).toEqual(await inLog());
    await other.close();
  });

  /** As a second process on the same database. */
  function another(): Promise<Subgraph> {
    const { url } = party.database;
    const log = createLog({ name: 'party', level: 'silent' });
    return createSubgraph({ url, migrationUrl: url, natsUrl: nats.url, log });
  }
});
