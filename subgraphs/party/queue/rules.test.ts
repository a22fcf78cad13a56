import { expect, test } from 'vitest';
import { inWords, mayEnter, mayMatch } from './rules.ts';

const missing = [
  { role: 'HEALER', count: 1 },
  { role: 'DPS', count: 2 },
] as const;

test.each([
  ['a party that has whom it takes', false, [], null],
  ['one that lacks some', false, missing, 'COMPOSITION_INCOMPLETE'],
  ['one that waits already', true, [], 'ALREADY_QUEUED'],
])('%s enters the queue', (_, waiting, lacks, expected) => {
  expect(mayEnter(waiting, lacks)).toBe(expected);
});

test('what is missing in words', () => expect(inWords(missing)).toBe('1 HEALER, 2 DPS'));

test.each([
  ['whichever waits', 'a', null, null],
  ['the one that waits', 'a', 'a', null],
  ['one that waits no more', 'b', 'a', 'NOT_QUEUED'],
  ['whichever waits, when none does', null, null, 'NOT_QUEUED'],
  ['one that waits no more, when none does', null, 'a', 'NOT_QUEUED'],
])('a match for %s', (_, waiting, named, expected) => {
  expect(mayMatch(waiting, named)).toBe(expected);
});
