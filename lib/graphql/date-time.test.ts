import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GraphQLDateTime, isoOf } from './date-time.ts';

test('is what toISOString gives, of any year', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true }), (date) => {
      expect(isoOf(date)).toBe(date.toISOString());
    }),
    { numRuns: 20_000 },
  );
});

test.each([
  '1969-12-31T23:59:59.999Z',
  '1970-01-01T00:00:00.000Z',
  '0000-01-01T00:00:00.000Z',
  '-000001-12-31T23:59:59.999Z',
  '+275760-09-13T00:00:00.000Z',
  '2024-02-29T10:09:08.007Z',
])('knows %s', (text) => {
  expect(isoOf(new Date(text))).toBe(text);
});

test('no date is none, however often it is asked for', () => {
  for (const _ of [1, 2]) expect(() => isoOf(new Date(Number.NaN))).toThrow(RangeError);
});

test('a DateTime is written from a date, and what is none is refused as the library does', () => {
  expect(GraphQLDateTime.serialize(new Date('2026-01-31T12:00:00.5Z'))).toBe('2026-01-31T12:00:00.500Z');
  expect(GraphQLDateTime.serialize('2026-01-31T13:00:00+01:00')).toBe('2026-01-31T12:00:00.000Z');
  expect(() => GraphQLDateTime.serialize('yesterday')).toThrow();
  expect(() => GraphQLDateTime.serialize({})).toThrow();
});
