import { expect, it } from 'vitest';
import { connectClient } from '../testing/client.ts';
import { post, startTestGateway } from '../testing/gateway.ts';

const query = '{ party(id: 1) { members { guilds { id } } } }';
/** Five members with five guilds each, as far as the gateway can tell. */
const cost = { requested: 30, limit: 2_000 };

it('is in every answer where it is asked for, over HTTP and WebSocket', async () => {
  await using test = await startTestGateway('local', { showCost: true });
  expect((await post(test.url, query)).body).toMatchObject({ data: { party: {} }, extensions: { cost } });
  await using client = connectClient(test.url);
  expect((await client.iterate({ query }).next()).value).toMatchObject({ extensions: { cost } });
});

it('is in none otherwise', async () => {
  await using test = await startTestGateway('local');
  expect(Object.keys((await post(test.url, query)).body)).toEqual(['data']);
});
