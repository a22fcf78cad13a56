import { describe, expect, test } from 'vitest';
import { mayRespond, outcomeOf, statusAt } from './rules.ts';

const at = (seconds: number) => new Date(seconds * 1000);

describe('a ready check that expires at 30 s', () => {
  const open = { status: 'OPEN', expiresAt: at(30) } as const;
  test('is open until then', () => expect(statusAt(open, at(29.999))).toBe('OPEN'));
  test('has failed from then on', () => expect(statusAt(open, at(30))).toBe('FAILED'));
  test.each(['PASSED', 'FAILED', 'CANCELLED'] as const)('stays %s', (status) => {
    expect(statusAt({ ...open, status }, at(31))).toBe(status);
  });
});

describe('an answer', () => {
  const answers = [
    { playerId: 'ada', answer: 'READY' },
    { playerId: 'bea', answer: null },
  ] as const;
  test.each([
    ['in time', 'OPEN', 'bea', null],
    ['once more', 'OPEN', 'ada', 'ALREADY_ANSWERED'],
    ['of one who came later', 'OPEN', 'cyd', 'NOT_ASKED'],
    ['too late', 'FAILED', 'bea', 'READY_CHECK_OVER'],
    ['once more and too late', 'FAILED', 'ada', 'ALREADY_ANSWERED'],
  ] as const)('%s', (_, status, player, expected) => {
    expect(mayRespond(status, answers, player)).toBe(expected);
  });
});

test.each([
  ['all are ready', ['READY', 'READY'], 'PASSED'],
  ['one is not', ['READY', 'NOT_READY'], 'FAILED'],
  ['one has not answered', ['READY', null], null],
  ['one is not and one has not answered', ['NOT_READY', null], null],
  ['all whom it asked have gone', [], 'CANCELLED'],
] as const)('%s', (_, answers, expected) => {
  expect(outcomeOf(answers.map((answer, index) => ({ playerId: String(index), answer })))).toBe(expected);
});
