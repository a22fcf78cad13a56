import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createGuessLimit } from './guess-limit.ts';
import { RateLimited } from './limited.ts';
import { memoryRates } from './memory.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const limit = () => createGuessLimit(memoryRates(), { guesses: 3, seconds: 60 });
const guess = (of: ReturnType<typeof limit>, right: boolean, key = 'Ada') =>
  of.attempt(
    key,
    async () => right,
    (result) => !result,
  );

test('wrong guesses are counted for each key, right ones never', async () => {
  const guesses = limit();
  for (const right of [false, true, true, true, true, false, true, false]) await guess(guesses, right);
  await expect(guess(guesses, true)).rejects.toThrow(RateLimited);
  expect(await guess(guesses, true, 'Bea')).toBe(true);
});

test('the refusal says when to come back, and then it is true', async () => {
  const guesses = limit();
  for (const _ of [1, 2, 3]) await guess(guesses, false);
  vi.advanceTimersByTime(20_500);
  const refusal = await guess(guesses, true).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ retryAfter: 40, extensions: { code: 'RATE_LIMITED' } });
  vi.advanceTimersByTime(40_000);
  expect(await guess(guesses, true)).toBe(true);
});

test('many at once are no way around', async () => {
  const guesses = limit();
  let made = 0;
  const attempt = () =>
    guesses.attempt(
      'Ada',
      async () => {
        made += 1;
        return false;
      },
      () => true,
    );
  await Promise.allSettled(Array.from({ length: 50 }, attempt));
  expect(made).toBe(3);
});

test('what fails for another reason is passed on, and is no wrong guess', async () => {
  const guesses = limit();
  for (const _ of [1, 2, 3, 4]) {
    const failing = guesses.attempt(
      'Ada',
      () => Promise.reject(new Error('the database is away')),
      () => true,
    );
    await expect(failing).rejects.toThrow('the database is away');
  }
  expect(await guess(guesses, true)).toBe(true);
});
