import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { commitmentTo, diceOf, newSeed } from './fairness.ts';
import { type Candidate, resolve } from './rules.ts';

const times = (count: number) => Array.from({ length: count }, (_, index) => index);
/** A seed for each number: these tests see the same ones every time. */
const seedOf = (number: number) => createHash('sha256').update(String(number)).digest('hex');
const uuidOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** Pearson's statistic of counts that should all be alike. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

function countNumbers(draw: (index: number) => number, draws: number): number[] {
  const counts = times(100).map(() => 0);
  for (const index of times(draws)) {
    const number = draw(index);
    expect(number >= 1 && number <= 100 && Number.isInteger(number)).toBe(true);
    counts[number - 1] = (counts[number - 1] ?? 0) + 1;
  }
  return counts;
}

/** With 99 degrees of freedom, one fair run in a thousand is above this. */
const worstOf100 = 148.23;
/** With 4. */
const worstOf5 = 18.47;

describe('numbers are as likely, all of 1 to 100', () => {
  const [item, player] = [uuidOf(1), uuidOf(2)];
  test.each([
    ['over seeds', (index: number) => diceOf(seedOf(index), item)(player, 1)],
    ['over items', (index: number) => diceOf(seedOf(1), uuidOf(index))(player, 1)],
    ['over players', (index: number) => diceOf(seedOf(2), item)(uuidOf(index), 1)],
    ['over rounds', (index: number) => diceOf(seedOf(3), item)(player, index + 1)],
  ])('%s', (_, draw) => {
    expect(chiSquare(countNumbers(draw, 20_000))).toBeLessThan(worstOf100);
  });

  test('with seeds as they are made', () => {
    const draw = () => diceOf(newSeed(), item)(player, 1);
    // One run in a million is above this: it is not the same every time.
    expect(chiSquare(countNumbers(draw, 20_000))).toBeLessThan(180);
  });
});

describe('every player is as likely to win, whatever their id', () => {
  const names = [
    '00000000-0000-4000-8000-000000000000',
    '00000000-0000-4000-8000-000000000001',
    '7fffffff-ffff-4fff-bfff-ffffffffffff',
    'ffffffff-ffff-4fff-bfff-fffffffffffe',
    'ffffffff-ffff-4fff-bfff-ffffffffffff',
  ];
  const candidates = (vote: Candidate['vote']) =>
    names.map((playerId) => ({ playerId, mayNeed: true, vote, left: false }));

  test.each([
    ['NEED_GREED', 'NEED'],
    ['NEED_GREED', 'GREED'],
    ['PERSONAL', null],
  ] as const)('%s, all %s', (mode, vote) => {
    const wins = new Map(names.map((name) => [name, 0]));
    for (const index of times(10_000)) {
      const dice = diceOf(seedOf(index), uuidOf(9));
      const { winnerId } = resolve({ mode, candidates: candidates(vote) }, dice);
      if (winnerId !== null) wins.set(winnerId, (wins.get(winnerId) ?? 0) + 1);
    }
    expect(chiSquare([...wins.values()])).toBeLessThan(worstOf5);
  });
});

test('the same seed, item, player and round: the same number; any other: another', () => {
  const roll = (seed: number, item: number, player: number, round: number) =>
    times(10).map((index) => diceOf(seedOf(seed), uuidOf(item))(uuidOf(player + index), round));
  const numbers = roll(1, 1, 1, 1);
  expect(roll(1, 1, 1, 1)).toEqual(numbers);
  for (const others of [roll(2, 1, 1, 1), roll(1, 2, 1, 1), roll(1, 1, 99, 1), roll(1, 1, 1, 2)]) {
    expect(others).not.toEqual(numbers);
  }
});

test('numbers are those that the schema promises, for whoever checks in another language', () => {
  const seed = '00'.repeat(32);
  expect(commitmentTo(seed)).toBe('66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925');
  // As worked out by Python's hmac.
  const dice = diceOf(seed, uuidOf(1));
  expect(times(5).map((index) => dice(uuidOf(2), index + 1))).toEqual([39, 79, 58, 98, 56]);
});

test('a commitment tells seeds apart, and seeds do not come twice', () => {
  const seeds = times(100).map(newSeed);
  expect(new Set(seeds).size).toBe(100);
  expect(new Set(seeds.map(commitmentTo)).size).toBe(100);
  expect(seeds.every((seed) => /^[0-9a-f]{64}$/.test(seed))).toBe(true);
});
