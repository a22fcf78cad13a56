import { expect, test } from 'vitest';
import { createJsonCache } from './json-cache.ts';

test('keeps the latest, as many as their JSON and keys leave room for', () => {
  const cache = createJsonCache<{ text: string }>(1_000);
  for (const key of ['a', 'b', 'c']) cache.set(key, { text: 'x'.repeat(400) });
  expect([...cache.keys()]).toEqual(['c', 'b']);
  cache.set('longer than all', { text: 'x'.repeat(1_000) });
  expect(cache.has('longer than all')).toBe(false);
  cache.set('k'.repeat(990), { text: '' });
  expect(cache.size).toBe(2);
});
