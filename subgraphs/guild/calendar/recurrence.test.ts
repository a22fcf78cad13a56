import { describe, expect, test } from 'vitest';
import { computing } from '../../../test/kit/computing.ts';
import { isTimeZone, lastStart, longestWindow, occurrences, recurrenceOf } from './recurrence.ts';

const starts = (startsAt: string, timeZone: string, recurrence: string | null, from: string, to: string) =>
  occurrences({ startsAt: new Date(startsAt), timeZone, recurrence }, new Date(from), new Date(to)).map(
    (start) => start.toISOString().replace(':00.000Z', 'Z'),
  );

describe('clocks', () => {
  test('in summer and winter an event is at the same time of day', () => {
    expect(
      starts(
        '2031-03-29T19:00:00Z',
        'Europe/Berlin',
        'FREQ=DAILY',
        '2031-03-29T00:00:00Z',
        '2031-04-01T00:00:00Z',
      ),
    ).toEqual(['2031-03-29T19:00Z', '2031-03-30T18:00Z', '2031-03-31T18:00Z']);
    expect(
      starts(
        '2031-10-25T18:00:00Z',
        'Europe/Berlin',
        'FREQ=DAILY',
        '2031-10-25T00:00:00Z',
        '2031-10-28T00:00:00Z',
      ),
    ).toEqual(['2031-10-25T18:00Z', '2031-10-26T19:00Z', '2031-10-27T19:00Z']);
  });

  test('a time that spring skips is left out, and not counted', () => {
    // In New York 02:30 does not exist on 2031-03-09.
    expect(
      starts(
        '2031-03-08T07:30:00Z',
        'America/New_York',
        'FREQ=DAILY;COUNT=3',
        '2031-03-01T00:00:00Z',
        '2031-04-01T00:00:00Z',
      ),
    ).toEqual(['2031-03-08T07:30Z', '2031-03-10T06:30Z', '2031-03-11T06:30Z']);
  });

  test('a time that autumn has twice is taken once: the first time', () => {
    // In New York 01:30 comes at 05:30Z and again at 06:30Z on 2031-11-02.
    expect(
      starts(
        '2031-11-01T05:30:00Z',
        'America/New_York',
        'FREQ=DAILY',
        '2031-11-01T00:00:00Z',
        '2031-11-04T00:00:00Z',
      ),
    ).toEqual(['2031-11-01T05:30Z', '2031-11-02T05:30Z', '2031-11-03T06:30Z']);
  });

  test('an event that starts in the second of the two hours keeps its start', () => {
    expect(
      starts(
        '2031-11-02T06:30:00Z',
        'America/New_York',
        'FREQ=DAILY',
        '2031-11-02T00:00:00Z',
        '2031-11-04T00:00:00Z',
      ),
    ).toEqual(['2031-11-02T06:30Z', '2031-11-03T06:30Z']);
  });

  test('half an hour, a quarter, and the other half of the year', () => {
    const lordHowe = starts(
      '2031-04-05T09:00:00Z',
      'Australia/Lord_Howe',
      'FREQ=DAILY',
      '2031-04-05T00:00:00Z',
      '2031-04-07T12:00:00Z',
    );
    expect(lordHowe).toEqual(['2031-04-05T09:00Z', '2031-04-06T09:30Z', '2031-04-07T09:30Z']);
    expect(
      starts('2031-05-04T12:15:00Z', 'Asia/Kathmandu', null, '2031-05-04T00:00:00Z', '2031-05-05T00:00:00Z'),
    ).toEqual(['2031-05-04T12:15Z']);
  });
});

describe('a window', () => {
  const tuesdays = ['2031-01-07T18:00:00Z', 'Europe/Berlin', 'FREQ=WEEKLY;BYDAY=TU'] as const;

  test('has its beginning and not its end', () => {
    expect(starts(...tuesdays, '2031-01-14T18:00:00Z', '2031-01-28T18:00:00Z')).toEqual([
      '2031-01-14T18:00Z',
      '2031-01-21T18:00Z',
    ]);
    expect(starts(...tuesdays, '2030-01-01T00:00:00Z', '2031-01-07T18:00:00Z')).toEqual([]);
    expect(starts(...tuesdays, '2030-01-01T00:00:00Z', '2031-01-07T18:00:00.001Z')).toHaveLength(1);
  });

  test('is found at once, however long the event has gone on', () => {
    const from = new Date('2131-01-01T00:00:00Z');
    const schedule = { startsAt: new Date('2031-01-07T18:00:00Z'), timeZone: 'Europe/Berlin' };
    const find = (recurrence: string) =>
      occurrences({ ...schedule, recurrence }, from, new Date(from.getTime() + longestWindow));
    for (const recurrence of ['FREQ=DAILY', 'FREQ=WEEKLY;BYDAY=TU,TH', 'FREQ=MONTHLY;BYDAY=1TU;COUNT=1000']) {
      expect(computing(() => find(recurrence))).toBeLessThan(500);
    }
  });

  test('of a rule that the library does not take is empty', () => {
    expect(
      starts(
        '2031-01-07T18:00:00Z',
        'Europe/Berlin',
        'NONSENSE',
        '2031-01-01T00:00:00Z',
        '2031-02-01T00:00:00Z',
      ),
    ).toEqual([]);
  });
});

describe('a rule', () => {
  // A Tuesday.
  const schedule = { startsAt: new Date('2031-01-07T18:00:00Z'), timeZone: 'Europe/Berlin' };

  test.each([
    ['FREQ=DAILY', 'FREQ=DAILY'],
    ['RRULE:FREQ=WEEKLY;BYDAY=TU,TH', 'FREQ=WEEKLY;BYDAY=TU,TH'],
    [' freq=monthly;byday=1tu;count=12 ', 'FREQ=MONTHLY;BYDAY=1TU;COUNT=12'],
    ['FREQ=DAILY;INTERVAL=366;UNTIL=20400101T000000Z', 'FREQ=DAILY;INTERVAL=366;UNTIL=20400101T000000Z'],
    ['FREQ=YEARLY;COUNT=1000', 'FREQ=YEARLY;COUNT=1000'],
    ['FREQ=MONTHLY;BYMONTHDAY=7;WKST=SU', 'FREQ=MONTHLY;BYMONTHDAY=7;WKST=SU'],
  ])('%s is kept as %s', (text, rule) => {
    expect(recurrenceOf(text, schedule)).toEqual({ rule });
  });

  test.each([
    'FREQ=SECONDLY',
    'FREQ=MINUTELY;INTERVAL=60',
    'freq=hourly',
    'FREQ=DAILY;BYHOUR=1,2,3',
    'FREQ=DAILY;BYMINUTE=0,1',
    'BYSECOND=1;FREQ=YEARLY',
  ])('%s is too frequent', (text) => {
    expect(recurrenceOf(text, schedule)).toEqual({ denied: 'RECURRENCE_TOO_FREQUENT' });
  });

  test.each([
    ['nothing', ''],
    ['prose', 'every Tuesday'],
    ['no frequency', 'BYDAY=TU'],
    ['an unknown frequency', 'FREQ=SOMETIMES'],
    ['another day than the start’s', 'FREQ=WEEKLY;BYDAY=WE'],
    ['a day that never comes', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'],
    ['an end before the start', 'FREQ=DAILY;UNTIL=20300101T000000Z'],
    ['both ends', 'FREQ=DAILY;COUNT=2;UNTIL=20400101T000000Z'],
    ['a part twice', 'FREQ=DAILY;FREQ=WEEKLY'],
    ['an unknown part', 'FREQ=DAILY;X-MINE=1'],
    ['RSCALE', 'RSCALE=HEBREW;FREQ=YEARLY'],
    ['count 0', 'FREQ=DAILY;COUNT=0'],
    ['count 1001', 'FREQ=DAILY;COUNT=1001'],
    ['interval 0', 'FREQ=DAILY;INTERVAL=0'],
    ['interval 367', 'FREQ=DAILY;INTERVAL=367'],
    ['a negative interval', 'FREQ=DAILY;INTERVAL=-1'],
    ['no weekday', 'FREQ=WEEKLY;BYDAY=XX'],
    ['another property', 'FREQ=DAILY\nDTSTART:19970101T000000Z'],
    ['an endless list', `FREQ=MONTHLY;BYMONTHDAY=${Array.from({ length: 300 }, () => 7).join(',')}`],
  ])('%s is none', (_, text) => {
    expect(recurrenceOf(text, schedule)).toEqual({ denied: 'RECURRENCE_INVALID' });
  });
});

test('the last start is that of the last occurrence, where there is one in sight', () => {
  const last = (recurrence: string | null) =>
    lastStart({
      startsAt: new Date('2031-01-07T18:00:00Z'),
      timeZone: 'Europe/Berlin',
      recurrence,
    })?.toISOString();
  expect(last(null)).toBe('2031-01-07T18:00:00.000Z');
  expect(last('FREQ=DAILY;COUNT=3')).toBe('2031-01-09T18:00:00.000Z');
  expect(last('FREQ=WEEKLY;UNTIL=20310201T000000Z')).toBe('2031-01-28T18:00:00.000Z');
  expect(last('FREQ=DAILY')).toBeUndefined();
  expect(last('FREQ=YEARLY;COUNT=1000')).toBeUndefined();
});

test.each([
  ['Europe/Berlin', true],
  ['America/Argentina/Buenos_Aires', true],
  ['UTC', true],
  ['+02:00', false],
  ['Mars/Olympus', false],
  ['', false],
  ['x'.repeat(1_000), false],
])('%s is a time zone: %s', (text, expected) => {
  expect(isTimeZone(text)).toBe(expected);
});
