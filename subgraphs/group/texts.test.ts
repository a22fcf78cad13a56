import { Denial } from '@fellowship/command';
import { describe, expect, test } from 'vitest';
import { changesFrom, descriptionFrom, nameFrom } from './texts.ts';

const refusal = (path: string) => expect.objectContaining({ code: 'INVALID_INPUT', path: [path] });

describe('a name', () => {
  test('loses the spaces around it', () => expect(nameFrom('  Inner Circle ')).toBe('Inner Circle'));
  test('may have 100 characters, however they are coded', () => {
    expect(nameFrom('é'.repeat(100))).toHaveLength(100);
    expect(nameFrom('🐉'.repeat(100))).toBe('🐉'.repeat(100));
  });
  test.each([[''], ['   '], ['x'.repeat(101)], ['🐉'.repeat(101)], ['a\u0007b'], ['a\u202eb']])(
    '%j is none',
    (name) => {
      expect(() => nameFrom(name)).toThrow(Denial);
      expect(() => nameFrom(name)).toThrow(refusal('name'));
    },
  );
});

describe('a description', () => {
  test.each([[undefined], [null], [''], [' \n ']])('%j is none', (text) =>
    expect(descriptionFrom(text)).toBeNull(),
  );
  test('may have 2,000 characters', () => {
    expect(descriptionFrom('x'.repeat(2_000))).toHaveLength(2_000);
    expect(() => descriptionFrom('x'.repeat(2_001))).toThrow(refusal('description'));
  });
  test('has lines, and no control characters', () => {
    expect(descriptionFrom('One.\nTwo.')).toBe('One.\nTwo.');
    expect(() => descriptionFrom('a\u001b[31m')).toThrow(refusal('description'));
  });
});

test('an update changes what is given, and a description can be taken away', () => {
  expect(changesFrom({})).toEqual({});
  expect(changesFrom({ name: null })).toEqual({});
  expect(changesFrom({ name: 'New' })).toEqual({ name: 'New' });
  expect(changesFrom({ description: null })).toEqual({ description: null });
  expect(changesFrom({ name: 'New', description: 'Text' })).toEqual({ name: 'New', description: 'Text' });
});
