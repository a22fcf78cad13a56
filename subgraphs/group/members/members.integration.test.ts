import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startGroup, type TestGroup, times } from '../testing.fixture.ts';

let app: TestGroup;
beforeAll(async () => {
  app = await startGroup();
});
afterAll(() => app.close());

type As = ReturnType<typeof viewer>;
type League = Awaited<ReturnType<TestGroup['league']>>;

const membersQuery = `query ($id: ID!) { organization(id: $id) { viewerRole members { nodes { player { id } role } } } }`;
const membersSeen = async (as: As, id: string): Promise<[string, string][]> =>
  (await app.run(as, membersQuery, { id })).organization.members.nodes.map(({ player, role }: Data) => [
    player.id,
    role,
  ]);

describe('members', () => {
  test('are added by OWNER and MODERATOR, as MEMBER', async () => {
    const { organizationId, owner, moderator } = await app.league();
    for (const by of [owner, moderator]) {
      const { playerId } = viewer();
      expect(await app.addMember(by, { organizationId, playerId })).toEqual({
        member: { player: { id: playerId }, role: 'MEMBER' },
        errors: [],
      });
    }
  });

  test('get their role from the OWNER, and it counts from the very next call', async () => {
    const { organizationId, owner, outsider } = await app.league();
    const role = (role: string) => app.setRole(owner, { organizationId, playerId: outsider.playerId, role });
    const create = () => app.create(outsider, { organizationId, name: 'Circle' });
    await app.expectDenied('NOT_MODERATOR', create);
    expect((await role('MODERATOR')).member.role).toBe('MODERATOR');
    expect((await create()).errors).toEqual([]);
    expect((await role('MEMBER')).member.role).toBe('MEMBER');
    await app.expectDenied('NOT_MODERATOR', create);
  });

  test('set to the role they have: nothing happens', async () => {
    const { organizationId, owner, moderator } = await app.league();
    const count = async () => (await app.database.sql`select count(*) from social_group.activity`)[0];
    const before = await count();
    for (const { playerId, role } of [
      { ...owner, role: 'OWNER' },
      { ...moderator, role: 'MODERATOR' },
    ]) {
      const answer = await app.setRole(owner, { organizationId, playerId, role });
      expect(answer).toEqual({ member: { player: { id: playerId }, role }, errors: [] });
    }
    expect(await count()).toEqual(before);
  });

  test('setting OWNER hands the organization over in one step', async () => {
    const { organizationId, owner, insider } = await app.league();
    const answer = await app.setRole(owner, { organizationId, playerId: insider.playerId, role: 'OWNER' });
    expect(answer.member).toEqual({ player: { id: insider.playerId }, role: 'OWNER' });
    const roles = new Map(await membersSeen(insider, organizationId));
    expect([roles.get(insider.playerId), roles.get(owner.playerId)]).toEqual(['OWNER', 'MODERATOR']);
    await app.expectSound();
    expect((await app.leaveOrganization(owner, { organizationId })).errors).toEqual([]);
  });

  test.each(['leaving', 'being removed'])('%s the organization also leaves its groups', async (how) => {
    const { organizationId, groupId, code, owner, insider } = await app.league();
    const answer =
      how === 'leaving'
        ? await app.leaveOrganization(insider, { organizationId })
        : await app.removeMember(owner, { organizationId, playerId: insider.playerId });
    expect(answer.errors).toEqual([]);
    const gone = await app.run(
      insider,
      'query ($id: ID!, $g: ID!) { organization(id: $id) { id } group(id: $g) { id } }',
      { id: organizationId, g: groupId },
    );
    expect(gone).toEqual({ organization: null, group: null });
    const rows = await app.database.sql`
      select 1 from social_group.group_members where player_id = ${insider.playerId}`;
    expect(rows).toEqual([]);
    expect((await app.join(insider, { code })).errors).toEqual([]);
  });
});

describe('denied, with nothing changed', () => {
  let league: League;
  beforeAll(async () => {
    league = await app.league();
  });
  const about = ({ playerId }: As, more = {}) => ({
    organizationId: league.organizationId,
    playerId,
    ...more,
  });

  test('a MEMBER adds', () =>
    app.expectDenied('NOT_MODERATOR', () => app.addMember(league.insider, about(viewer()))));
  test('a member is added again', () =>
    app.expectDenied('ALREADY_A_MEMBER', () => app.addMember(league.owner, about(league.insider))));
  test('no player at all is added', () =>
    app.expectDenied('INVALID_INPUT', () =>
      app.addMember(league.owner, about({ ...viewer(), playerId: 'x' })),
    ));
  test.each(['MEMBER', 'MODERATOR', 'OWNER'])('a MODERATOR sets %s', (role) =>
    app.expectDenied('NOT_OWNER', () => app.setRole(league.moderator, about(league.outsider, { role }))),
  );
  test('a MODERATOR takes the organization', () =>
    app.expectDenied('NOT_OWNER', () =>
      app.setRole(league.moderator, about(league.moderator, { role: 'OWNER' })),
    ));
  test('a stranger gets a role', () =>
    app.expectDenied('NOT_A_MEMBER', () =>
      app.setRole(league.owner, about(league.stranger, { role: 'MODERATOR' })),
    ));
  test.each(['MEMBER', 'MODERATOR'])('the OWNER steps down to %s without a successor', (role) =>
    app.expectDenied('OWNER_MUST_TRANSFER', () => app.setRole(league.owner, about(league.owner, { role }))),
  );
  test('the OWNER leaves', () =>
    app.expectDenied('OWNER_MUST_TRANSFER', () =>
      app.leaveOrganization(league.owner, { organizationId: league.organizationId }),
    ));
  test('a MODERATOR removes the OWNER', () =>
    app.expectDenied('NOT_OWNER', () => app.removeMember(league.moderator, about(league.owner))));
  test('the OWNER removes themself', () =>
    app.expectDenied('CANNOT_REMOVE_SELF', () => app.removeMember(league.owner, about(league.owner))));
  test('a stranger is removed', () =>
    app.expectDenied('NOT_A_MEMBER', () => app.removeMember(league.owner, about(league.stranger))));
  test('a MEMBER removes, and does not learn who is one', async () => {
    for (const target of [league.outsider, league.stranger]) {
      await app.expectDenied('NOT_MODERATOR', () => app.removeMember(league.insider, about(target)));
    }
  });
});

describe('who sees members', () => {
  test('OWNER and MODERATOR all, a MEMBER only themself', async () => {
    const { organizationId, owner, moderator, insider, outsider } = await app.league();
    const all = [
      [owner.playerId, 'OWNER'],
      [moderator.playerId, 'MODERATOR'],
      [outsider.playerId, 'MEMBER'],
      [insider.playerId, 'MEMBER'],
    ];
    expect(await membersSeen(owner, organizationId)).toEqual(all);
    expect(await membersSeen(moderator, organizationId)).toEqual(all);
    expect(await membersSeen(insider, organizationId)).toEqual([[insider.playerId, 'MEMBER']]);
    expect(await membersSeen(outsider, organizationId)).toEqual([[outsider.playerId, 'MEMBER']]);
  });

  test('a player’s memberships: themself, and who moderates them', async () => {
    const { organizationId, owner, moderator, insider, outsider, stranger } = await app.league();
    const elsewhere = await app.organizationOf(insider);
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Player {
      organizationMemberships { nodes { organization { id } role } }
    } } }`;
    const r = [{ __typename: 'Player', id: insider.playerId }];
    const seen = async (as: As) =>
      (await app.run(as, query, { r }))._entities[0].organizationMemberships.nodes;
    const here = { organization: { id: organizationId }, role: 'MEMBER' };
    expect(await seen(insider)).toEqual([here, { organization: { id: elsewhere }, role: 'OWNER' }]);
    expect(await seen(owner)).toEqual([here]);
    expect(await seen(moderator)).toEqual([here]);
    for (const other of [outsider, stranger, { ...insider, tenantId: tenantB }]) {
      expect(await seen(other)).toEqual([]);
    }
  });
});

test('members are paged, longest-standing first, stable while members are added', async () => {
  const owner = viewer();
  const organizationId = await app.organizationOf(owner);
  const add = async () => {
    const { playerId } = viewer();
    await app.addMember(owner, { organizationId, playerId });
    return playerId;
  };
  const ids = [owner.playerId];
  for (const _ of times(4)) ids.push(await add());
  const page = async (after: string | null): Promise<Data> =>
    (
      await app.run(
        owner,
        `query ($id: ID!, $after: String) { organization(id: $id) {
          members(first: 2, after: $after) { nodes { player { id } } pageInfo { endCursor hasNextPage } }
        } }`,
        { id: organizationId, after },
      )
    ).organization.members;
  const first = await page(null);
  ids.push(await add());
  const second = await page(first.pageInfo.endCursor);
  const third = await page(second.pageInfo.endCursor);
  expect([first, second, third].flatMap(({ nodes }) => nodes.map(({ player }: Data) => player.id))).toEqual(
    ids,
  );
  expect(third.pageInfo.hasNextPage).toBe(false);
});
