import { expect, test } from 'vitest';
import { changesOf } from './changes.ts';

test('what differs, and nothing else', () => {
  const before = { name: 'Dawn', maxMembers: 10, recruiting: true, gone: 'x', tags: ['a'] };
  const after = { name: 'Dusk', maxMembers: 10, recruiting: false, come: '', tags: ['a'] };
  expect(changesOf(before, after)).toEqual([
    { field: 'come', before: null, after: '' },
    { field: 'gone', before: 'x', after: null },
    { field: 'name', before: 'Dawn', after: 'Dusk' },
    { field: 'recruiting', before: 'true', after: 'false' },
  ]);
});

test('what is not there and what is null are the same', () => {
  expect(changesOf({ note: null }, {})).toEqual([]);
  expect(changesOf({}, {})).toEqual([]);
});
