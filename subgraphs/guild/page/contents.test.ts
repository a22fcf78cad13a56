import { expect, test } from 'vitest';
import { headlineOf, mediaOf, mediaUrlOf, tagOf, tagsOf } from './contents.ts';

test.each([
  ['PvP', 'pvp'],
  ['  hard  core ', 'hard-core'],
  ['ｆｕｌｌ', 'full'],
  ['РЕЙДЫ', 'рейды'],
  ['late_night', 'late-night'],
  ['24-7', '24-7'],
])('the tag %j is %j', (text, tag) => {
  expect(tagOf(text)).toBe(tag);
  expect(tagOf(tag)).toBe(tag);
});

test.each(['', ' ', '-', 'a--b', '-a', 'a!', '<b>', 'a\u0000', '\uD800', 'x'.repeat(31)])(
  'no tag is %j',
  (text) => {
    expect(tagOf(text)).toBeNull();
  },
);

test('tags are each once, ten at most', () => {
  expect(tagsOf(['PvP', 'raid', 'pvp'])).toEqual(['pvp', 'raid']);
  expect(tagsOf(Array.from({ length: 10 }, (_, index) => `t${index}`))).toHaveLength(10);
  expect(tagsOf(Array.from({ length: 11 }, (_, index) => `t${index}`))).toBeNull();
  expect(tagsOf(['pvp', '!'])).toBeNull();
});

test.each([
  'http://a.example/x.png',
  'javascript:alert(1)',
  'data:image/png;base64,AAAA',
  '//a.example/x.png',
  '/x.png',
  'x.png',
  'https://',
  'https://user:secret@a.example/x.png',
  'https://user@a.example/x.png',
  'ftp://a.example',
  'file:///etc/passwd',
  'blob:https://a.example/1',
  '',
  `https://a.example/${'x'.repeat(2_000)}`,
  `https://a.example/${'я'.repeat(600)}`,
  'https://a.example/\uD800',
])('no media is at %j', (url) => {
  expect(mediaUrlOf(url)).toBeNull();
});

test('media is at https URLs, as browsers write them, ten at most', () => {
  expect(mediaOf([{ url: 'HTTPS://A.example/é.png', caption: ' The  flag ' }])).toEqual([
    { url: 'https://a.example/%C3%A9.png', caption: 'The flag' },
  ]);
  const media = (count: number) => Array.from({ length: count }, () => ({ url: 'https://a.example/x' }));
  expect(mediaOf(media(10))).toHaveLength(10);
  expect(mediaOf(media(11))).toBeNull();
  expect(mediaOf([{ url: 'https://a.example', caption: 'x'.repeat(201) }])).toBeNull();
});

test('a headline is one line, or nothing', () => {
  expect(headlineOf(' We \n march ')).toBe('We march');
  expect(headlineOf('  ')).toBe('');
  expect(headlineOf('x'.repeat(121))).toBeNull();
});
