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
      errors: [{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }],
    });
  },
);

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
