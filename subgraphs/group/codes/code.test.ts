import { randomInt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { codeFrom, drawCode } from './code.ts';

describe('a drawn code', () => {
  test('has 8 characters of the alphabet', () => {
    for (let count = 0; count < 1_000; count += 1) {
      expect(drawCode((below) => randomInt(below))).toMatch(/^[ABCDEFGHJKMNPQRSTUVWXYZ23456789]{8}$/);
    }
  });

  test('uses the whole alphabet, each character by its number', () => {
    let next = 0;
    const drawn = Array.from({ length: 4 }, () => drawCode((below) => next++ % below)).join('');
    expect(drawn).toBe('ABCDEFGHJKMNPQRSTUVWXYZ23456789A');
  });
});

describe('a written code', () => {
  test.each([
    ['as it is', 'ABCD2345'],
    ['in lower case', 'abcd2345'],
    ['with a hyphen', 'ABCD-2345'],
    ['with spaces', ' ab cd 23 45 '],
    ['with all of that', '-aB c-D 2-3 45-'],
  ])('is read %s', (_, text) => {
    expect(codeFrom(text)).toBe('ABCD2345');
  });

  test.each([
    ['too short', 'ABCD234'],
    ['too long', 'ABCD23456'],
    ['empty', ''],
    ['with a character that is left out', 'ABCD2340'],
    ['with another that looks alike', 'ABCDI345'],
    ['with other punctuation', 'ABCD_2345'],
    ['with a dot', 'ABCD.2345'],
    ['with a tab', 'ABCD\t2345'],
    ['with a line break', 'ABCD2345\n'],
    ['with a letter that upper case makes two of', 'ABCD23ß'],
    ['with a letter that upper case makes one of the alphabet', 'ABCD234ſ'],
    ['with a dash that is no hyphen', 'ABCD–2345'],
  ])('is none %s', (_, text) => {
    expect(codeFrom(text)).toBeNull();
  });
});
