import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onExpiry } from './expiry.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const DAY = 24 * 60 * 60 * 1000;
const now = () => new Date();

it('calls back when the time has come, also beyond the 24.8 days that a timer can hold', () => {
  const callback = vi.fn();
  onExpiry(new Date(Date.now() + 60 * DAY), now, callback);
  vi.advanceTimersByTime(60 * DAY - 1);
  expect(callback).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2);
  expect(callback).toHaveBeenCalledOnce();
});

it('calls back soon when the time has passed already, and never once cancelled', () => {
  const callback = vi.fn();
  const cancel = onExpiry(new Date(0), now, callback);
  expect(callback).not.toHaveBeenCalled();
  cancel();
  vi.runAllTimers();
  expect(callback).not.toHaveBeenCalled();
  onExpiry(new Date(0), now, callback);
  vi.runAllTimers();
  expect(callback).toHaveBeenCalledOnce();
});
