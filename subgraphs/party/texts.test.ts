import { expect, test } from 'vitest';
import { textFrom } from './texts.ts';

const read = (input: string) => {
  try {
    return textFrom(input, 3, ['body']);
  } catch (error) {
    return error;
  }
};
const refused = expect.objectContaining({ code: 'INVALID_INPUT', path: ['body'] });

test.each([
  ['abc', 'abc'],
  [' \n abc\t', 'abc'],
  ['a b', 'a b'],
  ['\u{1F600}\u{1F600}\u{1F600}', '\u{1F600}\u{1F600}\u{1F600}'],
])('%j is kept as %j', (input, kept) => expect(read(input)).toBe(kept));

test.each(['', ' \u00a0 ', 'abcd', '\u{1F600}\u{1F600}\u{1F600}\u{1F600}', 'a\0', '\ud83d'])(
  '%j is refused',
  (input) => expect(read(input)).toEqual(refused),
);
