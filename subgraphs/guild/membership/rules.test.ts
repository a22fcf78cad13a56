import { expect, test } from 'vitest';
import { permissionsOf, systemRanks } from '../ranks/permissions.ts';
import type { MemberState } from '../ranks/rules.ts';
import { mayJoin, mayKick, mayLeave, mayTransfer } from './rules.ts';

const members: MemberState[] = systemRanks.map(({ kind, level, name }) => {
  return { playerId: kind, rank: { id: kind, kind, level, name, permissions: permissionsOf(kind) } };
});
const [leader, ...others] = members as [MemberState, ...MemberState[]];

test('one joins once, while there is room', () => {
  expect(mayJoin({ memberCount: 999, maxMembers: 1000 }, null)).toBeNull();
  expect(mayJoin({ memberCount: 1000, maxMembers: 1000 }, null)).toBe('GUILD_FULL');
  expect(mayJoin({ memberCount: 1, maxMembers: 1000 }, leader)).toBe('ALREADY_A_MEMBER');
});

test('everyone leaves as they like, but the leader', () => {
  for (const member of others) {
    expect(mayLeave(member, null)).toBeNull();
    expect(mayLeave(member, leader)).toBeNull();
    expect(mayLeave(leader, member)).toBeNull();
  }
  expect(mayLeave(leader, null)).toBe('SUCCESSOR_REQUIRED');
  expect(mayLeave(leader, leader)).toBe('SUCCESSOR_REQUIRED');
  expect(mayLeave(null, null)).toBe('NOT_A_MEMBER');
});

test('the leader alone hands over, to any other member', () => {
  for (const member of others) {
    expect(mayTransfer(leader, member)).toBeNull();
    for (const target of [...members, null]) expect(mayTransfer(member, target)).toBe('NOT_LEADER');
  }
  expect(mayTransfer(leader, leader)).toBe('ALREADY_LEADER');
  expect(mayTransfer(leader, null)).toBe('NOT_A_MEMBER');
  expect(mayTransfer(null, leader)).toBe('NOT_LEADER');
});

test('kicking asks for KICK', () => {
  const kickers = members.filter((member) => mayKick(member, others.at(-1) ?? null) === null);
  expect(kickers.map(({ playerId }) => playerId)).toEqual(['LEADER', 'OFFICER']);
});
