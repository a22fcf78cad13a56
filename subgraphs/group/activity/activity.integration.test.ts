import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startGroup, type TestGroup } from '../testing.fixture.ts';

let app: TestGroup;
beforeAll(async () => {
  app = await startGroup();
});
afterAll(() => app.close());

type As = ReturnType<typeof viewer>;
type Events = AsyncGenerator<Data, void, void>;

const fields = `__typename id cursor actor { id } organization { id }
  ... on GroupMemberAdded { player { id } group { id } }
  ... on GroupMemberRemoved { player { id } group { id } }
  ... on OrganizationMemberAdded { player { id } }
  ... on OrganizationMemberRemoved { player { id } }
  ... on OrganizationMemberRoleSet { player { id } role }
  ... on OrganizationEventCreated { organizationEvent { id } }
  ... on OrganizationEventUpdated { organizationEvent { id } }
  ... on OrganizationEventCancelled { organizationEvent { id } }
  ... on OrganizationEventHidden { organizationEvent { id } organizationEventId }
  ... on OrganizationEventRegistered { organizationEvent { id } player { id } status }
  ... on OrganizationEventUnregistered { organizationEvent { id } player { id } }
  ... on OrganizationEventPromoted { organizationEvent { id } player { id } }`;
const ofGroup = `subscription ($id: ID!, $after: String) { event: groupActivity(groupId: $id, after: $after) { ${fields} } }`;
const ofOrganization = `subscription ($id: ID!, $after: String) {
  event: organizationActivity(organizationId: $id, after: $after) { ${fields} }
}`;

/** Opens a subscription and waits, where its reader may read the log, until it has begun: it has given what happened last. */
async function listen(as: As, source: string, variables: { id: string; after?: string }) {
  const of = source === ofGroup ? 'group' : 'organization';
  const page = `query ($id: ID!) { log: ${of}(id: $id) { activity(first: 2) { nodes { cursor } } } }`;
  const before = (await app.run(as, page, { id: variables.id })).log?.activity.nodes[1].cursor;
  const events: Events = await app.subscribe(as, source, { after: before, ...variables });
  if (before && !variables.after) await events.next();
  return {
    /** The next event, or the code that ended the stream. */
    next: (): Promise<Data> =>
      events.next().then(
        ({ value, done }) => (done ? 'DONE' : (value.data?.event ?? value.errors?.[0]?.extensions?.code)),
        (error) => error.extensions?.code,
      ),
    close: () => events.return(),
  };
}

const logQuery = `query ($id: ID!, $g: ID!) {
  organization(id: $id) { activity(first: 100) { nodes { ${fields} } } }
  group(id: $g) { activity(first: 100) { nodes { ${fields} } } }
}`;
const types = (page: Data): string[] =>
  page.activity.nodes.map(({ __typename }: Data) => __typename).reverse();

describe('the log of an organization', () => {
  test('holds all for OWNER and MODERATOR, and nothing of its groups for a MEMBER', async () => {
    const { organizationId: id, groupId: g, owner, moderator, insider, outsider } = await app.league();
    const ofTheOrganization = [
      'OrganizationCreated',
      'OrganizationMemberAdded',
      'OrganizationMemberAdded',
      'OrganizationMemberAdded',
      'OrganizationMemberRoleSet',
    ];
    for (const as of [owner, moderator]) {
      const { organization, group } = await app.run(as, logQuery, { id, g });
      expect(types(organization)).toEqual([
        ...ofTheOrganization,
        'GroupCreated',
        'OrganizationMemberAdded',
        'GroupMemberAdded',
      ]);
      expect(types(group)).toEqual(['GroupCreated', 'GroupMemberAdded']);
    }
    const seen = await app.run(insider, logQuery, { id, g });
    expect(types(seen.organization)).toEqual([...ofTheOrganization, 'OrganizationMemberAdded']);
    expect(types(seen.group)).toEqual(['GroupCreated', 'GroupMemberAdded']);
    const { organization, group } = await app.run(outsider, logQuery, { id, g });
    expect(types(organization)).toEqual([...ofTheOrganization, 'OrganizationMemberAdded']);
    expect(group).toBeNull();
  });

  test('names strangers to nobody who may not list them', async () => {
    const { organizationId: id, groupId: g, owner, insider } = await app.league();
    const named = (page: Data) =>
      page.activity.nodes.flatMap(({ actor, player }: Data) => [actor?.id, player?.id]).filter(Boolean);
    const asOwner = await app.run(owner, logQuery, { id, g });
    expect(new Set(named(asOwner.organization)).size).toBe(4);
    const seen = await app.run(insider, logQuery, { id, g });
    expect(new Set([...named(seen.organization), ...named(seen.group)])).toEqual(new Set([insider.playerId]));
  });

  test('is paged, newest first', async () => {
    const { organizationId: id, owner } = await app.league();
    const page = async (after: string | null): Promise<Data> =>
      (
        await app.run(
          owner,
          `query ($id: ID!, $after: String) { organization(id: $id) {
            activity(first: 5, after: $after) { nodes { __typename } pageInfo { endCursor hasNextPage } }
          } }`,
          { id, after },
        )
      ).organization.activity;
    const first = await page(null);
    const second = await page(first.pageInfo.endCursor);
    const all = [...first.nodes, ...second.nodes].map(({ __typename }: Data) => __typename);
    expect(all).toHaveLength(8);
    expect(all.at(-1)).toBe('OrganizationCreated');
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  });
});

test('group.created and group.member.added are in the log as the seed spells them', async () => {
  const { organizationId, groupId, insider } = await app.league();
  const rows = await app.database.sql`
    select type, data from social_group.activity where subject = ${`group:${groupId}`} order by sequence`;
  expect(rows).toEqual([
    { type: 'group.created', data: { organizationId, groupId } },
    { type: 'group.member.added', data: { organizationId, groupId, playerId: insider.playerId } },
  ]);
});

describe('groupActivity', () => {
  test('tells who sees the group what happens, and from a cursor all since', async () => {
    const { groupId: id, code, owner, insider, stranger } = await app.league();
    const [asOwner, asMember] = [
      await listen(owner, ofGroup, { id }),
      await listen(insider, ofGroup, { id }),
    ];
    await app.join(stranger, { code });
    const event = await asOwner.next();
    expect(event).toMatchObject({
      __typename: 'GroupMemberAdded',
      actor: { id: stranger.playerId },
      player: { id: stranger.playerId },
      group: { id },
    });
    expect(await asMember.next()).toMatchObject({ id: event.id, actor: null, player: null, group: { id } });
    await app.change(owner, { groupId: id, name: 'VIP' });
    await app.regenerate(owner, { groupId: id });
    const resumed = await listen(insider, ofGroup, { id, after: event.cursor });
    expect((await resumed.next()).__typename).toBe('GroupUpdated');
    expect((await resumed.next()).__typename).toBe('GroupCodeRegenerated');
    for (const events of [asOwner, asMember, resumed]) await events.close();
  });

  test.each([
    ['removed from the group', 'GroupMemberRemoved'],
    ['removed from the organization', 'GroupMemberRemoved'],
    ['leaving the organization', 'GroupMemberLeft'],
    ['the group’s deletion', 'GroupDeleted'],
    ['the organization’s deletion', 'GroupDeleted'],
  ])('ends by name for a member, and says nothing more, after %s', async (how, last) => {
    const { organizationId, groupId, code, owner, insider } = await app.league();
    const events = await listen(insider, ofGroup, { id: groupId });
    const { playerId } = insider;
    if (how === 'removed from the group') await app.removeFromGroup(owner, { groupId, playerId });
    if (how === 'removed from the organization') await app.removeMember(owner, { organizationId, playerId });
    if (how === 'leaving the organization') await app.leaveOrganization(insider, { organizationId });
    if (how === 'the group’s deletion') await app.delete(owner, { groupId });
    if (how === 'the organization’s deletion') await app.deleteOrganization(owner, { organizationId });
    await app.join(viewer(), { code });
    const event = await events.next();
    expect(event.__typename).toBe(last);
    expect(await events.next()).toBe('ACCESS_LOST');
    expect(await events.next()).toBe('DONE');
  });

  test.each(['demoted', 'removed', 'leaving'])(
    'ends by name for a MODERATOR who is not in the group, and says nothing more, after being %s',
    async (how) => {
      const { organizationId, groupId, code, owner, moderator } = await app.league();
      const events = await listen(moderator, ofGroup, { id: groupId });
      const about = { organizationId, playerId: moderator.playerId };
      if (how === 'demoted') await app.setRole(owner, { ...about, role: 'MEMBER' });
      if (how === 'removed') await app.removeMember(owner, about);
      if (how === 'leaving') await app.leaveOrganization(moderator, { organizationId });
      await app.join(viewer(), { code });
      expect((await events.next()).__typename).toMatch(/^OrganizationMember(RoleSet|Removed|Left)$/);
      expect(await events.next()).toBe('ACCESS_LOST');
      expect(await events.next()).toBe('DONE');
    },
  );

  test('goes on for a member who is no longer MODERATOR', async () => {
    const { organizationId, groupId: id, code, owner, moderator } = await app.league();
    await app.join(moderator, { code });
    const events = await listen(moderator, ofGroup, { id });
    await app.setRole(owner, { organizationId, playerId: moderator.playerId, role: 'MEMBER' });
    await app.join(viewer(), { code });
    expect((await events.next()).__typename).toBe('OrganizationMemberRoleSet');
    expect(await events.next()).toMatchObject({ __typename: 'GroupMemberAdded', player: null });
    await events.close();
  });

  test('of a group one does not see, of another tenant or of none: all alike', async () => {
    const { groupId, owner, outsider, stranger } = await app.league();
    for (const [as, id] of [
      [outsider, groupId],
      [stranger, groupId],
      [{ ...owner, tenantId: tenantB }, groupId],
      [owner, viewer().playerId],
      [owner, 'x'],
    ] as const) {
      expect(await (await listen(as, ofGroup, { id })).next()).toBe('NOT_FOUND');
    }
  });
});

describe('organizationActivity', () => {
  test('tells OWNER and MODERATOR of its groups too, and a MEMBER nothing of them', async () => {
    const { organizationId: id, code, owner, moderator, outsider, stranger } = await app.league();
    const [asOwner, asModerator, asMember] = [
      await listen(owner, ofOrganization, { id }),
      await listen(moderator, ofOrganization, { id }),
      await listen(outsider, ofOrganization, { id }),
    ];
    await app.join(stranger, { code });
    await app.changeOrganization(owner, { organizationId: id, name: 'Southern League' });
    for (const events of [asOwner, asModerator]) {
      const player = { id: stranger.playerId };
      expect(await events.next()).toMatchObject({ __typename: 'OrganizationMemberAdded', player });
      expect(await events.next()).toMatchObject({ __typename: 'GroupMemberAdded', player });
      expect((await events.next()).__typename).toBe('OrganizationUpdated');
    }
    const unnamed = { __typename: 'OrganizationMemberAdded', player: null, actor: null };
    expect(await asMember.next()).toMatchObject(unnamed);
    expect((await asMember.next()).__typename).toBe('OrganizationUpdated');
    for (const events of [asOwner, asModerator, asMember]) await events.close();
  });

  test('ends by name for who is removed, and says nothing more', async () => {
    const { organizationId, owner, outsider } = await app.league();
    const events = await listen(outsider, ofOrganization, { id: organizationId });
    await app.removeMember(owner, { organizationId, playerId: outsider.playerId });
    await app.changeOrganization(owner, { organizationId, name: 'Southern League' });
    expect(await events.next()).toMatchObject({
      __typename: 'OrganizationMemberRemoved',
      player: { id: outsider.playerId },
      actor: null,
      organization: null,
    });
    expect(await events.next()).toBe('ACCESS_LOST');
    expect(await events.next()).toBe('DONE');
  });

  test('ends by name for a MODERATOR who is demoted, whose cursor is then of no use', async () => {
    const { organizationId: id, owner, moderator } = await app.league();
    const events = await listen(moderator, ofOrganization, { id });
    await app.setRole(owner, { organizationId: id, playerId: moderator.playerId, role: 'MEMBER' });
    await app.groupOf(owner, id);
    const last = await events.next();
    expect(last).toMatchObject({ __typename: 'OrganizationMemberRoleSet', role: 'MEMBER' });
    expect(await events.next()).toBe('ACCESS_LOST');
    const again = await listen(moderator, ofOrganization, { id, after: last.cursor });
    expect(await again.next()).toBe('CURSOR_INVALID');
  });

  test('goes on for the OWNER who hands the organization over', async () => {
    const { organizationId: id, owner, moderator } = await app.league();
    const events = await listen(owner, ofOrganization, { id });
    await app.setRole(owner, { organizationId: id, playerId: moderator.playerId, role: 'OWNER' });
    await app.groupOf(moderator, id);
    expect((await events.next()).__typename).toBe('OrganizationOwnerChanged');
    expect((await events.next()).__typename).toBe('GroupCreated');
    await events.close();
  });

  test('of an organization one is not in, of another tenant or of none: all alike', async () => {
    const { organizationId, owner, stranger } = await app.league();
    for (const [as, id] of [
      [stranger, organizationId],
      [{ ...owner, tenantId: tenantB }, organizationId],
      [owner, viewer().playerId],
      [owner, 'x'],
    ] as const) {
      expect(await (await listen(as, ofOrganization, { id })).next()).toBe('NOT_FOUND');
    }
  });
});

describe('events of the calendar', () => {
  /** The types told since `from`, oldest first. */
  const since = async (as: As, of: 'organization' | 'group', id: string, work: () => Promise<unknown>) => {
    const page = async (): Promise<Data[]> => {
      const query = `query ($id: ID!) { log: ${of}(id: $id) { activity(first: 100) { nodes { ${fields} } } } }`;
      return (await app.run(as, query, { id })).log.activity.nodes.reverse();
    };
    const before = (await page()).length;
    await work();
    return (await page()).slice(before).map(({ __typename, player, organizationEvent }) => ({
      type: __typename,
      ...(player && { player: player.id }),
      seen: organizationEvent !== null,
    }));
  };
  const told = (...types: string[]) => types.map((type) => ({ type, seen: true }));

  test('public ones are in the organization’s log, private ones only in those of their groups', async () => {
    const { organizationId, groupId, owner, outsider } = await app.league();
    const other = await app.groupOf(owner, organizationId);
    const live = async (more: object) => {
      const organizationEventId = await app.eventOf(owner, organizationId, more);
      await app.changeEvent(owner, { organizationEventId, name: 'Ball' });
      await app.cancelEvent(owner, { organizationEventId });
    };
    const all = told('OrganizationEventCreated', 'OrganizationEventUpdated', 'OrganizationEventCancelled');
    const open = () => live({ isPublic: true });
    const bound = () => live({ groupIds: [groupId] });
    const hidden = () => live({});
    expect(await since(outsider, 'organization', organizationId, open)).toEqual(all);
    for (const work of [bound, hidden])
      expect(await since(outsider, 'organization', organizationId, work)).toEqual([]);
    for (const work of [open, bound, hidden])
      expect(await since(owner, 'organization', organizationId, work)).toEqual(all);
    expect(await since(owner, 'group', groupId, bound)).toEqual(all);
    for (const work of [open, hidden]) expect(await since(owner, 'group', groupId, work)).toEqual([]);
    expect(await since(owner, 'group', other.id, bound)).toEqual([]);
  });

  test('who loses sight hears which, and no more; who gets it hears that it changed', async () => {
    const { organizationId, groupId, owner, insider, outsider } = await app.league();
    const id = await app.eventOf(owner, organizationId, { isPublic: true });
    const events = await listen(outsider, ofOrganization, { id: organizationId });
    await app.changeEvent(owner, { organizationEventId: id, isPublic: false, groupIds: [groupId] });
    await app.changeEvent(owner, { organizationEventId: id, name: 'Secret' });
    await app.cancelEvent(owner, { organizationEventId: id });
    await app.changeOrganization(owner, { organizationId, name: 'Southern League' });
    expect(await events.next()).toMatchObject({
      __typename: 'OrganizationEventHidden',
      organizationEvent: null,
      organizationEventId: id,
      actor: null,
    });
    expect((await events.next()).__typename).toBe('OrganizationUpdated');
    await events.close();
    const query = 'query ($id: ID!) { group(id: $id) { activity(first: 2) { nodes { __typename } } } }';
    const { group } = await app.run(insider, query, { id: groupId });
    expect(group.activity.nodes.map(({ __typename }: Data) => __typename)).toEqual([
      'OrganizationEventCancelled',
      'OrganizationEventUpdated',
    ]);
  });

  test('registrations are told to OWNER and MODERATOR alone', async () => {
    const { organizationId, groupId, owner, insider } = await app.league();
    const input = { isPublic: true, groupIds: [groupId] };
    const organizationEventId = await app.eventOf(owner, organizationId, input);
    const come = () => app.register(insider, { organizationEventId });
    const go = () => app.unregister(insider, { organizationEventId });
    const player = insider.playerId;
    const come1 = [{ type: 'OrganizationEventRegistered', player, seen: true }];
    expect(await since(owner, 'organization', organizationId, come)).toEqual(come1);
    const go1 = [{ type: 'OrganizationEventUnregistered', player, seen: true }];
    expect(await since(owner, 'organization', organizationId, go)).toEqual(go1);
    expect(await since(insider, 'organization', organizationId, come)).toEqual([]);
    expect(await since(insider, 'group', groupId, go)).toEqual([]);
  });

  test.each([
    ['public', 'organization'],
    ['bound to a group', 'group'],
  ] as const)('who moves up in an event that is %s hears it live from the %s', async (how, of) => {
    const { organizationId, groupId, code, owner, insider, outsider } = await app.league();
    await app.join(outsider, { code });
    const more = how === 'public' ? { isPublic: true } : { groupIds: [groupId] };
    const organizationEventId = await app.eventOf(owner, organizationId, { ...more, capacity: 1 });
    for (const as of [owner, insider]) await app.register(as, { organizationEventId });
    const source = of === 'group' ? ofGroup : ofOrganization;
    const id = of === 'group' ? groupId : organizationId;
    const [mine, anothers] = [await listen(insider, source, { id }), await listen(outsider, source, { id })];
    await app.unregister(owner, { organizationEventId });
    const promoted = {
      __typename: 'OrganizationEventPromoted',
      organizationEvent: { id: organizationEventId },
    };
    expect(await mine.next()).toMatchObject({ ...promoted, player: { id: insider.playerId }, actor: null });
    expect(await anothers.next()).toMatchObject({ ...promoted, player: null, actor: null });
    for (const events of [mine, anothers]) await events.close();
  });

  test('a group’s deletion tells the organization of the events it published', async () => {
    const { organizationId, groupId, owner, outsider } = await app.league();
    await app.eventOf(owner, organizationId, { groupIds: [groupId] });
    const work = () => app.delete(owner, { groupId });
    expect(await since(outsider, 'organization', organizationId, work)).toEqual(
      told('OrganizationEventUpdated'),
    );
  });
});
