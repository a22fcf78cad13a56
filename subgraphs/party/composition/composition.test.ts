import { describe, expect, test } from 'vitest';
import { defaultActivities, readActivities } from './activities.ts';
import { missingRoles } from './rules.ts';

const dungeon = { TANK: 1, HEALER: 1, DPS: 3 };

describe('what a party lacks', () => {
  test.each([
    ['everyone', [0, 0, 0], { TANK: 1, HEALER: 1, DPS: 3 }],
    ['some', [1, 0, 1], { HEALER: 1, DPS: 2 }],
    ['nobody', [1, 1, 3], {}],
    ['nobody, with more than it takes', [2, 1, 3], {}],
    ['a role that too many of another do not make up for', [3, 2, 0], { DPS: 3 }],
  ] as const)('%s', (_, [tanks, healers, dps], expected) => {
    const missing = missingRoles({ tanks, healers, dps }, dungeon);
    expect(Object.fromEntries(missing.map(({ role, count }) => [role, count]))).toEqual(expected);
  });
});

describe('activities', () => {
  test('as they are unless configured', () => {
    expect(readActivities(defaultActivities).get('DUNGEON')).toEqual(dungeon);
  });
  test('roles left out are not needed', () => {
    expect(readActivities({ TOWER: { TANK: 2 } }).get('TOWER')).toEqual({ TANK: 2, HEALER: 0, DPS: 0 });
  });
  test.each([
    [{ 'not a key': {} }],
    [{ DUNGEON: { TANK: 6 } }],
    [{ DUNGEON: { TANK: -1 } }],
    [{ DUNGEON: { TANK: 1.5 } }],
    [{ DUNGEON: { TANK: 2, DPS: 4 } }],
    [{ DUNGEON: { BARD: 1 } }],
  ])('%j is refused', (input) => {
    expect(() => readActivities(input)).toThrow('The activities are not right');
  });
});
