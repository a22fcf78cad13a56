import { describe, expect, test } from 'vitest';
import { descriptionOf, nameKey, nameOf, searchKey, slugFrom, slugOf } from './names.ts';

describe('a name', () => {
  test.each([
    ['  The Night Watch ', 'The Night Watch'],
    ['The\u00a0 \t Night\nWatch', 'The Night Watch'],
    ['Cafe\u0301', 'Café'],
    ['Стражи Севера', 'Стражи Севера'],
    ['守夜人', '守夜人'],
    ['👩‍👩‍👧 Wolves', '👩‍👩‍👧 Wolves'],
    ['😀'.repeat(40), '😀'.repeat(40)],
  ])('%j is kept as %j', (text, kept) => {
    expect(nameOf(text)).toBe(kept);
  });

  test.each([
    '',
    ' ',
    'x',
    ' x ',
    'x'.repeat(41),
    'a\0b',
    'a\u0007b',
    'ab\u202Ecd',
    'ab\ud800',
    '\u200b\u200b\u200b',
  ])('%j can’t be one', (text) => {
    expect(nameOf(text)).toBeNull();
  });

  test.each([
    ['The Watch', 'tHE wATCH'],
    ['Стражи', 'СТРАЖИ'],
    ['Ｗatch', 'watch'],
    ['Night\u200bWatch', 'nightwatch'],
  ])('%j and %j are the same', (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other));
  });

  test('begins with what one searches for', () => {
    for (const search of ['', 'the', '  THE ', 'The  Ni', 'the night w']) {
      expect(nameKey('The Night Watch').startsWith(searchKey(search) ?? '-')).toBe(true);
    }
    expect(searchKey('\0')).toBeNull();
    expect(searchKey('\ud800')).toBeNull();
  });
});

describe('a slug', () => {
  test.each([
    ["The Night's Watch", 'the-night-s-watch'],
    ['--Wolves!!', 'wolves'],
    ['Стражи Севера', 'стражи-севера'],
    ['守夜人 7', '守夜人-7'],
    ['A_B', 'a-b'],
  ])('of %j is %j', (name, slug) => {
    expect(slugFrom(name)).toBe(slug);
  });

  test('can’t be made of a name without letters or digits', () => {
    expect(slugFrom('!!!')).toBeNull();
    expect(slugFrom('😀😀')).toBeNull();
  });

  test.each([
    ['Night-Watch', 'night-watch'],
    [' a ', 'a'],
    ['x'.repeat(60), 'x'.repeat(60)],
  ])('%j is kept as %j', (text, kept) => {
    expect(slugOf(text)).toBe(kept);
  });

  test.each(['', '-', 'a-', '-a', 'a--b', 'a b', 'a/b', 'a_b', 'a\0', '\ud800', 'x'.repeat(61)])(
    '%j can’t be one',
    (text) => {
      expect(slugOf(text)).toBeNull();
    },
  );
});

test('a description has lines, and no U+0000', () => {
  expect(descriptionOf('One.\nTwo.')).toBe('One.\nTwo.');
  expect(descriptionOf('')).toBe('');
  expect(descriptionOf('😀'.repeat(2000))).toHaveLength(4000);
  expect(descriptionOf('x'.repeat(2001))).toBeNull();
  expect(descriptionOf('a\0')).toBeNull();
  expect(descriptionOf('a\udc00')).toBeNull();
});
