import { expect, it } from 'vitest';
import { createQueue, type Queue } from './queue.ts';

async function drain<T>(queue: Queue<T>): Promise<unknown[]> {
  const taken: unknown[] = [];
  try {
    for await (const value of queue) taken.push(value);
  } catch (error) {
    taken.push((error as { extensions?: { code: string } }).extensions?.code ?? error);
  }
  return taken;
}

it('delivers in order what is pushed before and while the consumer waits, then ends', async () => {
  const queue = createQueue<number>(10);
  queue.push(1);
  const taken = drain(queue);
  await Promise.resolve();
  queue.push(2);
  queue.push(3);
  queue.end();
  queue.push(4);
  expect(await taken).toEqual([1, 2, 3]);
});

it('delivers what is buffered before it throws', async () => {
  const queue = createQueue<number>(10);
  const failure = new Error('broken');
  queue.push(1);
  queue.end(failure);
  queue.end();
  expect(await drain(queue)).toEqual([1, failure]);
});

it('ends as SLOW_CONSUMER over its limit', async () => {
  const queue = createQueue<number>(2);
  for (const value of [1, 2, 3, 4]) queue.push(value);
  expect(await drain(queue)).toEqual([1, 2, 'SLOW_CONSUMER']);
});
