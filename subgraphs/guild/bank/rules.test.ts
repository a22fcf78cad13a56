import { expect, test } from 'vitest';
import { permissionsOf, systemRanks } from '../ranks/permissions.ts';
import type { MemberState } from '../ranks/rules.ts';
import { largestAmount, mayDeposit, mayLimit, mayManageTabs, mayWithdraw, mostKinds } from './rules.ts';

const members: MemberState[] = systemRanks.map(({ kind, level, name }) => {
  return { playerId: kind, rank: { id: kind, kind, level, name, permissions: permissionsOf(kind) } };
});
const [leader, officer, veteran, member, recruit] = members as [
  MemberState,
  MemberState,
  MemberState,
  MemberState,
  MemberState,
];
const stock = { balance: 100n, kinds: 0 };
const free = { limit: null, withdrawn: 0n };

test('ranks deposit, withdraw and manage as the product says', () => {
  const lacking = (rule: (actor: MemberState | null) => string | null) =>
    [...members, null].map((actor) => (rule(actor) === null ? 1 : 0)).join('');
  expect(lacking((actor) => mayDeposit(actor, 1n, stock))).toBe('111100');
  expect(lacking((actor) => mayWithdraw(actor, 1n, stock, free))).toBe('111000');
  expect(lacking(mayManageTabs)).toBe('100000');
  expect(lacking((actor) => mayLimit(actor, recruit.rank, []))).toBe('100000');
  for (const actor of [recruit, null]) expect(mayDeposit(actor, 1n, stock)).toBe('MISSING_PERMISSION');
});

test.each([
  [0n, 'AMOUNT_ZERO'],
  [-1n, 'AMOUNT_NEGATIVE'],
  [-(2n ** 64n), 'AMOUNT_NEGATIVE'],
  [largestAmount + 1n, 'AMOUNT_TOO_LARGE'],
  [10n ** 90n, 'AMOUNT_TOO_LARGE'],
] as const)('%s is no amount', (amount, code) => {
  expect(mayDeposit(member, amount, { balance: 0n, kinds: 0 })).toBe(code);
  expect(mayWithdraw(veteran, amount, { balance: largestAmount, kinds: 0 }, free)).toBe(code);
});

test('nothing goes above what 64 bits hold, nor below zero', () => {
  expect(mayDeposit(member, largestAmount - 100n, stock)).toBeNull();
  expect(mayDeposit(member, largestAmount - 99n, stock)).toBe('BALANCE_TOO_HIGH');
  expect(mayWithdraw(veteran, 100n, stock, free)).toBeNull();
  expect(mayWithdraw(veteran, 101n, stock, free)).toBe('BALANCE_TOO_LOW');
});

test('a full tab takes more of what it has, and no new kind', () => {
  expect(mayDeposit(member, 1n, { balance: 1n, kinds: mostKinds })).toBeNull();
  expect(mayDeposit(member, 1n, { balance: 0n, kinds: mostKinds - 1 })).toBeNull();
  expect(mayDeposit(member, 1n, { balance: 0n, kinds: mostKinds })).toBe('BANK_TAB_FULL');
});

test('a limit is for the day: what was withdrawn counts, and zero is none', () => {
  expect(mayWithdraw(veteran, 10n, stock, { limit: 10n, withdrawn: 0n })).toBeNull();
  expect(mayWithdraw(veteran, 10n, stock, { limit: 10n, withdrawn: 1n })).toBe('DAILY_LIMIT_REACHED');
  expect(mayWithdraw(veteran, 1n, stock, { limit: 0n, withdrawn: 0n })).toBe('DAILY_LIMIT_REACHED');
  expect(mayWithdraw(veteran, 1n, stock, { limit: 5n, withdrawn: 50n })).toBe('DAILY_LIMIT_REACHED');
});

test('limits are set from above, and never for the leader', () => {
  const treasurer = { ...officer, rank: { ...officer.rank, permissions: ['MANAGE_BANK'] as const } };
  expect(mayLimit(leader, leader.rank, [0n])).toBe('RANK_NOT_BELOW_YOU');
  expect(mayLimit(treasurer, officer.rank, [0n])).toBe('RANK_NOT_BELOW_YOU');
  expect(mayLimit(treasurer, veteran.rank, [0n, null])).toBeNull();
  expect(mayLimit(leader, null, [])).toBe('RANK_NOT_FOUND');
  expect(mayLimit(leader, veteran.rank, [null, -1n])).toBe('AMOUNT_NEGATIVE');
  expect(mayLimit(leader, veteran.rank, [largestAmount + 1n, 1n])).toBe('AMOUNT_TOO_LARGE');
  expect(mayLimit(leader, veteran.rank, [largestAmount, 0n])).toBeNull();
});
