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

const group = async (as: As, id: string): Promise<Data> =>
  (
    await app.run(
      as,
      `query ($id: ID!) { group(id: $id) {
        id name inviteCode inviteUrl telegramUrl creator { id } organization { id } members { nodes { player { id } } }
      } }`,
      { id },
    )
  ).group;
const groupsOf = async (as: As, id: string): Promise<string[]> =>
  (
    await app.run(as, 'query ($id: ID!) { organization(id: $id) { groups { nodes { id } } } }', { id })
  ).organization.groups.nodes.map(({ id }: Data) => id);

// The acceptance criteria of seeds/private-groups.md, in its words.

describe('groups', () => {
  test('OWNER and MODERATOR create groups', async () => {
    const { organizationId, owner, moderator } = await app.league();
    for (const by of [owner, moderator]) {
      const created = await app.create(by, { organizationId, name: 'Circle' });
      expect(created.errors).toEqual([]);
      expect((await group(by, created.group.id)).creator).toEqual({ id: by.playerId });
    }
  });

  test('only OWNER deletes groups', async () => {
    const { organizationId, groupId, owner, moderator, insider } = await app.league();
    await app.expectDenied('NOT_OWNER', () => app.delete(moderator, { groupId }));
    await app.expectDenied('NOT_OWNER', () => app.delete(insider, { groupId }));
    expect(await app.delete(owner, { groupId })).toEqual({ group: null, errors: [] });
    expect(await group(owner, groupId)).toBeNull();
    expect(await groupsOf(owner, organizationId)).toEqual([]);
    const { organization } = await app.run(insider, 'query ($id: ID!) { organization(id: $id) { id } }', {
      id: organizationId,
    });
    expect(organization).toEqual({ id: organizationId });
  });

  test('on creation a unique invite code of 8 characters is made', async () => {
    const { organizationId, owner } = await app.league();
    const codes = await Promise.all(
      times(20).map(async () => (await app.groupOf(owner, organizationId)).inviteCode),
    );
    expect(new Set(codes).size).toBe(20);
    for (const code of codes) expect(code).toMatch(/^[ABCDEFGHJKMNPQRSTUVWXYZ23456789]{8}$/);
  });

  test('a group has a name, a description if any, and an invite code', async () => {
    const { organizationId, owner } = await app.league();
    const plain = await app.create(owner, { organizationId, name: ' Inner Circle ' });
    expect(plain.group).toEqual({
      id: expect.any(String),
      name: 'Inner Circle',
      description: null,
      inviteCode: expect.any(String),
    });
    const described = await app.create(owner, { organizationId, name: 'VIP', description: 'By invitation' });
    expect(described.group).toMatchObject({ name: 'VIP', description: 'By invitation' });
  });

  test('OWNER and MODERATOR change them', async () => {
    const { groupId, owner, moderator } = await app.league();
    await app.change(owner, { groupId, description: 'By invitation' });
    const changed = await app.change(moderator, { groupId, name: 'VIP' });
    expect(changed.group).toMatchObject({ name: 'VIP', description: 'By invitation' });
  });

  test('the groups of an organization are listed, page by page', async () => {
    const { organizationId, groupId, owner } = await app.league();
    const ids = [groupId];
    for (const _ of times(4)) ids.push((await app.groupOf(owner, organizationId)).id);
    const page = async (after: string | null): Promise<Data> =>
      (
        await app.run(
          owner,
          `query ($id: ID!, $after: String) { organization(id: $id) {
            groups(first: 3, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } }
          } }`,
          { id: organizationId, after },
        )
      ).organization.groups;
    const first = await page(null);
    const second = await page(first.pageInfo.endCursor);
    expect([first, second].flatMap(({ nodes }) => nodes.map(({ id }: Data) => id))).toEqual(ids);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  });
});

describe('members of groups', () => {
  test('OWNER and MODERATOR see the list of members; a member sees themself', async () => {
    const { groupId, code, owner, moderator, insider, outsider } = await app.league();
    await app.join(outsider, { code });
    const seen = async (as: As) =>
      (await group(as, groupId)).members.nodes.map(({ player }: Data) => player.id);
    expect(await seen(owner)).toEqual([insider.playerId, outsider.playerId]);
    expect(await seen(moderator)).toEqual([insider.playerId, outsider.playerId]);
    expect(await seen(insider)).toEqual([insider.playerId]);
  });

  test('OWNER and MODERATOR remove a member from the group, not from the organization', async () => {
    const { organizationId, groupId, code, owner, moderator, insider } = await app.league();
    for (const by of [owner, moderator]) {
      expect((await app.removeFromGroup(by, { groupId, playerId: insider.playerId })).errors).toEqual([]);
      expect(await group(insider, groupId)).toBeNull();
      expect(await groupsOf(insider, organizationId)).toEqual([]);
      await app.join(insider, { code });
    }
  });

  test('a member leaves the group by themself', async () => {
    const { organizationId, groupId, insider } = await app.league();
    expect(await app.leave(insider, { groupId })).toEqual({ group: null, errors: [] });
    expect(await group(insider, groupId)).toBeNull();
    expect(await groupsOf(insider, organizationId)).toEqual([]);
  });

  test('a player is in several groups of one organization', async () => {
    const { organizationId, groupId, owner, insider } = await app.league();
    const other = await app.groupOf(owner, organizationId);
    await app.join(insider, { code: other.inviteCode });
    expect(await groupsOf(insider, organizationId)).toEqual([groupId, other.id]);
  });
});

describe('visibility', () => {
  test('OWNER and MODERATOR see all groups of the organization', async () => {
    const { organizationId, groupId, owner, moderator } = await app.league();
    const other = await app.groupOf(moderator, organizationId);
    for (const as of [owner, moderator]) {
      expect(await groupsOf(as, organizationId)).toEqual([groupId, other.id]);
      expect((await group(as, other.id)).id).toBe(other.id);
    }
  });

  test('a member sees only the groups they are in', async () => {
    const { organizationId, groupId, owner, insider, outsider } = await app.league();
    const other = await app.groupOf(owner, organizationId);
    expect(await groupsOf(insider, organizationId)).toEqual([groupId]);
    expect(await groupsOf(outsider, organizationId)).toEqual([]);
    expect(await group(insider, other.id)).toBeNull();
    expect(await group(outsider, groupId)).toBeNull();
  });

  test('is the same as an entity, and for strangers and other tenants', async () => {
    const { groupId, owner, insider, outsider, stranger } = await app.league();
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Group { id } } }';
    const r = [{ __typename: 'Group', id: groupId }];
    const entity = async (as: As) => (await app.run(as, query, { r }))._entities[0];
    for (const as of [owner, insider]) expect(await entity(as)).toEqual({ id: groupId });
    for (const as of [outsider, stranger, { ...owner, tenantId: tenantB }]) {
      expect(await entity(as)).toBeNull();
      expect(await group(as, groupId)).toBeNull();
    }
  });

  test('code, links and creator are for OWNER and MODERATOR', async () => {
    const { organizationId, groupId, code, owner, moderator, insider } = await app.league();
    for (const as of [owner, moderator]) {
      expect(await group(as, groupId)).toMatchObject({
        inviteCode: code,
        inviteUrl: `http://127.0.0.1:4000/groups/join/${code}`,
        telegramUrl: null,
        creator: { id: owner.playerId },
      });
    }
    expect(await group(insider, groupId)).toMatchObject({
      inviteCode: null,
      inviteUrl: null,
      telegramUrl: null,
      creator: null,
      organization: { id: organizationId },
    });
  });

  test('a player’s groups: themself, and who moderates them', async () => {
    const { groupId, owner, moderator, insider, outsider, stranger } = await app.league();
    const elsewhere = await app.organizationOf(stranger);
    const theirs = await app.groupOf(stranger, elsewhere);
    await app.join(insider, { code: theirs.inviteCode });
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Player { groups { nodes { id } } } } }`;
    const r = [{ __typename: 'Player', id: insider.playerId }];
    const seen = async (as: As) =>
      (await app.run(as, query, { r }))._entities[0].groups.nodes.map(({ id }: Data) => id);
    expect(await seen(insider)).toEqual([groupId, theirs.id]);
    expect(await seen(owner)).toEqual([groupId]);
    expect(await seen(moderator)).toEqual([groupId]);
    expect(await seen(stranger)).toEqual([theirs.id]);
    for (const as of [outsider, viewer(), { ...owner, tenantId: tenantB }])
      expect(await seen(as)).toEqual([]);
  });
});

describe('denied, with nothing changed', () => {
  let league: League;
  beforeAll(async () => {
    league = await app.league();
  });

  test('a MEMBER creates a group', () =>
    app.expectDenied('NOT_MODERATOR', () =>
      app.create(league.insider, { organizationId: league.organizationId, name: 'Mine' }),
    ));
  test.each([[''], ['x'.repeat(101)]])('the name %j', async (name) => {
    const { owner, organizationId, groupId } = league;
    await app.expectDenied('INVALID_INPUT', () => app.create(owner, { organizationId, name }));
    await app.expectDenied('INVALID_INPUT', () => app.change(owner, { groupId, name }));
  });
  test('a member changes the group', () =>
    app.expectDenied('NOT_MODERATOR', () =>
      app.change(league.insider, { groupId: league.groupId, name: 'Mine' }),
    ));
  test('a member renews the code', () =>
    app.expectDenied('NOT_MODERATOR', () => app.regenerate(league.insider, { groupId: league.groupId })));
  test('a member removes another', () =>
    app.expectDenied('NOT_MODERATOR', () =>
      app.removeFromGroup(league.insider, { groupId: league.groupId, playerId: league.insider.playerId }),
    ));
  test('who is not in the group is removed', async () => {
    const { owner, groupId, outsider } = league;
    for (const playerId of [outsider.playerId, 'x']) {
      await app.expectDenied('NOT_A_MEMBER', () => app.removeFromGroup(owner, { groupId, playerId }));
    }
  });
  test('a MODERATOR leaves a group they only see', () =>
    app.expectDenied('NOT_A_MEMBER', () => app.leave(league.moderator, { groupId: league.groupId })));

  test.each(['change', 'delete', 'leave', 'removeFromGroup', 'regenerate'] as const)(
    '%s answers alike for whoever does not see the group, unknown ids and no id at all',
    async (mutation) => {
      const { owner, insider, outsider, stranger, groupId } = league;
      const attempts: [As, string][] = [
        [outsider, groupId],
        [stranger, groupId],
        [{ ...owner, tenantId: tenantB }, groupId],
        [owner, '99999999-9999-4999-8999-999999999999'],
        [owner, 'x'],
      ];
      const rest = mutation === 'removeFromGroup' ? { playerId: insider.playerId } : {};
      for (const [as, id] of attempts) {
        await app.expectDenied('GROUP_NOT_FOUND', () => app[mutation](as, { groupId: id, ...rest }));
      }
    },
  );
});

test.each([
  [
    'groups',
    'groups { nodes { organization { id } members { nodes { player { organizationMemberships { nodes { role } } } } } } }',
  ],
  [
    'members',
    'members { nodes { organization { id } player { groups { nodes { members { nodes { joinedAt } } } } } } }',
  ],
])(
  'the number of statements does not grow with organizations, groups or players: by %s',
  async (_, selection) => {
    const counted = async (count: number) => {
      const owner = viewer();
      for (const _ of times(count)) {
        const organizationId = await app.organizationOf(owner);
        const { inviteCode: code } = await app.groupOf(owner, organizationId);
        await app.groupOf(owner, organizationId);
        for (const _ of times(count)) await app.join(viewer(), { code });
      }
      const read = () => app.run(owner, `{ organizations { nodes { ${selection} } } }`);
      return (await app.statements(read)).length;
    };
    expect([await counted(1), await counted(2), await counted(4)]).toEqual([5, 5, 5]);
  },
);
