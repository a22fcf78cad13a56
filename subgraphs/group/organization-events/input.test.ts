import { describe, expect, test } from 'vitest';
import { capacityFrom, checkTimes, groupIdsFrom, timeZoneFrom } from './input.ts';

const refusal = (path: string, code = 'INVALID_INPUT') => expect.objectContaining({ code, path: [path] });

describe('a time zone', () => {
  test.each([
    ['Europe/Berlin', 'Europe/Berlin'],
    ['europe/berlin', 'Europe/Berlin'],
    ['UTC', 'UTC'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
  ])('%j is kept as %j', (input, kept) => expect(timeZoneFrom(input)).toBe(kept));
  test.each(['', 'Mars/Olympus', '+02:00', '-0500', 'Europe/Berlin '])('%j is none', (input) =>
    expect(() => timeZoneFrom(input)).toThrow(refusal('timeZone')),
  );
});

describe('a capacity', () => {
  test.each([[1], [1_000_000]])('%j', (input) => expect(capacityFrom(input)).toBe(input));
  test.each([[null], [undefined]])('%j: any number', (input) => expect(capacityFrom(input)).toBeNull());
  test.each([[0], [-1], [1_000_001]])('%j is none', (input) =>
    expect(() => capacityFrom(input)).toThrow(refusal('capacity')),
  );
});

describe('groups', () => {
  const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const ids = (count: number) => Array.from({ length: count }, (_, index) => id(index));
  test('count once each, whatever their case', () => {
    const a = 'abcdef00-0000-4000-8000-000000000000';
    expect(groupIdsFrom([a, id(1), a.toUpperCase()])).toEqual([id(1), a]);
  });
  test('are 100 at most', () => {
    expect(groupIdsFrom(ids(100))).toHaveLength(100);
    expect(() => groupIdsFrom(ids(101))).toThrow(refusal('groupIds'));
  });
  test('have ids', () => expect(() => groupIdsFrom(['x'])).toThrow(refusal('groupIds', 'GROUP_NOT_FOUND')));
});

describe('times', () => {
  const now = new Date('2031-05-04T18:30:00Z');
  const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
  test.each([
    [1, 2],
    [-1, 1],
  ])('from minute %j to %j', (from, to) => checkTimes({ startsAt: at(from), endsAt: at(to) }, now));
  test.each([
    [1, 1],
    [2, 1],
    [-2, -1],
    [-1, 0],
  ])('from minute %j to %j: no', (from, to) =>
    expect(() => checkTimes({ startsAt: at(from), endsAt: at(to) }, now)).toThrow(refusal('endsAt')),
  );
});
