import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { connectClient, until } from '../testing/client.ts';
import { startTestGateway, TOPOLOGIES } from '../testing/gateway.ts';

const TIMEOUT = 1_000;

describe.each(TOPOLOGIES)('the opening of a subscription, subgraphs %s', (topology) => {
  it.each([
    ['of one’s own', 'subscription { hanging { id } }'],
    ['that may be shared', 'subscription { hangingLog { id cursor } }'],
  ])('%s has a deadline, and takes nobody else along', async (_, query) => {
    await using test = await startTestGateway(topology, {}, { timeout: TIMEOUT });
    await using client = connectClient(test.url);
    const other = client.iterate({ query: 'subscription { partyActivity(partyId: 1) { id } }' });
    const next = other.next();
    await until(() => test.activity.listeners === 1);
    const hung = client.iterate({ query });
    expect((await hung.next()).value).toMatchObject({
      errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    });
    expect((await hung.next()).done).toBe(true);
    test.activity.publish({ id: 'e1', actorId: 'Lea' });
    expect((await next).value).toEqual({ data: { partyActivity: { id: 'e1' } } });
  });

  it.each([
    ['of one’s own', 'subscription { partyActivity(partyId: 1) { id } }'],
    ['that may be shared', 'subscription { log { id cursor } }'],
  ])('%s is over when it is open: events may take their time', async (_, query) => {
    await using test = await startTestGateway(topology, {}, { timeout: TIMEOUT });
    await using client = connectClient(test.url);
    const next = client.iterate({ query }).next();
    await until(() => test.activity.listeners > 0);
    await delay(2 * TIMEOUT);
    test.activity.publish({ id: 'e1', actorId: 'Lea' });
    expect(JSON.stringify((await next).value)).toContain('"id":"e1"');
  });
});
