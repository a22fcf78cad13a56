import { expect, it } from 'vitest';
import { bootstrap, judge, quantile, spreadOf } from './statistics.ts';

it('takes the middle, or between the middle two, whatever the order', () => {
  expect(spreadOf([9, 1, 5])).toEqual({ median: 5, min: 1, max: 9 });
  expect(spreadOf([10, 9, 100, 1])).toEqual({ median: 9.5, min: 1, max: 100 });
  expect(spreadOf([7])).toEqual({ median: 7, min: 7, max: 7 });
  expect(() => spreadOf([])).toThrow('Nothing was measured');
});

it('finds quantiles of sorted numbers', () => {
  const hundred = Array.from({ length: 101 }, (_, n) => n);
  expect(quantile(hundred, 0.99)).toBe(99);
  expect(quantile([1, 2], 0.5)).toBe(1.5);
  expect(quantile([4], 0.99)).toBe(4);
  expect(quantile([], 0.5)).toBeNaN();
});

it('says how much of a figure is chance', () => {
  const mean = (numbers: readonly number[]) => (chosen: readonly number[]) =>
    chosen.reduce((sum, index) => sum + (numbers[index] ?? Number.NaN), 0) / chosen.length;
  expect(bootstrap(5, mean([3, 3, 3, 3, 3]))).toEqual({ low: 3, high: 3 });
  const { low, high } = bootstrap(100, mean(Array.from({ length: 100 }, (_, nth) => nth)));
  // The mean is 49.5, its standard error 2.9.
  expect(low).toBeGreaterThan(40);
  expect(low).toBeLessThan(49);
  expect(high).toBeGreaterThan(50);
  expect(high).toBeLessThan(59);
});

it('compares within each round before it takes the middle', () => {
  // The machine is ten times as slow in the second round: the ratio of medians would say 10 / 2.
  const rounds = [
    { ours: 30, peer: 10 },
    { ours: 2, peer: 1 },
    { ours: 10, peer: 2 },
  ];
  expect(judge(rounds, { of: 'ours', to: 'peer' })).toEqual({
    median: 3,
    min: 2,
    max: 5,
    comparison: { of: 'ours', to: 'peer' },
    met: undefined,
  });
});

it('judges the median, a bound included', () => {
  const rounds = [
    { ours: 1, peer: 1 },
    { ours: 3, peer: 1 },
    { ours: 2, peer: 1 },
  ];
  const met = (bound: object) => judge(rounds, { of: 'ours', to: 'peer', ...bound })?.met;
  expect(met({ atLeast: 2 })).toBe(true);
  expect(met({ atLeast: 2.1 })).toBe(false);
  expect(met({ atMost: 2 })).toBe(true);
  expect(met({ atMost: 1.9 })).toBe(false);
  expect(met({ atLeast: 1, atMost: 3 })).toBe(true);
});

it('leaves out rounds that lack one of the two', () => {
  const comparison = { of: 'ours', to: 'peer', atLeast: 1 };
  expect(judge([{ ours: 4, peer: 2 }, { ours: 1 }, { peer: 1 }], comparison)).toMatchObject({ median: 2 });
  expect(judge([{ ours: 1 }], comparison)).toBeUndefined();
});
