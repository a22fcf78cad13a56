import { expect, it } from 'vitest';
import { post, startTestGateway, TOPOLOGIES } from '../testing/gateway.ts';

it.each(TOPOLOGIES)(
  'one subgraph that hangs takes its own fields and nobody else’s, %s',
  async (topology) => {
    await using test = await startTestGateway(topology, {}, { timeout: 1_500 });
    let isOver = false;
    const hung = post(test.url, '{ me { party { name } hung } group(id: 1) { name } }').finally(() => {
      isOver = true;
    });
    const other = await post(test.url, '{ me { guilds { name } } group(id: 1) { name } }');
    expect(other.body.errors).toBeUndefined();
    expect(isOver).toBe(false);

    const { status, body } = await hung;
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: { me: { party: { name: 'Party 1' }, hung: null }, group: { name: 'Group 1' } },
      errors: [{ path: ['me', 'hung'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    });
  },
);

it.each(TOPOLOGIES)(
  'what was written before and after the one mutation that hangs is answered, %s',
  async (topology) => {
    await using test = await startTestGateway(topology, {}, { timeout: 500 });
    const { status, body } = await post(
      test.url,
      `mutation {
        before: partyRename(name: "Nine") { name }
        lost: guildHang { name }
        after: partyRename(name: "Ten") { name }
      }`,
    );
    expect(status).toBe(200);
    expect(body.data).toEqual({ before: { name: 'Nine' }, lost: null, after: { name: 'Ten' } });
    expect(body.errors).toMatchObject([{ path: ['lost'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
    expect(body.errors).toHaveLength(1);
  },
);

it('a mutation of a subgraph that is away is null, and those of others are done', async () => {
  await using test = await startTestGateway('remote');
  await test.stopSubgraph('guild');
  const { body } = await post(
    test.url,
    'mutation { a: guildRename(name: "A") { name } b: guildRename(name: "B") { name } partyRename(name: "Nine") { name } }',
  );
  expect(body).toMatchObject({
    data: { a: null, b: null, partyRename: { name: 'Nine' } },
    errors: [
      { path: ['a'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } },
      { path: ['b'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } },
    ],
  });
});

it('a subgraph that is known to be away is not waited for, other fields are answered', async () => {
  await using test = await startTestGateway('remote', {}, { timeout: 1_000, failures: 1, pause: 60_000 });
  await post(test.url, '{ me { hung } }');
  const asked = test.contexts.length;
  const { body } = await post(test.url, '{ me { party { name } crash } }');
  expect(body).toMatchObject({
    data: { me: { party: { name: 'Party 1' }, crash: null } },
    errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
  });
  expect(test.contexts.slice(asked).map(({ subgraph }) => subgraph)).toEqual(['party']);
});
