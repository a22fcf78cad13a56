import { InvalidToken } from '@fellowship/identity';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { connectClient, until } from '../testing/client.ts';
import { nameTokens, startTestGateway, type TestGateway } from '../testing/gateway.ts';
import { DEFAULT_SOCKET_LIMITS } from './socket.ts';

const query = 'subscription { partyActivity(partyId: 1) { id } }';

/** What is the matter with tokens, if anything is. */
let fault: Error | undefined;
let looks: number;
let test: TestGateway;
beforeEach(async () => {
  fault = undefined;
  looks = 0;
  test = await startTestGateway('local', {
    socketLimits: { ...DEFAULT_SOCKET_LIMITS, tokenCheck: 20 },
    clientTokens: {
      async verify(token) {
        looks += 1;
        if (fault && token === 'Ada') throw fault;
        return nameTokens.verify(token);
      },
    },
  });
});
afterEach(() => test[Symbol.asyncDispose]());

it('a socket whose token no longer holds is told why and closed, and no other', async () => {
  await using ada = connectClient(test.url);
  await using bea = connectClient(test.url, 'Bea');
  const [hers, others] = [ada.iterate({ query }), bea.iterate({ query })];
  const [first, other] = [hers.next(), others.next()];
  await until(() => test.activity.listeners === 2);
  fault = new InvalidToken('Token is not signed by a known key');
  expect((await first).value).toMatchObject({
    errors: [{ message: `${fault.message}: sign in anew`, extensions: { code: 'UNAUTHENTICATED' } }],
  });
  expect(await ada.closed).toMatchObject({ code: 4403, reason: fault.message });
  expect(test.activity.listeners).toBe(1);
  test.activity.publish({ id: 'e1', actorId: 'Lea' });
  expect((await other).value).toEqual({ data: { partyActivity: { id: 'e1' } } });
});

it.each([
  ['text/event-stream', 'event: next\ndata: {"errors":'],
  ['multipart/mixed;subscriptionSpec=1.0', '{"payload":null,"errors":'],
])('so is an HTTP stream: %s', async (accept, part) => {
  const headers = { accept, authorization: 'Bearer Ada', 'content-type': 'application/json' };
  const answer = await fetch(`${test.url}/graphql`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
  });
  await until(() => test.activity.listeners === 1);
  fault = new InvalidToken('Token is not signed by a known key');
  const text = await answer.text();
  expect(text).toContain(part);
  expect(text).toContain('UNAUTHENTICATED');
  expect(test.activity.listeners).toBe(0);
});

it('keys that can’t be had end nothing', async () => {
  await using ada = connectClient(test.url);
  const first = ada.iterate({ query }).next();
  await until(() => test.activity.listeners === 1);
  fault = new Error('The issuer is away');
  const before = looks;
  await until(() => looks > before + 2);
  test.activity.publish({ id: 'e1', actorId: 'Lea' });
  expect((await first).value).toEqual({ data: { partyActivity: { id: 'e1' } } });
});
