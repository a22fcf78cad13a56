import { Denial } from '@fellowship/command';
import { describe, expect, test } from 'vitest';
import { type LootReport, type ReportedItem, reportFrom } from './report.ts';

const partyId = '0000000A-0000-4000-8000-000000000000';
const item: ReportedItem = { itemKey: 'sword', name: 'Sword', quality: 'EPIC' };
const report = (differing: Partial<LootReport> = {}): LootReport => ({
  reportId: 'r1',
  partyId,
  source: 'Dragon',
  items: [item],
  ...differing,
});

const faultIn = (differing: Partial<LootReport>) => {
  try {
    reportFrom(report(differing));
    return null;
  } catch (error) {
    if (!(error instanceof Denial)) throw error;
    return `${error.code} ${error.path.join('.')}`;
  }
};

test('within its limits, it is taken in canonical form', () => {
  const items = [{ ...item, name: ' Sword ', eligiblePlayerIds: [partyId], needForbiddenPlayerIds: null }];
  const id = partyId.toLowerCase();
  expect(reportFrom(report({ items }))).toEqual({
    reportId: 'r1',
    partyId: id,
    source: 'Dragon',
    items: [{ itemKey: 'sword', name: 'Sword', quality: 'EPIC', eligible: [id], needForbidden: [] }],
  });
  expect(reportFrom(report()).items[0]?.eligible).toBeNull();
  expect(reportFrom(report({ items: [{ ...item, eligiblePlayerIds: [] }] })).items[0]?.eligible).toEqual([]);
});

describe('outside its limits, it is refused', () => {
  const longest = { reportId: 'r'.repeat(200), source: '\u{1F409}'.repeat(100) };
  const items = (differing: Partial<ReportedItem>) => ({ items: [item, { ...item, ...differing }] });
  test.each([
    ['longest', longest, null],
    ['most items', { items: Array(20).fill(item) }, null],
    ['too many items', { items: Array(21).fill(item) }, 'INVALID_INPUT items'],
    ['no items', { items: [] }, 'INVALID_INPUT items'],
    ['a party that can’t be', { partyId: 'x' }, 'PARTY_NOT_FOUND '],
    ['no report id', { reportId: '' }, 'INVALID_INPUT reportId'],
    ['a report id too long', { reportId: 'r'.repeat(201) }, 'INVALID_INPUT reportId'],
    ['a blank source', { source: ' ' }, 'INVALID_INPUT source'],
    ['a source too long', { source: 'x'.repeat(101) }, 'INVALID_INPUT source'],
    ['half a character', items({ name: '\uD83D' }), 'INVALID_INPUT items.1.name'],
    ['what Postgres can’t store', items({ itemKey: 'a\0b' }), 'INVALID_INPUT items.1.itemKey'],
    ['a name too long', items({ name: 'x'.repeat(101) }), 'INVALID_INPUT items.1.name'],
    ['no key', items({ itemKey: '' }), 'INVALID_INPUT items.1.itemKey'],
    ['no player', items({ eligiblePlayerIds: ['x'] }), 'INVALID_INPUT items.1.eligiblePlayerIds'],
    [
      'too many players',
      items({ needForbiddenPlayerIds: Array(101).fill(partyId) }),
      'INVALID_INPUT items.1.needForbiddenPlayerIds',
    ],
  ])('%s', (_, differing, expected) => {
    expect(faultIn(differing)).toBe(expected);
  });
});
