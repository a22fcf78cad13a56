import { expect, test } from 'vitest';
import { PrimedLoader } from './primed-loader.ts';

function counted() {
  const asked: (readonly string[])[] = [];
  const loader = new PrimedLoader<string>(async (keys) => {
    asked.push(keys);
    return keys.map((key) => `loaded ${key}`);
  });
  return { asked, loader };
}

test('keys of one tick are loaded together, each once', async () => {
  const { asked, loader } = counted();
  expect(await Promise.all([loader.load('1'), loader.load('2'), loader.load('1')])).toEqual([
    'loaded 1',
    'loaded 2',
    'loaded 1',
  ]);
  expect(asked).toEqual([['1', '2']]);
});

test('what is primed is not loaded, be it before or after the first load', async () => {
  const { asked, loader } = counted();
  loader.prime('1', 'known');
  loader.prime('1', 'known too late');
  expect(await loader.load('1')).toBe('known');
  expect(await loader.load('2')).toBe('loaded 2');
  loader.prime('2', 'known too late');
  loader.prime('3', 'known');
  expect(await Promise.all([loader.load('2'), loader.load('3')])).toEqual(['loaded 2', 'known']);
  expect(asked).toEqual([['2']]);
});
