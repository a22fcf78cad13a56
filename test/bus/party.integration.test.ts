import { randomUUID } from 'node:crypto';
import type { NatsServer } from '@fellowship/nats-server';
import { createSubgraph } from '@fellowship/party';
import { jetstream } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithNats, startTestNats } from '../kit/nats.ts';
import { startSubgraph, type TestSubgraph, tenantA, viewer } from '../kit/subgraph.ts';

describeWithNats('what other services report on the bus', () => {
  let server: NatsServer;
  let service: NatsConnection;
  let party: TestSubgraph;

  beforeAll(async () => {
    server = await startTestNats();
    service = await connect({ servers: new URL(server.url).host });
    party = await startSubgraph('party', createSubgraph, { natsUrl: server.url });
  });
  afterAll(async () => {
    await party?.close();
    await service?.close();
    await server?.stop();
  });

  test('combat:loot-dropped, sent twice, is one drop', async () => {
    const ada = viewer();
    const create = party.mutation('partyCreate', 'party { id }');
    const { id: partyId } = (await create(ada, {})).party;
    const type = 'combat:loot-dropped';
    const items = [{ itemKey: 'helm', name: 'Helm of Dawn', quality: 'EPIC' }];
    const event = {
      specversion: '1.0',
      id: randomUUID(),
      source: '/combat',
      type,
      tenant: tenantA,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      data: { partyId, source: 'Onyxia', items },
    };
    const drops = async () =>
      (await party.run(ada, '{ me { party { lootDrops { nodes { source items { name } } } } } }')).me.party
        .lootDrops.nodes;
    // The stream is made by the subgraph, which may still be at it.
    const send = () => jetstream(service).publish(`fellowship.inbound.${type}`, JSON.stringify(event));
    await expect.poll(() => send().then(Boolean, () => false)).toBe(true);
    await send();
    await expect.poll(drops).toEqual([{ source: 'Onyxia', items: [{ name: 'Helm of Dawn' }] }]);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await drops()).toHaveLength(1);
  });
});
