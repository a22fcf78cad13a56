import { describe, expect, test } from 'vitest';
import { lineOf, linesOf } from './text.ts';

const dragon = '\u{1F409}';

describe('a line', () => {
  test.each([
    ['  Night  Watch ', 'Night Watch'],
    ['Night\n\tWatch', 'Night Watch'],
    ['Cafe\u0301', 'Caf\u00e9'],
    ['Стражи', 'Стражи'],
    [dragon.repeat(12), dragon.repeat(12)],
  ])('%j is kept as %j', (text, kept) => expect(lineOf(text, 1, 12)).toBe(kept));

  test.each([
    '',
    ' \u00a0 ',
    'x'.repeat(13),
    dragon.repeat(13),
    'a\0b',
    'a\u0007b',
    'a\u009bb',
    'a\u202eb',
    'a\ud83d',
  ])('%j is none', (text) => expect(lineOf(text, 1, 12)).toBeNull());
});

describe('lines', () => {
  test.each(['', 'One.\nTwo.\r\n\tThree.', ' as given ', 'a\u200fb'])('%j are kept', (text) =>
    expect(linesOf(text, 0, 20)).toBe(text),
  );
  test('are NFC', () => expect(linesOf('e\u0301', 0, 20)).toBe('\u00e9'));
  test.each(['x'.repeat(21), 'a\0', 'a\u0007', 'a\u001b[31m', 'a\u007f', 'a\u0085', 'a\udc00'])(
    '%j are none',
    (text) => expect(linesOf(text, 0, 20)).toBeNull(),
  );
  test('may have to be some', () => expect(linesOf('', 1, 20)).toBeNull());
});
