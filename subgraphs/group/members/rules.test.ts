import { describe, expect, test } from 'vitest';
import { losesSight, mayAdd, mayLeave, mayRemove, maySetRole, type Target } from './rules.ts';

const self = (role: Target['role']): Target => ({ isActor: true, role });
const other = (role: Target['role']): Target => ({ isActor: false, role });

describe('adding', () => {
  test.each([
    ['OWNER', null, null],
    ['MODERATOR', null, null],
    ['MODERATOR', 'MEMBER', 'ALREADY_A_MEMBER'],
    ['MEMBER', null, 'NOT_MODERATOR'],
    ['MEMBER', 'MEMBER', 'NOT_MODERATOR'],
  ] as const)('by %s of who is %s: %s', (actor, target, answer) => {
    expect(mayAdd(actor, other(target))).toBe(answer);
  });
});

describe('setting a role', () => {
  test.each([
    ['OWNER', other('MEMBER'), 'MODERATOR', null],
    ['OWNER', other('MODERATOR'), 'MEMBER', null],
    ['OWNER', other('MEMBER'), 'OWNER', null],
    ['OWNER', other(null), 'OWNER', 'NOT_A_MEMBER'],
    ['OWNER', self('OWNER'), 'OWNER', null],
    ['OWNER', self('OWNER'), 'MEMBER', 'OWNER_MUST_TRANSFER'],
    ['OWNER', self('OWNER'), 'MODERATOR', 'OWNER_MUST_TRANSFER'],
    ['MODERATOR', other('MEMBER'), 'MODERATOR', 'NOT_OWNER'],
    ['MODERATOR', self('MODERATOR'), 'OWNER', 'NOT_OWNER'],
    ['MEMBER', self('MEMBER'), 'OWNER', 'NOT_OWNER'],
    ['MEMBER', other(null), 'MEMBER', 'NOT_OWNER'],
  ] as const)('by %s of %o to %s: %s', (actor, target, role, answer) => {
    expect(maySetRole(actor, target, role)).toBe(answer);
  });
});

describe('removing', () => {
  test.each([
    ['OWNER', other('MEMBER'), null],
    ['OWNER', other('MODERATOR'), null],
    ['OWNER', self('OWNER'), 'CANNOT_REMOVE_SELF'],
    ['OWNER', other(null), 'NOT_A_MEMBER'],
    ['MODERATOR', other('MEMBER'), null],
    ['MODERATOR', other('MODERATOR'), 'NOT_OWNER'],
    ['MODERATOR', other('OWNER'), 'NOT_OWNER'],
    ['MODERATOR', self('MODERATOR'), 'CANNOT_REMOVE_SELF'],
    ['MEMBER', other('MEMBER'), 'NOT_MODERATOR'],
    ['MEMBER', other(null), 'NOT_MODERATOR'],
    ['MEMBER', self('MEMBER'), 'NOT_MODERATOR'],
  ] as const)('by %s of %o: %s', (actor, target, answer) => {
    expect(mayRemove(actor, target)).toBe(answer);
  });
});

test('everyone leaves but the owner', () => {
  expect(mayLeave('MEMBER')).toBeNull();
  expect(mayLeave('MODERATOR')).toBeNull();
  expect(mayLeave('OWNER')).toBe('OWNER_MUST_TRANSFER');
});

test.each([
  ['OWNER', 'MODERATOR', false],
  ['MODERATOR', 'MEMBER', true],
  ['MODERATOR', null, true],
  ['MODERATOR', 'OWNER', false],
  ['MEMBER', 'MODERATOR', false],
  ['MEMBER', null, false],
] as const)('from %s to %s, sight of all groups is lost: %s', (before, after, lost) => {
  expect(losesSight(before, after)).toBe(lost);
});
