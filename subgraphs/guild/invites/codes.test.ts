import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { codeOf, newCode } from './codes.ts';

test('a code is 12 letters and digits that nobody mistakes', () => {
  for (let count = 0; count < 100; count += 1) {
    expect(newCode((below) => randomInt(below))).toMatch(/^[ABCDEFGHJKMNPQRSTUVWXYZ23456789]{12}$/);
  }
});

test('every letter comes from the source, and every one it can give is used', () => {
  let next = 0;
  const counting = (below: number) => {
    expect(below).toBe(31);
    next += 1;
    return (next - 1) % below;
  };
  const codes = Array.from({ length: 3 }, () => newCode(counting)).join('');
  expect(new Set(codes).size).toBe(31);
});

test('a code is read back from what people type', () => {
  expect(codeOf(' abcd2345wxyz\n')).toBe('ABCD2345WXYZ');
});

test.each(['', 'ABCD2345WXY', 'ABCD2345WXYZ2', 'ABCD2345WXY0', 'ABCD2345WXY\0', '\u{1F600}'.repeat(12)])(
  '%j is no code',
  (text) => {
    expect(codeOf(text)).toBeNull();
  },
);
