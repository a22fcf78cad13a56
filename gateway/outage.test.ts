import { createLog } from '@fellowship/server';
import { Unavailable } from '@fellowship/unavailable';
import { beforeEach, describe, expect, it } from 'vitest';
import { connectClient, until } from './testing/client.ts';
import { post, startTestGateway, TOPOLOGIES } from './testing/gateway.ts';

let lines: { level: number; msg: string; reason?: string }[];
const log = createLog({
  name: 'test',
  level: 'info',
  destination: { write: (line) => void lines.push(JSON.parse(line)) },
});
beforeEach(() => {
  lines = [];
});

const away = { code: 'SUBGRAPH_UNAVAILABLE', requestId: expect.any(String) };
const lost = (name: string) => new Unavailable(`${name} at 10.0.0.7 is away`);

/** One line for each failure, whichever process it is in, and no stack. */
function expectToldOf(...reasons: string[]): void {
  expect(lines.filter(({ level }) => level > 30)).toMatchObject(
    reasons.map((reason) => ({ level: 40, msg: 'Not available', reason })),
  );
  expect(JSON.stringify(lines)).not.toMatch(/"stack"|\.ts:\d/);
}

describe.each(TOPOLOGIES)('a database that is away, subgraphs %s', (topology) => {
  it('nulls the fields that need it, with a code and no word of where it is', async () => {
    await using test = await startTestGateway(topology, { log });
    const fault = lost('party');
    test.faults.thrown = fault;
    const { status, body } = await post(test.url, '{ a: fail b: fail me { id } }');
    const message = 'A service is not available: try again';
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { a: null, b: null, me: { id: expect.any(String) } },
      errors: [
        { message, path: ['a'], extensions: away },
        { message, path: ['b'], extensions: away },
      ],
    });
    expectToldOf(fault.message);
  });

  it('refuses a subscription with the same code', async () => {
    await using test = await startTestGateway(topology, { log });
    await using client = connectClient(test.url);
    const fault = lost('party');
    test.faults.thrown = fault;
    const refused = client.iterate({ query: 'subscription { failing { id } }' });
    expect((await refused.next()).value).toMatchObject({ errors: [{ extensions: away }] });
    expectToldOf(fault.message);
  });

  it.each([
    ['of one’s own', 'subscription { event: partyActivity(partyId: 1) { id cursor } }'],
    ['that is shared', 'subscription { event: log { id cursor } }'],
  ])('ends one that runs, %s, with the cursor to resume from', async (_, query) => {
    await using test = await startTestGateway(topology, { log });
    await using client = connectClient(test.url);
    const results = client.iterate({ query });
    const first = results.next();
    await until(() => test.activity.listeners > 0);
    test.activity.publish({ id: 'e1', actorId: 'Lea' });
    expect((await first).value).toEqual({ data: { event: { id: 'e1', cursor: 'cursor e1' } } });
    const fault = lost('party');
    test.activity.end(fault);
    expect((await results.next()).value).toMatchObject({
      errors: [{ extensions: { ...away, cursor: 'cursor e1' } }],
    });
    expectToldOf(fault.message);
  });
});
