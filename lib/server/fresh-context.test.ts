import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { subscribeWithFreshContext } from './fresh-context.ts';
import { TestSubgraph, viewer } from './test-subgraph.ts';

async function open(subgraph: TestSubgraph, query: string) {
  const args = { schema: subgraph.schema, document: parse(query) };
  const stream = await subscribeWithFreshContext(args, () => subgraph.context(viewer, 'r1'));
  if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream));
  return stream;
}

describe('subscribeWithFreshContext', () => {
  it('executes each event with a context of its own, none of them the one that opened the stream', async () => {
    const stream = await open(new TestSubgraph(), 'subscription { a: count(to: 3) }');
    const numbers: unknown[] = [];
    for await (const result of stream) numbers.push(result.data?.['a']);
    expect(numbers).toEqual([2, 3, 4]);
  });

  it('uses one context for all fields of an event', async () => {
    const subgraph = new TestSubgraph();
    const stream = await open(subgraph, 'subscription { count(to: 1) }');
    await stream.next();
    expect(subgraph.contexts).toBe(2);
  });

  it('ends the source at once when the stream is returned, though it waits for an event', async () => {
    const subgraph = new TestSubgraph();
    const stream = await open(subgraph, 'subscription { silent }');
    void stream.next();
    await stream.return();
    expect(subgraph.endedStreams).toBe(1);
  });

  it('answers with errors when the stream can not be opened', async () => {
    const { schema } = new TestSubgraph();
    const args = { schema, document: parse('subscription { denied }') };
    const result = await subscribeWithFreshContext(args, () => ({}));
    expect(result).toMatchObject({ errors: [{ message: 'Needs service:combat' }] });
  });
});
