import { describe, expect, test } from 'vitest';
import { inviteStatus, mayAnswer, mayInvite } from './rules.ts';

const at = (seconds: number) => new Date(seconds * 1000);

describe('an invitation that expires at 10 s', () => {
  const pending = { status: 'PENDING', expiresAt: at(10) } as const;
  test('is pending until then', () => expect(inviteStatus(pending, at(9.999))).toBe('PENDING'));
  test('has expired from then on', () => expect(inviteStatus(pending, at(10))).toBe('EXPIRED'));
  test('stays what it became', () => {
    expect(inviteStatus({ status: 'DECLINED', expiresAt: at(10) }, at(11))).toBe('DECLINED');
  });
});

test('only what is pending can be answered', () => {
  expect(mayAnswer('PENDING')).toBeNull();
  expect(mayAnswer('EXPIRED')).toBe('INVITE_EXPIRED');
  for (const status of ['ACCEPTED', 'DECLINED', 'CANCELLED'] as const) {
    expect(mayAnswer(status)).toBe('INVITE_NOT_FOUND');
  }
});

test('the leader invites whoever is not in and not asked yet', () => {
  const party = { leaderId: 'ada', joinPolicy: 'OPEN', maxMembers: 2, memberIds: ['ada', 'bea'] } as const;
  expect(mayInvite(party, 'ada', 'cyd', false)).toBeNull();
  expect(mayInvite(party, 'ada', 'cyd', true)).toBe('ALREADY_INVITED');
  expect(mayInvite(party, 'ada', 'bea', false)).toBe('ALREADY_A_MEMBER');
  expect(mayInvite(party, 'bea', 'cyd', false)).toBe('NOT_LEADER');
});
