import { describe, expect, test } from 'vitest';
import { isOpen, mayResize } from './rules.ts';

const now = new Date('2031-05-04T18:30:00Z');
const later = new Date(now.getTime() + 1);

describe('an event is open', () => {
  test('until it ends', () => {
    expect(isOpen({ endsAt: later, cancelledAt: null }, now)).toBeNull();
    expect(isOpen({ endsAt: now, cancelledAt: null }, now)).toBe('EVENT_ENDED');
  });
  test('unless it is cancelled, whatever the time', () => {
    expect(isOpen({ endsAt: later, cancelledAt: now }, now)).toBe('EVENT_CANCELLED');
    expect(isOpen({ endsAt: now, cancelledAt: now }, now)).toBe('EVENT_CANCELLED');
  });
});

test.each([
  [5, 5, null],
  [5, 6, null],
  [5, null, null],
  [5, 4, 'CAPACITY_TOO_SMALL'],
] as const)('%j who take part, resized to %j: %j', (registered, capacity, denied) =>
  expect(mayResize(registered, capacity)).toBe(denied),
);
