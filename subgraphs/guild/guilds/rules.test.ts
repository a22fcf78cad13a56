import { expect, test } from 'vitest';
import { permissionsOf, systemRanks } from '../ranks/permissions.ts';
import { mayEdit, mayFound, mayTake } from './rules.ts';

test('one founds guilds in one’s own communities', () => {
  expect(mayFound(['a', 'b'], 'b')).toBeNull();
  expect(mayFound(['a', 'b'], 'c')).toBe('NOT_IN_COMMUNITY');
  expect(mayFound([], 'a')).toBe('NOT_IN_COMMUNITY');
});

test('the leader alone edits, unless a rank has it too', () => {
  const codes = systemRanks.map(({ kind, level, name }) =>
    mayEdit({ playerId: 'a', rank: { id: kind, kind, level, name, permissions: permissionsOf(kind) } }),
  );
  expect(codes).toEqual([null, ...Array.from({ length: 4 }, () => 'MISSING_PERMISSION')]);
  const rank = { id: 'own', kind: null, level: 1.5, name: 'Scribe', permissions: ['EDIT_INFO'] } as const;
  expect(mayEdit({ playerId: 'a', rank })).toBeNull();
  expect(mayEdit(null)).toBe('MISSING_PERMISSION');
});

test('a guild takes as many as it has, up to 1,000', () => {
  const codes = [4, 5, 1000, 1001].map((maxMembers) => mayTake({ memberCount: 5 }, maxMembers));
  expect(codes).toEqual(['INVALID_INPUT', null, null, 'INVALID_INPUT']);
});
