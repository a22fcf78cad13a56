import { expect, test } from 'vitest';
import { readPartyConfig } from './config.ts';

const read = (json: string) => readPartyConfig({ PARTY_ACTIVITIES: json });

test('activities are the usual ones unless given', () => {
  expect(readPartyConfig({})).toEqual({});
  expect(read('')).toEqual({});
  expect(read('{"TOWER": {"TANK": 2}}')).toEqual({ activities: { TOWER: { TANK: 2, HEALER: 0, DPS: 0 } } });
});

test.each([
  ['{', 'PARTY_ACTIVITIES is not JSON'],
  ['{"TOWER": {"TANK": 9}}', 'TOWER.TANK'],
  ['[]', 'The activities are not right'],
])('%s is refused', (json, message) => expect(() => read(json)).toThrow(message));
