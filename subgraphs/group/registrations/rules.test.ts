import { describe, expect, test } from 'vitest';
import { promotions, seat } from './rules.ts';

const now = new Date('2031-05-04T18:30:00Z');
const open = { endsAt: new Date(now.getTime() + 1), cancelledAt: null };
const room = (capacity: number | null, registeredCount: number, waitingCount = 0) => ({
  ...open,
  capacity,
  registeredCount,
  waitingCount,
});

describe('who registers', () => {
  test.each([
    [room(2, 1), 'REGISTERED'],
    [room(2, 2), 'WAITING'],
    [room(2, 2, 9), 'WAITING'],
    [room(null, 1_000), 'REGISTERED'],
  ] as const)('for %j is %s', (event, status) => expect(seat(event, null, true, now)).toEqual({ status }));

  test('and does not want to wait is denied when it is full', () => {
    expect(seat(room(2, 2), null, false, now)).toEqual({ denied: 'EVENT_FULL' });
    expect(seat(room(2, 1), null, false, now)).toEqual({ status: 'REGISTERED' });
  });
  test.each(['REGISTERED', 'WAITING'] as const)('again, %s, is denied', (own) =>
    expect(seat(room(2, 1), own, true, now)).toEqual({ denied: 'ALREADY_REGISTERED' }),
  );
  test('too late is denied', () => {
    expect(seat({ ...room(2, 1), endsAt: now }, null, true, now)).toEqual({ denied: 'EVENT_ENDED' });
    expect(seat({ ...room(2, 1), cancelledAt: now }, null, true, now)).toEqual({ denied: 'EVENT_CANCELLED' });
  });
});

describe('who waits moves up', () => {
  test.each([
    [room(2, 2, 3), 0],
    [room(2, 1, 3), 1],
    [room(5, 1, 3), 3],
    [room(null, 2, 3), 3],
    [room(2, 1, 0), 0],
  ])('%j: %j', (event, count) => expect(promotions(event, now)).toBe(count));

  test('but not into what is over or off', () => {
    expect(promotions({ ...room(2, 1, 3), endsAt: now }, now)).toBe(0);
    expect(promotions({ ...room(2, 1, 3), cancelledAt: now }, now)).toBe(0);
  });
});
