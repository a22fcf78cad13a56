import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { someEvent, startGroup, type TestGroup, times } from '../testing.fixture.ts';

let app: TestGroup;
beforeAll(async () => {
  app = await startGroup();
});
afterAll(() => app.close());

type As = ReturnType<typeof viewer>;
type League = Awaited<ReturnType<TestGroup['league']>>;

const eventQuery = `query ($id: ID!) { organizationEvent(id: $id) {
  id name description startsAt endsAt timeZone isPublic capacity registeredCount waitingCount cancelledAt
  groups { id } creator { id } organization { id } viewerRegistration { status }
} }`;
const read = async (as: As, id: string): Promise<Data> =>
  (await app.run(as, eventQuery, { id })).organizationEvent;
const listed = async (as: As, id: string, more = ''): Promise<string[]> =>
  (
    await app.run(
      as,
      `query ($id: ID!) { organization(id: $id) { events(first: 100${more}) { nodes { id } } } }`,
      {
        id,
      },
    )
  ).organization.events.nodes.map(({ id }: Data) => id);

describe('an event', () => {
  test('is created by OWNER and MODERATOR, with times, zone and capacity', async () => {
    const { organizationId, groupId, owner, moderator } = await app.league();
    for (const by of [owner, moderator]) {
      const startsAt = someEvent().startsAt.toISOString();
      const endsAt = someEvent().endsAt.toISOString();
      const more = { name: ' Raid ', description: 'In the hall', capacity: 5, groupIds: [groupId] };
      const id = await app.eventOf(by, organizationId, { ...more, startsAt, endsAt });
      const event = await read(by, id);
      expect(event).toEqual({
        id,
        name: 'Raid',
        description: 'In the hall',
        startsAt,
        endsAt,
        timeZone: 'Europe/Berlin',
        isPublic: false,
        capacity: 5,
        registeredCount: 0,
        waitingCount: 0,
        cancelledAt: null,
        groups: [{ id: groupId }],
        creator: { id: by.playerId },
        organization: { id: organizationId },
        viewerRegistration: null,
      });
    }
  });

  test('is bound to none, one or several groups; a member sees those they are in', async () => {
    const { organizationId, groupId, owner, insider } = await app.league();
    const other = await app.groupOf(owner, organizationId);
    for (const groupIds of [[], [groupId], [groupId, other.id]]) {
      const id = await app.eventOf(owner, organizationId, { groupIds, isPublic: true });
      expect((await read(owner, id)).groups.map(({ id }: Data) => id)).toEqual(groupIds);
      const seen = groupIds.filter((id) => id === groupId).map((id) => ({ id }));
      expect(await read(insider, id)).toMatchObject({ groups: seen, creator: null });
    }
  });

  test('is changed by OWNER and MODERATOR; what is left out stays', async () => {
    const { organizationId, groupId, owner, moderator } = await app.league();
    const id = await app.eventOf(owner, organizationId, { groupIds: [groupId], capacity: 5 });
    await app.changeEvent(moderator, { organizationEventId: id, name: 'Ball', timeZone: 'Asia/Tokyo' });
    const expected = { name: 'Ball', timeZone: 'Asia/Tokyo', capacity: 5, groups: [{ id: groupId }] };
    expect(await read(owner, id)).toMatchObject(expected);
    const endsAt = new Date(Date.now() + 30 * 3_600_000).toISOString();
    await app.changeEvent(owner, {
      organizationEventId: id,
      endsAt,
      capacity: null,
      groupIds: [],
      isPublic: true,
    });
    expect(await read(owner, id)).toMatchObject({
      name: 'Ball',
      endsAt,
      capacity: null,
      groups: [],
      isPublic: true,
    });
  });

  test('is cancelled for good: it stays, with its registrations', async () => {
    const { organizationId, owner, moderator, outsider } = await app.league();
    const id = await app.eventOf(owner, organizationId, { isPublic: true });
    await app.register(outsider, { organizationEventId: id });
    expect((await app.cancelEvent(moderator, { organizationEventId: id })).errors).toEqual([]);
    expect(await read(outsider, id)).toMatchObject({
      cancelledAt: expect.any(String),
      registeredCount: 1,
      viewerRegistration: { status: 'REGISTERED' },
    });
    expect(await listed(outsider, organizationId)).toEqual([id]);
  });
});

describe('visibility', () => {
  test('OWNER and MODERATOR see all; others what is public or bound to a group of theirs', async () => {
    const { organizationId, groupId, owner, moderator, insider, outsider, stranger } = await app.league();
    const [hidden, bound, open] = [
      await app.eventOf(owner, organizationId),
      await app.eventOf(owner, organizationId, { groupIds: [groupId] }),
      await app.eventOf(owner, organizationId, { isPublic: true }),
    ];
    const sees: [As, string[]][] = [
      [owner, [hidden, bound, open]],
      [moderator, [hidden, bound, open]],
      [insider, [bound, open]],
      [outsider, [open]],
    ];
    for (const [as, expected] of sees) {
      expect(await listed(as, organizationId)).toEqual(expected);
      for (const id of [hidden, bound, open]) {
        expect((await read(as, id))?.id ?? null).toBe(expected.includes(id) ? id : null);
      }
    }
    for (const as of [stranger, { ...owner, tenantId: tenantB }])
      for (const id of [hidden, bound, open, viewer().playerId, 'x']) expect(await read(as, id)).toBeNull();
  });

  test('the events of a group are those bound to it', async () => {
    const { organizationId, groupId, owner, insider, outsider } = await app.league();
    const bound = await app.eventOf(owner, organizationId, { groupIds: [groupId] });
    const both = await app.eventOf(owner, organizationId, { groupIds: [groupId], isPublic: true });
    await app.eventOf(owner, organizationId, { isPublic: true });
    const query = 'query ($id: ID!) { group(id: $id) { events { nodes { id } } } }';
    for (const as of [owner, insider]) {
      const { group } = await app.run(as, query, { id: groupId });
      expect(group.events.nodes).toEqual([{ id: bound }, { id: both }]);
    }
    expect((await app.run(outsider, query, { id: groupId })).group).toBeNull();
  });

  test('a deleted group leaves its events, public unless bound to another group', async () => {
    const { organizationId, groupId, code, owner, insider, outsider } = await app.league();
    const other = await app.groupOf(owner, organizationId);
    const ofOne = await app.eventOf(owner, organizationId, { groupIds: [groupId] });
    const ofTwo = await app.eventOf(owner, organizationId, { groupIds: [groupId, other.id] });
    const draft = await app.eventOf(owner, organizationId);
    await app.join(outsider, { code });
    await app.join(outsider, { code: other.inviteCode });
    for (const as of [insider, outsider])
      for (const organizationEventId of [ofOne, ofTwo]) await app.register(as, { organizationEventId });
    expect((await app.delete(owner, { groupId })).errors).toEqual([]);
    expect(await read(insider, ofOne)).toMatchObject({ isPublic: true, groups: [], registeredCount: 2 });
    expect(await read(outsider, ofTwo)).toMatchObject({ isPublic: false, registeredCount: 1 });
    for (const id of [ofTwo, draft]) expect(await read(insider, id)).toBeNull();
    await app.expectSound();
  });
});

describe('the list', () => {
  test('is in the order of time, in pages that are stable while events are created, between two moments', async () => {
    const { organizationId, owner } = await app.league();
    const day = (number: number) => new Date(Date.UTC(2031, 0, number));
    const add = (number: number) =>
      app.eventOf(owner, organizationId, { startsAt: day(number), endsAt: day(number + 1) });
    const ids = new Map<number, string>();
    for (const number of [3, 1, 5, 2, 4]) ids.set(number, await add(number));
    const of = (...numbers: number[]) => numbers.map((number) => ids.get(number));
    const page = async (after: string | null): Promise<Data> =>
      (
        await app.run(
          owner,
          `query ($id: ID!, $after: String) { organization(id: $id) {
            events(first: 2, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } }
          } }`,
          { id: organizationId, after },
        )
      ).organization.events;
    const first = await page(null);
    await add(0);
    const second = await page(first.pageInfo.endCursor);
    const third = await page(second.pageInfo.endCursor);
    expect([first, second, third].flatMap(({ nodes }) => nodes.map(({ id }: Data) => id))).toEqual(
      of(1, 2, 3, 4, 5),
    );
    expect(third.pageInfo.hasNextPage).toBe(false);
    const between = ', from: "2031-01-02T00:00:00Z", to: "2031-01-05T01:00:00+01:00"';
    expect(await listed(owner, organizationId, between)).toEqual(of(2, 3, 4));
  });

  test('a made-up cursor is refused', async () => {
    const { organizationId, owner } = await app.league();
    await expect(listed(owner, organizationId, ', after: "x"')).rejects.toThrow('not a cursor');
  });
});

describe('denied, with nothing changed', () => {
  let league: League;
  let open: string;
  let hidden: string;
  beforeAll(async () => {
    league = await app.league();
    open = await app.eventOf(league.owner, league.organizationId, { isPublic: true });
    hidden = await app.eventOf(league.owner, league.organizationId);
  });
  const create = (by: As, more: object) =>
    app.createEvent(by, { organizationId: league.organizationId, ...someEvent(), ...more });

  test('a MEMBER creates', () => app.expectDenied('NOT_MODERATOR', () => create(league.insider, {})));
  test('a stranger creates', () =>
    app.expectDenied('ORGANIZATION_NOT_FOUND', () => create(league.stranger, {})));
  test.each(['changeEvent', 'cancelEvent'] as const)('a MEMBER: %s', async (mutation) => {
    const attempt = (organizationEventId: string) => () =>
      app[mutation](league.insider, { organizationEventId });
    await app.expectDenied('NOT_MODERATOR', attempt(open));
    for (const id of [hidden, viewer().playerId, 'x']) await app.expectDenied('EVENT_NOT_FOUND', attempt(id));
  });
  test.each([
    [{ name: ' ' }],
    [{ description: 'x'.repeat(2_001) }],
    [{ capacity: 0 }],
    [{ timeZone: 'Mars/Olympus' }],
    [{ endsAt: new Date(0) }],
  ])('%j', async (fault) => {
    await app.expectDenied('INVALID_INPUT', () => create(league.owner, fault));
    await app.expectDenied('INVALID_INPUT', () =>
      app.changeEvent(league.owner, { organizationEventId: open, ...fault }),
    );
  });
  test('a group of another organization, of nobody or no id', async () => {
    const elsewhere = await app.groupOf(league.owner, await app.organizationOf(league.owner));
    for (const groupId of [elsewhere.id, viewer().playerId, 'x']) {
      const groupIds = [league.groupId, groupId];
      await app.expectDenied('GROUP_NOT_FOUND', () => create(league.owner, { groupIds }));
      await app.expectDenied('GROUP_NOT_FOUND', () =>
        app.changeEvent(league.owner, { organizationEventId: open, groupIds }),
      );
    }
  });
  test('a cancelled event is changed, or cancelled again', async () => {
    const organizationEventId = await app.eventOf(league.owner, league.organizationId);
    await app.cancelEvent(league.owner, { organizationEventId });
    await app.expectDenied('EVENT_CANCELLED', () => app.cancelEvent(league.owner, { organizationEventId }));
    await app.expectDenied('EVENT_CANCELLED', () =>
      app.changeEvent(league.owner, { organizationEventId, name: 'Ball' }),
    );
  });
  test('fewer places than are taken', async () => {
    const organizationEventId = await app.eventOf(league.owner, league.organizationId, { isPublic: true });
    for (const as of [league.owner, league.insider]) await app.register(as, { organizationEventId });
    const resize = (capacity: number) => app.changeEvent(league.owner, { organizationEventId, capacity });
    await app.expectDenied('CAPACITY_TOO_SMALL', () => resize(1));
    expect((await resize(2)).errors).toEqual([]);
  });
});

test('the number of statements does not grow with the number of events', async () => {
  const counted = async (count: number) => {
    const { organizationId, groupId, owner } = await app.league();
    for (const _ of times(count)) {
      const id = await app.eventOf(owner, organizationId, { groupIds: [groupId] });
      await app.register(owner, { organizationEventId: id });
    }
    const query = `query ($id: ID!) { organization(id: $id) { events { nodes {
      organization { name } groups { name events { nodes { name } } } viewerRegistration { status }
      registrations { nodes { player { id } } }
    } } } }`;
    return (await app.statements(() => app.run(owner, query, { id: organizationId }))).length;
  };
  expect([await counted(1), await counted(3)]).toEqual([6, 6]);
});
