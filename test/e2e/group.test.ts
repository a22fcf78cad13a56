import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Data, Player } from '../kit/client.ts';
import { openStack, type TestStack, topologies } from '../kit/stack.ts';

describe.each(topologies)('organizations, groups and their events, %s', (topology) => {
  let graph: TestStack;
  let owner: Player;
  let member: Player;
  let outsider: Player;
  let organizationId: string;
  let group: { id: string; inviteCode: string };
  let organizationEventId: string;

  beforeAll(async () => {
    graph = await openStack(topology);
    owner = await graph.player('Ada');
    member = await graph.player('Bea');
    outsider = await graph.player('Cyd');
  });
  afterAll(() => graph?.stop());

  const done = async (payload: Promise<Data>): Promise<Data> => {
    const { errors, ...rest } = await payload;
    expect(errors).toEqual([]);
    return rest;
  };
  const codes = async (payload: Promise<Data>): Promise<string[]> =>
    (await payload).errors.map(({ code }: Data) => code);

  test('organizations: founded, changed, listed, members added and given roles', async () => {
    const { organization } = await done(
      owner.mutate('organizationCreate', { name: 'Guildhall' }, 'organization { id }'),
    );
    organizationId = organization.id;
    const update = { organizationId, description: 'By the river' };
    await done(owner.mutate('organizationUpdate', update, 'organization { id }'));
    const about = { organizationId, playerId: outsider.id };
    await done(owner.mutate('organizationMemberAdd', about, 'member { role }'));
    for (const role of ['MODERATOR', 'MEMBER'])
      await done(owner.mutate('organizationMemberRoleSet', { ...about, role }, 'member { role }'));
    const { organizations, me } = await outsider.run(`{
      organizations { nodes { name description viewerRole } }
      me { organizationMemberships { nodes { role organization { name } } } }
    }`);
    expect(organizations.nodes).toEqual([
      { name: 'Guildhall', description: 'By the river', viewerRole: 'MEMBER' },
    ]);
    expect(me.organizationMemberships.nodes).toEqual([
      { role: 'MEMBER', organization: { name: 'Guildhall' } },
    ]);
  });

  test('groups: created, changed, previewed, joined by a code that is renewed', async () => {
    const input = { organizationId, name: 'Council' };
    const first = await done(owner.mutate('groupCreate', input, 'group { id inviteCode }'));
    const groupId = first.group.id;
    await done(owner.mutate('groupUpdate', { groupId, description: 'Of elders' }, 'group { id }'));
    ({ group } = await done(owner.mutate('groupCodeRegenerate', { groupId }, 'group { id inviteCode }')));
    const join = (code: string) => member.mutate('groupJoin', { code }, 'group { id }');
    expect(await codes(join(first.group.inviteCode))).toEqual(['INVITE_NOT_FOUND']);
    await done(join(group.inviteCode));
    const read =
      'query ($id: ID!, $code: String!) { group(id: $id) { name } groupInvite(code: $code) { groupName } }';
    const variables = { id: groupId, code: group.inviteCode };
    const invite = { groupName: 'Council' };
    expect(await member.run(read, variables)).toEqual({ group: { name: 'Council' }, groupInvite: invite });
    expect(await outsider.run(read, variables)).toEqual({ group: null, groupInvite: invite });
  });

  test('events: seen, registered for and heard of by those they are for', async () => {
    const event = {
      organizationId,
      name: 'Supper',
      groupIds: [group.id],
      startsAt: '2031-05-04T20:30:00+02:00',
      endsAt: '2031-05-04T23:30:00+02:00',
      timeZone: 'Europe/Berlin',
      capacity: 1,
    };
    const created = owner.mutate('organizationEventCreate', event, 'organizationEvent { id startsAt }');
    const { organizationEvent } = await done(created);
    expect(organizationEvent.startsAt).toBe('2031-05-04T18:30:00.000Z');
    organizationEventId = organizationEvent.id;
    const register = (as: Player) =>
      as.mutate('organizationEventRegister', { organizationEventId }, 'registration { status }');
    expect((await done(register(owner))).registration.status).toBe('REGISTERED');
    expect((await done(register(member))).registration.status).toBe('WAITING');
    expect(await codes(register(outsider))).toEqual(['EVENT_NOT_FOUND']);
    const read = `query ($id: ID!, $o: ID!) {
      organizationEvent(id: $id) { name viewerRegistration { status } registrations { nodes { player { party { id } id } } } }
      organization(id: $o) { events(from: "2031-01-01T00:00:00Z") { nodes { name } } }
    }`;
    const variables = { id: organizationEventId, o: organizationId };
    expect(await member.run(read, variables)).toEqual({
      organizationEvent: {
        name: 'Supper',
        viewerRegistration: { status: 'WAITING' },
        registrations: { nodes: [{ player: { id: member.id, party: null } }] },
      },
      organization: { events: { nodes: [{ name: 'Supper' }] } },
    });
    expect(await outsider.run(read, variables)).toEqual({
      organizationEvent: null,
      organization: { events: { nodes: [] } },
    });
  });

  test('who moves up hears it live; what is not theirs to hear, others don’t', async () => {
    const mine = await member.subscribe(
      `subscription ($groupId: ID!, $after: String) { groupActivity(groupId: $groupId, after: $after) {
        __typename ... on OrganizationEventPromoted { player { id } organizationEvent { name } }
      } }`,
      { groupId: group.id, after: await graph.cursor('social_group', `group:${group.id}`) },
    );
    const theirs = await outsider.subscribe(
      'subscription ($id: ID!, $after: String) { organizationActivity(organizationId: $id, after: $after) { __typename } }',
      { id: organizationId, after: await graph.cursor('social_group', `organization:${organizationId}`) },
    );
    const events = [mine.next(), theirs.next()];
    const unregister = { organizationEventId };
    await done(
      owner.mutate('organizationEventUnregister', unregister, 'organizationEvent { registeredCount }'),
    );
    await done(owner.mutate('organizationUpdate', { organizationId, name: 'Hall' }, 'organization { id }'));
    const [promoted, other] = await Promise.all(events);
    expect(promoted?.data?.['groupActivity']).toEqual({
      __typename: 'OrganizationEventPromoted',
      player: { id: member.id },
      organizationEvent: { name: 'Supper' },
    });
    expect(other?.data?.['organizationActivity'].__typename).toBe('OrganizationUpdated');
    await Promise.all([mine.close(), theirs.close()]);
  });

  test('a deleted group leaves its events to the organization; they are changed and cancelled', async () => {
    await done(owner.mutate('groupDelete', { groupId: group.id }, 'group { id }'));
    const read = 'query ($id: ID!) { organizationEvent(id: $id) { isPublic viewerRegistration { status } } }';
    const { organizationEvent } = await outsider.run(read, { id: organizationEventId });
    expect(organizationEvent).toEqual({ isPublic: true, viewerRegistration: null });
    const update = { organizationEventId, capacity: 9 };
    await done(owner.mutate('organizationEventUpdate', update, 'organizationEvent { capacity }'));
    const cancel = () =>
      owner.mutate('organizationEventCancel', { organizationEventId }, 'organizationEvent { cancelledAt }');
    await done(cancel());
    expect(await codes(cancel())).toEqual(['EVENT_CANCELLED']);
  });

  test('members go, are removed, and it all ends', async () => {
    const { group: last } = await done(
      owner.mutate('groupCreate', { organizationId, name: 'Last' }, 'group { id inviteCode }'),
    );
    const join = () => member.mutate('groupJoin', { code: last.inviteCode }, 'group { id }');
    await done(join());
    await done(member.mutate('groupLeave', { groupId: last.id }, 'group { id }'));
    await done(join());
    const about = { groupId: last.id, playerId: member.id };
    await done(owner.mutate('groupMemberRemove', about, 'group { id }'));
    await done(member.mutate('organizationLeave', { organizationId }, 'organization { id }'));
    const removed = { organizationId, playerId: outsider.id };
    await done(owner.mutate('organizationMemberRemove', removed, 'organization { id }'));
    await done(owner.mutate('organizationDelete', { organizationId }, 'organization { id }'));
    for (const as of [owner, member, outsider])
      expect(
        await as.run('query ($id: ID!) { organization(id: $id) { id } }', { id: organizationId }),
      ).toEqual({
        organization: null,
      });
  });
});
