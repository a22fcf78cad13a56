import { expect, test } from 'vitest';
import { lineFrom, linesFrom } from './texts.ts';

const attempt = (read: () => string) => {
  try {
    return read();
  } catch (error) {
    return error;
  }
};
const refused = expect.objectContaining({ code: 'INVALID_INPUT', path: ['body'] });

test.each([
  [' \n abc\t', 'abc'],
  ['a\nb', 'a\nb'],
])('lines %j are kept as %j', (input, kept) => expect(linesFrom(input, 3, ['body'])).toBe(kept));

test('a line has one space between words', () => expect(lineFrom(' a \n b', 3, ['body'])).toBe('a b'));

test.each(['', ' \u00a0 ', 'abcd', 'a\0', 'a\u0007', '\ud83d'])('%j is refused', (input) => {
  expect(attempt(() => lineFrom(input, 3, ['body']))).toEqual(refused);
  expect(attempt(() => linesFrom(input, 3, ['body']))).toEqual(refused);
});
