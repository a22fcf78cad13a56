import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { codesOf, startGroup, type TestGroup, times } from '../testing.fixture.ts';

let app: TestGroup;
beforeAll(async () => {
  app = await startGroup();
});
afterAll(() => app.close());

type As = ReturnType<typeof viewer>;
type League = Awaited<ReturnType<TestGroup['league']>>;

const statusOf = async (as: As, id: string): Promise<string | null> => {
  const query = 'query ($id: ID!) { organizationEvent(id: $id) { viewerRegistration { status } } }';
  return (await app.run(as, query, { id })).organizationEvent?.viewerRegistration?.status ?? null;
};
const listed = async (as: As, id: string): Promise<[string, string][]> => {
  const query = `query ($id: ID!) { organizationEvent(id: $id) {
    registrations(first: 100) { nodes { player { id } status organizationEvent { id } registeredAt } }
  } }`;
  const { organizationEvent } = await app.run(as, query, { id });
  return organizationEvent.registrations.nodes.map(({ player, status }: Data) => [player.id, status]);
};
/** A league with so many more members, all in its group. */
async function crowd(count: number) {
  const league = await app.league();
  const players = times(count).map(() => viewer());
  for (const as of players) await app.join(as, { code: league.code });
  return { ...league, players };
}

describe('capacity and waiting list', () => {
  test('50 register at once for 20 places: 20 take part, 30 wait', async () => {
    const { organizationId, owner, players } = await crowd(50);
    const organizationEventId = await app.eventOf(owner, organizationId, { isPublic: true, capacity: 20 });
    const answers = await Promise.all(players.map((as) => app.register(as, { organizationEventId })));
    expect(answers.flatMap(codesOf)).toEqual([]);
    const statuses = answers.map(({ registration }) => registration.status);
    expect(statuses.filter((status) => status === 'REGISTERED')).toHaveLength(20);
    await app.expectSound();

    // All at once: everybody who takes part goes, and half of those who wait.
    const list = await listed(owner, organizationEventId);
    const byId = new Map(players.map((as) => [as.playerId, as]));
    const leaving = [...list.slice(0, 20), ...list.slice(20).filter((_, index) => index % 2 === 0)];
    await Promise.all(leaving.map(([id]) => app.unregister(byId.get(id) ?? owner, { organizationEventId })));
    const stay = list.filter((entry) => !leaving.includes(entry)).map(([id]) => [id, 'REGISTERED']);
    expect(await listed(owner, organizationEventId)).toEqual(stay);
    await app.expectSound();
  });

  test('one player registers 50 times at once: one registration', async () => {
    const { organizationId, owner, outsider } = await app.league();
    const organizationEventId = await app.eventOf(owner, organizationId, { isPublic: true });
    const answers = await Promise.all(times(50).map(() => app.register(outsider, { organizationEventId })));
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    expect(new Set(answers.flatMap(codesOf))).toEqual(new Set(['ALREADY_REGISTERED']));
    await app.expectSound();
  });

  test('the first who waits moves up when someone unregisters, is removed, or there is more room', async () => {
    const { organizationId, owner, players } = await crowd(5);
    const [a, b, c, d, e] = players as [As, As, As, As, As];
    const organizationEventId = await app.eventOf(owner, organizationId, { isPublic: true, capacity: 1 });
    for (const as of players) await app.register(as, { organizationEventId });
    const statuses = async () =>
      (await Promise.all(players.map((as) => statusOf(as, organizationEventId)))).map(
        (status) => status?.[0] ?? '-',
      );
    expect(await statuses()).toEqual(['R', 'W', 'W', 'W', 'W']);
    await app.unregister(c, { organizationEventId });
    expect(await statuses()).toEqual(['R', 'W', '-', 'W', 'W']);
    await app.unregister(a, { organizationEventId });
    expect(await statuses()).toEqual(['-', 'R', '-', 'W', 'W']);
    await app.removeMember(owner, { organizationId, playerId: b.playerId });
    expect(await statuses()).toEqual(['-', '-', '-', 'R', 'W']);
    await app.register(a, { organizationEventId });
    await app.changeEvent(owner, { organizationEventId, capacity: 2 });
    expect(await statuses()).toEqual(['W', '-', '-', 'R', 'R']);
    await app.changeEvent(owner, { organizationEventId, capacity: null });
    expect(await statuses()).toEqual(['R', '-', '-', 'R', 'R']);
    expect((await listed(owner, organizationEventId)).map(([id]) => id)).toEqual(
      [d, e, a].map(({ playerId }) => playerId),
    );
    await app.expectSound();
  });

  test('registering while the event is hidden, the group left, the capacity changed: sound', async () => {
    for (const _ of times(4)) {
      const { organizationId, groupId, owner, players } = await crowd(8);
      const input = { groupIds: [groupId], capacity: 3 };
      const organizationEventId = await app.eventOf(owner, organizationId, input);
      await Promise.all([
        ...players.map((as) => app.register(as, { organizationEventId })),
        ...players.slice(0, 3).map((as) => app.leave(as, { groupId })),
        app.changeEvent(owner, { organizationEventId, groupIds: [], isPublic: true }),
        app.changeEvent(owner, { organizationEventId, capacity: 5 }),
        app.changeEvent(owner, { organizationEventId, groupIds: [groupId], isPublic: false }),
        ...players.slice(5).map((as) => app.unregister(as, { organizationEventId })),
      ]);
      await app.expectSound();
    }
  });
});

describe('who loses sight of an event loses the registration, and who waits moves up', () => {
  test.each([
    'leaves the group',
    'is removed from the group',
    'leaves the organization',
    'is removed from the organization',
    'sees it hidden',
    'sees it bound to another group',
    'sees the group deleted, the event bound to another',
  ])('a member %s', async (how) => {
    const { organizationId, groupId, owner, insider, moderator } = await app.league();
    const { playerId } = insider;
    const other = await app.groupOf(owner, organizationId);
    const groupIds = how.includes('deleted') ? [groupId, other.id] : [groupId];
    const organizationEventId = await app.eventOf(owner, organizationId, { groupIds, capacity: 1 });
    await app.register(insider, { organizationEventId });
    await app.register(moderator, { organizationEventId });
    if (how === 'leaves the group') await app.leave(insider, { groupId });
    if (how === 'is removed from the group') await app.removeFromGroup(owner, { groupId, playerId });
    if (how === 'leaves the organization') await app.leaveOrganization(insider, { organizationId });
    if (how === 'is removed from the organization')
      await app.removeMember(owner, { organizationId, playerId });
    if (how === 'sees it hidden') await app.changeEvent(owner, { organizationEventId, groupIds: [] });
    if (how === 'sees it bound to another group')
      await app.changeEvent(owner, { organizationEventId, groupIds: [other.id] });
    if (how.includes('deleted')) await app.delete(owner, { groupId });
    expect(await listed(owner, organizationEventId)).toEqual([[moderator.playerId, 'REGISTERED']]);
    await app.expectSound();
  });

  test('a MODERATOR becomes a MEMBER', async () => {
    const { organizationId, owner, moderator } = await app.league();
    const organizationEventId = await app.eventOf(owner, organizationId);
    await app.register(moderator, { organizationEventId });
    await app.setRole(owner, { organizationId, playerId: moderator.playerId, role: 'MEMBER' });
    expect(await listed(owner, organizationEventId)).toEqual([]);
    await app.expectSound();
  });

  test('but not who still sees it another way', async () => {
    const { organizationId, groupId, code, owner, moderator, insider } = await app.league();
    const bound = await app.eventOf(owner, organizationId, { groupIds: [groupId] });
    const open = await app.eventOf(owner, organizationId, { groupIds: [groupId], isPublic: true });
    await app.join(moderator, { code });
    await app.register(moderator, { organizationEventId: bound });
    await app.register(insider, { organizationEventId: open });
    await app.setRole(owner, { organizationId, playerId: moderator.playerId, role: 'MEMBER' });
    await app.leave(insider, { groupId });
    expect(await statusOf(moderator, bound)).toBe('REGISTERED');
    expect(await statusOf(insider, open)).toBe('REGISTERED');
  });
});

describe('denied, with nothing changed', () => {
  let league: League;
  let organizationEventId: string;
  beforeAll(async () => {
    league = await app.league();
    organizationEventId = await app.eventOf(league.owner, league.organizationId, {
      isPublic: true,
      capacity: 1,
    });
    await app.register(league.insider, { organizationEventId });
  });

  test('registering twice, waiting twice', async () => {
    const { insider, moderator } = league;
    await app.expectDenied('ALREADY_REGISTERED', () => app.register(insider, { organizationEventId }));
    await app.register(moderator, { organizationEventId });
    await app.expectDenied('ALREADY_REGISTERED', () => app.register(moderator, { organizationEventId }));
  });
  test('a full event, without waiting', () =>
    app.expectDenied('EVENT_FULL', () =>
      app.register(league.outsider, { organizationEventId, waitingList: false }),
    ));
  test('giving up what one has not', () =>
    app.expectDenied('NOT_REGISTERED', () => app.unregister(league.outsider, { organizationEventId })));
  test('what is not visible: another group’s, hidden, another tenant’s, nobody’s', async () => {
    const { organizationId, groupId, owner, outsider, stranger } = league;
    const bound = await app.eventOf(owner, organizationId, { groupIds: [groupId] });
    const hidden = await app.eventOf(owner, organizationId);
    for (const mutation of ['register', 'unregister'] as const) {
      for (const [as, id] of [
        [outsider, bound],
        [outsider, hidden],
        [stranger, organizationEventId],
        [{ ...owner, tenantId: tenantB }, organizationEventId],
        [owner, viewer().playerId],
        [owner, 'x'],
      ] as const) {
        await app.expectDenied('EVENT_NOT_FOUND', () => app[mutation](as, { organizationEventId: id }));
      }
    }
  });
  test('what is cancelled, or over', async () => {
    const { organizationId, owner, outsider } = league;
    const cancelled = await app.eventOf(owner, organizationId, { isPublic: true });
    const over = await app.eventOf(owner, organizationId, { isPublic: true });
    await app.cancelEvent(owner, { organizationEventId: cancelled });
    await app.database.sql`
      update social_group.organization_events
      set starts_at = now() - interval '2 hours', ends_at = now() - interval '1 hour' where id = ${over}`;
    for (const mutation of ['register', 'unregister'] as const) {
      const attempt = (id: string) => () => app[mutation](outsider, { organizationEventId: id });
      await app.expectDenied('EVENT_CANCELLED', attempt(cancelled));
      await app.expectDenied('EVENT_ENDED', attempt(over));
    }
  });
});

describe('who sees registrations', () => {
  test('OWNER and MODERATOR all, in order, paged; a MEMBER only themself', async () => {
    const { organizationId, owner, moderator, players } = await crowd(5);
    const organizationEventId = await app.eventOf(owner, organizationId, { isPublic: true, capacity: 3 });
    for (const as of players) await app.register(as, { organizationEventId });
    const all = players.map(({ playerId }, index) => [playerId, index < 3 ? 'REGISTERED' : 'WAITING']);
    for (const as of [owner, moderator]) expect(await listed(as, organizationEventId)).toEqual(all);
    for (const [index, as] of players.entries())
      expect(await listed(as, organizationEventId)).toEqual([all[index]]);
    const query = `query ($id: ID!, $after: String) { organizationEvent(id: $id) {
      registrations(first: 3, after: $after) { nodes { player { id } } pageInfo { endCursor hasNextPage } }
    } }`;
    const page = async (after: string | null) =>
      (await app.run(owner, query, { id: organizationEventId, after })).organizationEvent.registrations;
    const first = await page(null);
    const second = await page(first.pageInfo.endCursor);
    const ids = [first, second].flatMap(({ nodes }) => nodes.map(({ player }: Data) => player.id));
    expect(ids).toEqual(players.map(({ playerId }) => playerId));
    expect([first, second].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false]);
  });
});

test('registering again with the same idempotency key is one effect and the same reply', async () => {
  const { organizationId, owner, outsider } = await app.league();
  const organizationEventId = await app.eventOf(owner, organizationId, { isPublic: true });
  const input = { organizationEventId, idempotencyKey: 'once' };
  const answers = await Promise.all(times(5).map(() => app.register(outsider, input)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toEqual({
    registration: { player: { id: outsider.playerId }, status: 'REGISTERED' },
    errors: [],
  });
});
