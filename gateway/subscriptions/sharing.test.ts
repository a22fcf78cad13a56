import { playerIdOf } from '@fellowship/identity';
import type { ExecutionResult } from 'graphql';
import { describe, expect, it } from 'vitest';
import { connectClient, until } from '../testing/client.ts';
import { startTestGateway, type TestGateway, TOPOLOGIES } from '../testing/gateway.ts';

const LOG = 'subscription { log { __typename id cursor } }';

/** What comes to a player who subscribes over a WebSocket of their own. */
function listen(url: string, name: string, query = LOG) {
  const client = connectClient(url, name);
  const heard: ExecutionResult[] = [];
  client.subscribe(
    { query },
    {
      next: (result) => heard.push(result as ExecutionResult),
      error: (errors) => heard.push({ errors } as ExecutionResult),
      complete: () => {},
    },
  );
  const codes = () => heard.map(({ data, errors }) => data?.['log'] ?? errors?.[0]?.extensions?.['code']);
  return {
    client,
    heard,
    outcomes: () => codes().map((each: unknown) => (each as { id?: string }).id ?? each),
  };
}

/** Executions at the subgraph: each event has a context, beside those that opened or probed a subscription. */
const contextsOf = ({ contexts }: TestGateway) =>
  contexts.filter(({ subgraph }) => subgraph === 'party').length;

const event = (id: string, kicks: readonly string[] = []) => ({
  id,
  actorId: 'Ada',
  kicks: kicks.map(playerIdOf),
});

describe.each(TOPOLOGIES)('players of one log, %s', (topology) => {
  async function listening(names: readonly string[], query = LOG, timeout = 10_000) {
    const test = await startTestGateway(topology, {}, { timeout });
    const listeners = names.map((name) => listen(test.url, name, query));
    // What is published before all listen is not counted. Once all have heard the last of it, nothing is on its way.
    let nth = 0;
    do {
      nth++;
      test.activity.publish(event(`warm ${nth}`));
      await new Promise((resolve) => setTimeout(resolve, 50 * nth));
    } while (!listeners.every(({ outcomes }) => outcomes().at(-1) === `warm ${nth}`));
    for (const { heard } of listeners) heard.length = 0;
    return { test, listeners };
  }

  it('share one subscription and one execution an event', async () => {
    const { test, listeners } = await listening(['Ada', 'Bea', 'Cid', 'Dan']);
    const before = contextsOf(test);
    const streams = new Set(test.contexts.map(({ viewer }) => viewer.playerId));
    expect(streams.size).toBe(4);
    for (const id of ['1', '2', '3']) test.activity.publish(event(id));
    await until(() => listeners.every(({ heard }) => heard.length >= 3));
    for (const { outcomes } of listeners) expect(outcomes()).toEqual(['1', '2', '3']);
    expect(contextsOf(test) - before).toBe(3);
    await Promise.all(listeners.map(({ client }) => client.dispose()));
    await test[Symbol.asyncDispose]();
  });

  it('share nothing where a field may depend on who asks', async () => {
    const { test, listeners } = await listening(['Ada', 'Bea'], LOG.replace('cursor', 'cursor text'));
    const before = contextsOf(test);
    test.activity.publish(event('1'));
    await until(() => listeners.every(({ heard }) => heard.length >= 1));
    expect(contextsOf(test) - before).toBe(2);
    await Promise.all(listeners.map(({ client }) => client.dispose()));
    await test[Symbol.asyncDispose]();
  });

  it.each(['Ada', 'Bea'])('lose it one by one: %s', async (kicked) => {
    const { test, listeners } = await listening(['Ada', 'Bea', 'Cid']);
    const nth = ['Ada', 'Bea'].indexOf(kicked);
    test.strangers.add(playerIdOf(kicked));
    test.activity.publish(event('1', [kicked]));
    await until(() => listeners[nth]?.heard.length === 2);
    expect(listeners[nth]?.outcomes()).toEqual(['1', 'ACCESS_LOST']);
    listeners.splice(nth, 1);
    // This log can't be read again: what comes while another's subscription is opened is not heard.
    for (let id = 2; listeners.some(({ heard }) => heard.length < 2); id++) {
      test.activity.publish(event(String(id)));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const stranger = listen(test.url, kicked);
    await until(() => stranger.heard.length === 1);
    expect(stranger.outcomes()).toEqual(['NOT_FOUND']);
    await Promise.all([...listeners, stranger].map(({ client }) => client.dispose()));
    await test[Symbol.asyncDispose]();
  });

  it('end one by one where the subgraph does not say whether they may still read it', async () => {
    const { test, listeners } = await listening(['Ada', 'Bea', 'Cid'], LOG, 1_000);
    test.unanswered.add(playerIdOf('Bea'));
    test.activity.publish(event('1', ['Bea']));
    await until(() => listeners.every(({ heard }) => heard.length >= 1));
    test.activity.publish(event('2'));
    await until(() => listeners.every(({ heard }) => heard.length >= 2));
    const [ada, bea, cid] = listeners.map(({ outcomes }) => outcomes());
    expect([ada, bea, cid]).toEqual([
      ['1', '2'],
      ['1', 'SUBGRAPH_UNAVAILABLE'],
      ['1', '2'],
    ]);
    const again = listen(test.url, 'Bea');
    await until(() => again.heard.length === 1);
    expect(again.outcomes()).toEqual(['SUBGRAPH_UNAVAILABLE']);
    await Promise.all([...listeners, again].map(({ client }) => client.dispose()));
    await test[Symbol.asyncDispose]();
  });
});
