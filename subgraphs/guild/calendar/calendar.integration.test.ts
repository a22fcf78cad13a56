import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fellowship/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

// A Sunday.
let now = new Date('2031-05-04T12:00:00.000Z');
let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild({ clock: () => now });
});
afterAll(() => guild.close());

const raid = {
  title: 'Raid night',
  startsAt: '2031-05-06T18:00:00.000Z',
  durationMinutes: 180,
  timeZone: 'Europe/Berlin',
};
const weekly = { ...raid, recurrence: 'FREQ=WEEKLY;BYDAY=TU' };

async function founded() {
  const ada = viewer();
  const guildId = await guild.found(ada);
  const officer = await guild.join(ada, guildId, 'OFFICER');
  return { ada, officer, bea: await guild.join(ada, guildId), guildId };
}

const read = `query ($id: ID!, $from: DateTime, $to: DateTime, $first: Int, $after: String) { guild(id: $id) {
  events(from: $from, to: $to, first: $first, after: $after) {
    nodes { event { id title } startsAt endsAt goingCount maybeCount declinedCount viewerResponse
      responses(first: 2) { nodes { player { id } attendance } pageInfo { hasNextPage } } }
    pageInfo { hasNextPage endCursor } } } }`;
const events = async (as: Viewer, id: string, window: object = {}): Promise<Data> =>
  (await guild.run(as, read, { id, ...window })).guild.events;
const startsOf = ({ nodes }: Data) => nodes.map(({ startsAt }: Data) => startsAt.slice(0, 16));

/** A planned event's id. */
async function planned(as: Viewer, guildId: string, input: object = {}): Promise<string> {
  const { event, errors } = await guild.plan(as, { guildId, ...raid, ...input });
  expect(errors).toEqual([]);
  return event.id;
}

describe('planning', () => {
  test('tells what, when and how often', async () => {
    const { officer, guildId } = await founded();
    const answer = await guild.plan(officer, {
      guildId,
      ...weekly,
      recurrence: 'rrule:freq=weekly;byday=tu',
    });
    expect(answer).toEqual({
      event: {
        ...weekly,
        id: expect.any(String),
        guild: { id: guildId },
        description: '',
        creator: { id: officer.playerId },
        cancelledAt: null,
      },
      errors: [],
    });
  });

  test('changes what is given; another time moves what takes place', async () => {
    const { officer, bea, guildId } = await founded();
    const eventId = await planned(officer, guildId, weekly);
    const changed = await guild.replan(officer, {
      eventId,
      startsAt: '2031-05-08T18:00:00Z',
      recurrence: 'FREQ=WEEKLY',
    });
    expect(changed.event).toMatchObject({
      title: 'Raid night',
      recurrence: 'FREQ=WEEKLY',
      durationMinutes: 180,
    });
    expect(startsOf(await events(bea, guildId))).toEqual([
      '2031-05-08T18:00',
      '2031-05-15T18:00',
      '2031-05-22T18:00',
      '2031-05-29T18:00',
    ]);
    expect((await guild.replan(officer, { eventId, recurrence: null })).event.recurrence).toBeNull();
    expect(startsOf(await events(bea, guildId))).toEqual(['2031-05-08T18:00']);
  });

  test('calls off one occurrence, then the whole', async () => {
    const { officer, bea, guildId } = await founded();
    const eventId = await planned(officer, guildId, weekly);
    await guild.callOff(officer, { eventId, startsAt: '2031-05-13T18:00:00Z', reason: 'Holiday' });
    expect(startsOf(await events(bea, guildId))).toEqual([
      '2031-05-06T18:00',
      '2031-05-20T18:00',
      '2031-05-27T18:00',
    ]);
    expect((await guild.callOff(officer, { eventId })).event.cancelledAt).toBe(now.toISOString());
    expect(startsOf(await events(bea, guildId))).toEqual([]);
    const byId =
      'query ($id: ID!, $event: ID!) { guild(id: $id) { event(id: $event) { title cancelledAt } } }';
    expect((await guild.run(bea, byId, { id: guildId, event: eventId })).guild.event.title).toBe(
      'Raid night',
    );
    expect((await guild.run(viewer(), byId, { id: guildId, event: eventId })).guild.event).toBeNull();
    await guild.expectDenied('EVENT_NOT_FOUND', () => guild.callOff(officer, { eventId }));
  });

  test('is denied, with nothing changed', async () => {
    const { ada, officer, bea, guildId } = await founded();
    const eventId = await planned(officer, guildId, weekly);
    const plan = (differing: object) => guild.plan(officer, { guildId, ...raid, ...differing });
    const attempts = [
      ['MISSING_PERMISSION', () => guild.plan(bea, { guildId, ...raid })],
      ['MISSING_PERMISSION', () => guild.plan(viewer(), { guildId, ...raid })],
      ['MISSING_PERMISSION', () => guild.replan(bea, { eventId, title: 'Mine' })],
      ['MISSING_PERMISSION', () => guild.callOff(bea, { eventId })],
      ['GUILD_NOT_FOUND', () => guild.plan({ ...ada, tenantId: tenantB }, { guildId, ...raid })],
      ['EVENT_NOT_FOUND', () => guild.replan(viewer(), { eventId, title: 'Mine' })],
      ['EVENT_NOT_FOUND', () => guild.callOff(officer, { eventId: randomUUID() })],
      ['EVENT_NOT_FOUND', () => guild.callOff(officer, { eventId: 'x' })],
      ['INVALID_INPUT', () => plan({ title: ' ' })],
      ['INVALID_INPUT', () => plan({ title: 'x'.repeat(101) })],
      ['INVALID_INPUT', () => plan({ description: 'x'.repeat(2_001) })],
      ['INVALID_INPUT', () => plan({ durationMinutes: 0 })],
      ['INVALID_INPUT', () => plan({ durationMinutes: 10_081 })],
      ['INVALID_INPUT', () => plan({ startsAt: '2031-05-03T11:59:59Z' })],
      ['INVALID_INPUT', () => plan({ startsAt: '2037-01-01T00:00:00Z' })],
      ['TIME_ZONE_UNKNOWN', () => plan({ timeZone: 'Mars/Olympus' })],
      ['RECURRENCE_INVALID', () => plan({ recurrence: 'every Tuesday' })],
      ['RECURRENCE_INVALID', () => plan({ recurrence: 'FREQ=WEEKLY;BYDAY=MO' })],
      ['RECURRENCE_INVALID', () => guild.replan(officer, { eventId, startsAt: '2031-05-08T18:00:00Z' })],
      ['RECURRENCE_TOO_FREQUENT', () => plan({ recurrence: 'FREQ=SECONDLY' })],
      ['OCCURRENCE_NOT_FOUND', () => guild.callOff(officer, { eventId, startsAt: '2031-05-06T18:00:01Z' })],
    ] as const;
    for (const [code, attempt] of attempts) await guild.expectDenied(code, attempt);
  });

  test('takes fifty recurring events that are not over', async () => {
    const { officer, guildId } = await founded();
    const over = await planned(officer, guildId, { ...weekly, recurrence: 'FREQ=DAILY;COUNT=2' });
    for (let n = 1; n < 50; n += 1) await planned(officer, guildId, weekly);
    await guild.expectDenied('TOO_MANY_EVENTS', () => guild.plan(officer, { guildId, ...weekly }));
    expect((await guild.replan(officer, { eventId: over, title: 'Still one of them' })).errors).toEqual([]);
    await planned(officer, guildId);
    const before = now;
    try {
      now = new Date('2031-05-08T00:00:00Z');
      await planned(officer, guildId, { ...weekly, startsAt: '2031-05-13T18:00:00Z' });
    } finally {
      now = before;
    }
  });
});

describe('a window', () => {
  test('merges what happens once and again, page by page, while more comes', async () => {
    const { officer, bea, guildId } = await founded();
    await planned(officer, guildId, weekly);
    await planned(officer, guildId, { ...raid, startsAt: '2031-05-06T18:00:00Z', title: 'At the same time' });
    await planned(officer, guildId, { ...raid, startsAt: '2031-05-10T12:00:00Z' });
    await planned(officer, guildId, {
      ...raid,
      recurrence: 'FREQ=DAILY;COUNT=3',
      startsAt: '2031-05-12T06:00:00Z',
    });
    const expected = [
      '2031-05-06T18:00',
      '2031-05-06T18:00',
      '2031-05-10T12:00',
      '2031-05-12T06:00',
      '2031-05-13T06:00',
      '2031-05-13T18:00',
      '2031-05-14T06:00',
      '2031-05-20T18:00',
      '2031-05-27T18:00',
    ];
    expect(startsOf(await events(bea, guildId))).toEqual(expected);
    const seen: string[] = [];
    const ids = new Set<string>();
    let after: string | undefined;
    for (;;) {
      const page = await events(bea, guildId, { first: 2, after });
      seen.push(...startsOf(page));
      for (const { event, startsAt } of page.nodes) ids.add(`${event.id} ${startsAt}`);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
      await planned(officer, guildId, { ...raid, startsAt: '2031-05-04T13:00:00Z' });
    }
    expect(seen).toEqual(expected);
    expect(ids.size).toBe(expected.length);
  });

  test('is up to a year and a day', async () => {
    const { officer, bea, guildId } = await founded();
    await planned(officer, guildId, { ...raid, recurrence: 'FREQ=DAILY' });
    const year = { from: '2032-01-01T00:00:00Z', to: '2033-01-01T00:00:00Z', first: 100 };
    expect((await events(bea, guildId, year)).nodes).toHaveLength(100);
    for (const window of [
      { from: '2032-01-01T00:00:00Z', to: '2033-01-02T00:00:00.001Z' },
      { from: '2032-01-01T00:00:00Z', to: '2032-01-01T00:00:00Z' },
      { to: '2031-05-04T00:00:00Z' },
    ]) {
      const { errors } = await guild.execute(bea, read, { id: guildId, ...window });
      expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    }
  });

  test('is empty to who is no member', async () => {
    const { officer, guildId } = await founded();
    await planned(officer, guildId, weekly);
    expect((await events(viewer(), guildId)).nodes).toEqual([]);
  });

  test('costs as many statements whatever is in it', async () => {
    const { ada, officer, guildId } = await founded();
    await planned(officer, guildId, weekly);
    const count = async () => (await guild.statements(() => events(ada, guildId))).length;
    const few = await count();
    for (let n = 0; n < 5; n += 1) {
      const eventId = await planned(officer, guildId, weekly);
      await guild.respond(officer, { eventId, startsAt: raid.startsAt, attendance: 'GOING' });
    }
    expect(await count()).toBe(few);
  });
});

describe('responding', () => {
  test('counts for the occurrence, the last answer for each', async () => {
    const { ada, officer, bea, guildId } = await founded();
    const eventId = await planned(officer, guildId, weekly);
    const answer = (as: Viewer, attendance: string, startsAt = raid.startsAt) =>
      guild.respond(as, { eventId, startsAt, attendance });
    await answer(ada, 'GOING');
    await answer(officer, 'GOING');
    await answer(bea, 'MAYBE');
    const last = await answer(bea, 'DECLINED');
    expect(last.occurrence).toEqual({
      event: { id: eventId },
      startsAt: raid.startsAt,
      endsAt: '2031-05-06T21:00:00.000Z',
      goingCount: 2,
      maybeCount: 0,
      declinedCount: 1,
      viewerResponse: 'DECLINED',
    });
    await answer(bea, 'GOING', '2031-05-13T18:00:00Z');
    const [first, second] = (await events(bea, guildId)).nodes;
    expect(first).toMatchObject({ goingCount: 2, declinedCount: 1, viewerResponse: 'DECLINED' });
    expect(first.responses).toMatchObject({ nodes: { length: 2 }, pageInfo: { hasNextPage: true } });
    expect(second).toMatchObject({ goingCount: 1, declinedCount: 0, viewerResponse: 'GOING' });
  });

  test('the same again is no event', async () => {
    const { officer, bea, guildId } = await founded();
    const eventId = await planned(officer, guildId);
    const input = { eventId, startsAt: raid.startsAt, attendance: 'GOING' };
    await Promise.all(Array.from({ length: 10 }, () => guild.respond(bea, input)));
    const log = await guild.database.sql`
      select from guild.activity where type = 'guild.event.responded' and data->>'eventId' = ${eventId}`;
    expect(log).toHaveLength(1);
  });

  test('stays exact when all answer at once, and again', async () => {
    const { ada, officer, guildId } = await founded();
    const eventId = await planned(officer, guildId);
    const others: Viewer[] = [];
    for (let n = 0; n < 12; n += 1) others.push(await guild.join(ada, guildId));
    const choices = ['GOING', 'MAYBE', 'DECLINED'];
    await Promise.all(
      others.flatMap((other, n) =>
        [0, 1, 2, 3].map((round) =>
          guild.respond(other, { eventId, startsAt: raid.startsAt, attendance: choices[(n + round) % 3] }),
        ),
      ),
    );
    const [row] = await guild.database.sql`
      select going, maybe, declined,
        array(select count(*) filter (where attendance = a)::int from guild.calendar_responses r,
          unnest('{GOING,MAYBE,DECLINED}'::guild.guild_attendance[]) with ordinality as w(a, nth)
          where r.event_id = c.event_id group by nth order by nth) as counted
      from guild.calendar_counts c where event_id = ${eventId}`;
    expect([row?.['going'], row?.['maybe'], row?.['declined']]).toEqual(row?.['counted']);
    expect(row?.['going'] + row?.['maybe'] + row?.['declined']).toBe(12);
  });

  test('ends with the membership, for what is to come', async () => {
    const { ada, officer, bea, guildId } = await founded();
    const eventId = await planned(officer, guildId, {
      ...raid,
      startsAt: '2031-05-04T11:00:00Z',
      recurrence: 'FREQ=DAILY',
    });
    const elsewhere = await guild.found(bea);
    const other = await planned(bea, elsewhere);
    const days = ['2031-05-04T11:00:00Z', '2031-05-05T11:00:00Z', '2031-05-06T11:00:00Z'];
    const answers = ['GOING', 'MAYBE', 'DECLINED'];
    for (const [index, startsAt] of days.entries()) {
      await guild.respond(ada, { eventId, startsAt, attendance: 'GOING' });
      await guild.respond(bea, { eventId, startsAt, attendance: answers[index] });
    }
    await guild.respond(bea, { eventId: other, startsAt: raid.startsAt, attendance: 'GOING' });
    await guild.kick(ada, { guildId, playerId: bea.playerId });
    const window = { from: '2031-05-04T00:00:00Z', to: '2031-05-07T00:00:00Z' };
    const { nodes } = await events(ada, guildId, window);
    expect(
      nodes.map(({ goingCount, maybeCount, declinedCount }: Data) => [goingCount, maybeCount, declinedCount]),
    ).toEqual([
      [2, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
    ]);
    expect((await events(bea, elsewhere)).nodes[0].goingCount).toBe(1);
  });

  test('is denied, with nothing changed', async () => {
    const { officer, bea, guildId } = await founded();
    const eventId = await planned(officer, guildId, {
      ...weekly,
      startsAt: '2031-05-04T06:00:00Z',
      recurrence: 'FREQ=DAILY',
    });
    const cancelled = await planned(officer, guildId);
    await guild.callOff(officer, { eventId: cancelled });
    await guild.callOff(officer, { eventId, startsAt: '2031-05-06T06:00:00Z' });
    const answer = (as: Viewer, differing: object) =>
      guild.respond(as, { eventId, startsAt: '2031-05-05T06:00:00Z', attendance: 'GOING', ...differing });
    const attempts = [
      ['EVENT_NOT_FOUND', () => answer(viewer(), {})],
      ['EVENT_NOT_FOUND', () => answer({ ...bea, tenantId: tenantB }, {})],
      ['EVENT_NOT_FOUND', () => answer(bea, { eventId: randomUUID() })],
      ['EVENT_NOT_FOUND', () => answer(bea, { eventId: 'x' })],
      ['OCCURRENCE_NOT_FOUND', () => answer(bea, { startsAt: '2031-05-05T07:00:00Z' })],
      ['OCCURRENCE_NOT_FOUND', () => answer(bea, { startsAt: '2031-05-06T06:00:00Z' })],
      ['OCCURRENCE_NOT_FOUND', () => answer(bea, { eventId: cancelled, startsAt: raid.startsAt })],
      ['OCCURRENCE_OVER', () => answer(bea, { startsAt: '2031-05-04T06:00:00Z' })],
    ] as const;
    for (const [code, attempt] of attempts) await guild.expectDenied(code, attempt);
    expect((await answer(bea, {})).errors).toEqual([]);
  });
});
