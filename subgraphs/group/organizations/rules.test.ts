import { expect, test } from 'vitest';
import { mayDelete, mayModerate } from './rules.ts';

test.each([
  ['OWNER', null, null],
  ['MODERATOR', null, 'NOT_OWNER'],
  ['MEMBER', 'NOT_MODERATOR', 'NOT_OWNER'],
] as const)('%s: moderating answers %s, deleting %s', (role, moderating, deleting) => {
  expect(mayModerate(role)).toBe(moderating);
  expect(mayDelete(role)).toBe(deleting);
});
