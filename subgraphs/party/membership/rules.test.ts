import { describe, expect, test } from 'vitest';
import { departure, mayJoin, mayKick, mayLead, maySetRole, mayTransfer, type PartyState } from './rules.ts';

const party = (differing: Partial<PartyState> = {}): PartyState => ({
  leaderId: 'ada',
  joinPolicy: 'OPEN',
  maxMembers: 3,
  memberIds: ['bea', 'ada'],
  ...differing,
});

describe('joining', () => {
  test.each([
    ['a party with room', party(), 'cyd', null],
    ['a full party', party({ maxMembers: 2 }), 'cyd', 'PARTY_FULL'],
    ['a party one is in', party(), 'bea', 'ALREADY_A_MEMBER'],
    ['a full party one is in', party({ maxMembers: 2 }), 'bea', 'ALREADY_A_MEMBER'],
  ])('%s', (_, state, player, expected) => {
    expect(mayJoin(state, player)).toBe(expected);
  });
});

describe('kicking', () => {
  test.each([
    ['the leader, a member', 'ada', 'bea', null],
    ['the leader, themself', 'ada', 'ada', 'CANNOT_KICK_SELF'],
    ['the leader, a stranger', 'ada', 'eve', 'NOT_A_MEMBER'],
    ['a member, the leader', 'bea', 'ada', 'NOT_LEADER'],
    ['a member, themself', 'bea', 'bea', 'NOT_LEADER'],
  ])('%s', (_, actor, target, expected) => {
    expect(mayKick(party(), actor, target)).toBe(expected);
  });
});

describe('handing over the lead', () => {
  test.each([
    ['the leader, to a member', 'ada', 'bea', null],
    ['the leader, to themself', 'ada', 'ada', 'ALREADY_LEADER'],
    ['the leader, to a stranger', 'ada', 'eve', 'NOT_A_MEMBER'],
    ['a member, to themself', 'bea', 'bea', 'NOT_LEADER'],
  ])('%s', (_, actor, target, expected) => {
    expect(mayTransfer(party(), actor, target)).toBe(expected);
  });
});

test('only the leader leads', () => {
  expect(mayLead(party(), 'ada')).toBeNull();
  expect(mayLead(party(), 'bea')).toBe('NOT_LEADER');
});

test('everyone sets their own role, the leader anyone’s', () => {
  expect(maySetRole(party(), 'bea', 'bea')).toBeNull();
  expect(maySetRole(party(), 'ada', 'bea')).toBeNull();
  expect(maySetRole(party(), 'bea', 'ada')).toBe('NOT_LEADER');
  expect(maySetRole(party(), 'ada', 'eve')).toBe('NOT_A_MEMBER');
});

describe('leaving', () => {
  test('a member: the party goes on', () => {
    expect(departure(party(), 'bea')).toEqual({ kind: 'GOES_ON' });
  });
  test('the leader: the longest-standing of the others leads', () => {
    expect(departure(party({ memberIds: ['ada', 'cyd', 'bea'] }), 'ada')).toEqual({
      kind: 'NEW_LEADER',
      leaderId: 'cyd',
    });
  });
  test('the last one: it disbands', () => {
    expect(departure(party({ memberIds: ['ada'] }), 'ada')).toEqual({ kind: 'DISBANDS' });
  });
});
