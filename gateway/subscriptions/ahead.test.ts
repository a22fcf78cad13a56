import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ahead } from './ahead.ts';

async function* counted(count: number, failure?: Error): AsyncGenerator<number, void, void> {
  for (let nth = 0; nth < count; nth += 1) yield nth;
  if (failure) throw failure;
}

async function drain<T>(items: AsyncIterable<T>): Promise<{ got: T[]; error?: unknown }> {
  const got: T[] = [];
  try {
    for await (const item of items) got.push(item);
  } catch (error) {
    return { got, error };
  }
  return { got };
}

test('every item once and in order, whatever each takes; then what the source ends with', async () => {
  const takes = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(takes, fc.integer({ min: 1, max: 10 }), fc.boolean(), async (times, most, fails) => {
      const failure = fails ? new Error('over') : undefined;
      const work = (nth: number) => delay(times[nth] ?? 0, nth);
      const { got, error } = await drain(ahead(counted(times.length, failure), work, most));
      expect(got).toEqual(times.map((_, nth) => nth));
      expect(error).toBe(failure);
    }),
    { numRuns: 50 },
  );
});

test('what the work throws comes in its turn, and ends it', async () => {
  const work = async (nth: number) => {
    if (nth === 3) throw new Error('three');
    await delay(5);
    return nth;
  };
  const { got, error } = await drain(ahead(counted(10), work, 4));
  expect(got).toEqual([0, 1, 2]);
  expect(error).toEqual(new Error('three'));
});

test('so many are under way at a time, and no more', async () => {
  let under = 0;
  let most = 0;
  const work = async (nth: number) => {
    under += 1;
    most = Math.max(most, under);
    await delay(1);
    under -= 1;
    return nth;
  };
  await drain(ahead(counted(50), work, 7));
  expect(most).toBe(7);
});
