import { describe, expect, test } from 'vitest';
import { permissionsOf, systemRanks } from '../ranks/permissions.ts';
import type { MemberState, RankState } from '../ranks/rules.ts';
import { inviteStatus, mayInvite, mayRevoke, mayUse } from './rules.ts';

const ranks: RankState[] = systemRanks.map(({ kind, level, name }) => {
  return { id: kind, kind, level, name, permissions: permissionsOf(kind) };
});
const rankOf = (kind: string): RankState => {
  const rank = ranks.find((rank) => rank.kind === kind);
  if (!rank) throw new Error(`There is no rank ${kind}`);
  return rank;
};
const members: MemberState[] = ranks.map((rank) => ({ playerId: rank.id, rank }));

const now = new Date('2031-05-04T18:30:00.000Z');
const later = new Date(now.getTime() + 1);
const open = { uses: 0, maxUses: null, expiresAt: null, revokedAt: null };

describe('an invite', () => {
  test('without limits is open however often it was used', () => {
    expect(inviteStatus({ ...open, uses: 1_000_000 }, now)).toBe('OPEN');
  });
  test('is used up with its last use', () => {
    expect(inviteStatus({ ...open, uses: 4, maxUses: 5 }, now)).toBe('OPEN');
    expect(inviteStatus({ ...open, uses: 5, maxUses: 5 }, now)).toBe('USED_UP');
  });
  test('is open until just before it expires', () => {
    expect(inviteStatus({ ...open, expiresAt: later }, now)).toBe('OPEN');
    expect(inviteStatus({ ...open, expiresAt: now }, now)).toBe('EXPIRED');
  });
  test('is revoked, whatever else it is', () => {
    expect(inviteStatus({ uses: 5, maxUses: 5, expiresAt: now, revokedAt: now }, now)).toBe('REVOKED');
    expect(inviteStatus({ uses: 5, maxUses: 5, expiresAt: now, revokedAt: null }, now)).toBe('USED_UP');
  });
});

test('lets players in while it is open', () => {
  const recruit = rankOf('RECRUIT');
  const officer = { playerId: 'ada', rank: rankOf('OFFICER') };
  expect(mayUse('OPEN', officer, recruit)).toBeNull();
  expect(mayUse('USED_UP', officer, recruit)).toBe('INVITE_USED_UP');
  expect(mayUse('EXPIRED', officer, recruit)).toBe('INVITE_EXPIRED');
  expect(mayUse('REVOKED', officer, recruit)).toBe('INVITE_NOT_FOUND');
  // Its creator was demoted below its rank, has lost INVITE, or is gone.
  expect(mayUse('OPEN', { playerId: 'ada', rank: rankOf('VETERAN') }, rankOf('VETERAN'))).toBe(
    'INVITE_NOT_FOUND',
  );
  expect(mayUse('OPEN', { playerId: 'ada', rank: rankOf('MEMBER') }, recruit)).toBe('INVITE_NOT_FOUND');
  expect(mayUse('OPEN', null, recruit)).toBe('INVITE_NOT_FOUND');
});

test('is made by who may invite, to ranks below their own', () => {
  const allowed = members.flatMap((member) =>
    ranks.filter((rank) => mayInvite(member, rank) === null).map(({ id }) => `${member.playerId} ${id}`),
  );
  expect(allowed).toEqual([
    'LEADER OFFICER',
    'LEADER VETERAN',
    'LEADER MEMBER',
    'LEADER RECRUIT',
    'OFFICER VETERAN',
    'OFFICER MEMBER',
    'OFFICER RECRUIT',
    'VETERAN MEMBER',
    'VETERAN RECRUIT',
  ]);
  expect(mayInvite(null, ranks[4] ?? null)).toBe('MISSING_PERMISSION');
  expect(mayInvite(members[0] ?? null, null)).toBe('RANK_NOT_FOUND');
  expect(mayInvite(members[0] ?? null, ranks[0] ?? null)).toBe('LEADERSHIP_IS_TRANSFERRED');
});

test('is revoked once, by who may invite', () => {
  expect(members.map((member) => mayRevoke(member, 'OPEN'))).toEqual([
    null,
    null,
    null,
    'INVITE_NOT_FOUND',
    'INVITE_NOT_FOUND',
  ]);
  expect(mayRevoke(null, 'OPEN')).toBe('INVITE_NOT_FOUND');
  for (const status of ['USED_UP', 'EXPIRED'] as const)
    expect(mayRevoke(members[0] ?? null, status)).toBeNull();
  expect(mayRevoke(members[0] ?? null, 'REVOKED')).toBe('INVITE_NOT_FOUND');
});
