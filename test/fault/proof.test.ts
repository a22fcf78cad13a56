import { expect, test } from 'vitest';
import type { FollowedLog } from './logs.ts';
import { judge, proves } from './proof.ts';

const verdict = (delivered: string[], committed: string[]) => {
  const log = { name: 'party' } as FollowedLog;
  const subscriber = {
    log,
    delivered,
    ends: new Map(),
    failed: new Promise<never>(() => {}),
    stop: async () => {},
  };
  return judge(subscriber, committed);
};

test.each([
  ['all of it, in order', ['a', 'b', 'c'], true],
  ['one missing', ['a', 'c'], false],
  ['the last missing', ['a', 'b'], false],
  ['one twice', ['a', 'b', 'b', 'c'], false],
  ['two in the wrong order', ['b', 'a', 'c'], false],
  ['one that was never committed', ['a', 'b', 'c', 'd'], false],
])('%s', (_, delivered, proven) => {
  expect(proves(verdict(delivered, ['a', 'b', 'c']))).toBe(proven);
});
