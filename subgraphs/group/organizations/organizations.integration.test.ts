import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startGroup, type TestGroup, times } from '../testing.fixture.ts';

let app: TestGroup;
beforeAll(async () => {
  app = await startGroup();
});
afterAll(() => app.close());

const byId = 'query ($id: ID!) { organization(id: $id) { id name description viewerRole } }';
const read = async (as: ReturnType<typeof viewer>, id: string) =>
  (await app.run(as, byId, { id })).organization;

describe('an organization', () => {
  test('is created by any player, who owns it', async () => {
    const ada = viewer();
    const answer = await app.found(ada, { name: ' Northern League ', description: 'Cold' });
    expect(answer).toEqual({
      organization: {
        id: expect.any(String),
        name: 'Northern League',
        description: 'Cold',
        viewerRole: 'OWNER',
      },
      errors: [],
    });
    expect(await read(ada, answer.organization.id)).toEqual(answer.organization);
    await app.expectSound();
  });

  test('is changed by OWNER and MODERATOR, and what is left out stays', async () => {
    const { organizationId, owner, moderator } = await app.league();
    await app.changeOrganization(owner, { organizationId, description: 'Cold' });
    const { organization } = await app.changeOrganization(moderator, {
      organizationId,
      name: 'Southern League',
    });
    expect(organization).toMatchObject({ name: 'Southern League', description: 'Cold' });
    const cleared = await app.changeOrganization(owner, { organizationId, description: null });
    expect(cleared.organization).toMatchObject({ name: 'Southern League', description: null });
  });

  test('is deleted by its OWNER with all its groups: codes, memberships and all', async () => {
    const { organizationId, groupId, code, owner, insider } = await app.league();
    expect(await app.deleteOrganization(owner, { organizationId })).toEqual({
      organization: null,
      errors: [],
    });
    expect(await read(owner, organizationId)).toBeNull();
    const left = await app.run(
      insider,
      `query ($groupId: ID!, $code: String!) {
        group(id: $groupId) { id } groupInvite(code: $code) { code } organizations { nodes { id } }
      }`,
      { groupId, code },
    );
    expect(left).toEqual({ group: null, groupInvite: null, organizations: { nodes: [] } });
    const rows = await app.database.sql`
      select organization_id from social_group.groups where organization_id = ${organizationId}
      union all select organization_id from social_group.organization_members where organization_id = ${organizationId}
      union all select organization_id from social_group.group_members where organization_id = ${organizationId}`;
    expect(rows).toEqual([]);
  });
});

describe('denied, with nothing changed', () => {
  let league: Awaited<ReturnType<TestGroup['league']>>;
  beforeAll(async () => {
    league = await app.league();
  });

  test.each([[''], [' '], ['x'.repeat(101)]])('the name %j', async (name) => {
    await app.expectDenied('INVALID_INPUT', () => app.found(viewer(), { name }));
    const { organizationId, owner } = league;
    await app.expectDenied('INVALID_INPUT', () => app.changeOrganization(owner, { organizationId, name }));
  });
  test('a description of 2,001 characters', () =>
    app.expectDenied('INVALID_INPUT', () =>
      app.found(viewer(), { name: 'League', description: 'x'.repeat(2_001) }),
    ));
  test('a MEMBER changes it', () =>
    app.expectDenied('NOT_MODERATOR', () =>
      app.changeOrganization(league.insider, { organizationId: league.organizationId, name: 'Mine' }),
    ));
  test('a MODERATOR deletes it', () =>
    app.expectDenied('NOT_OWNER', () =>
      app.deleteOrganization(league.moderator, { organizationId: league.organizationId }),
    ));
  test('a MEMBER deletes it', () =>
    app.expectDenied('NOT_OWNER', () =>
      app.deleteOrganization(league.insider, { organizationId: league.organizationId }),
    ));

  test.each([
    'changeOrganization',
    'deleteOrganization',
    'addMember',
    'setRole',
    'removeMember',
    'leaveOrganization',
    'create',
  ] as const)(
    '%s answers alike for strangers, other tenants, unknown ids and no id at all',
    async (mutation) => {
      const { owner, insider, stranger, organizationId } = league;
      const ids: [ReturnType<typeof viewer>, string][] = [
        [stranger, organizationId],
        [{ ...owner, tenantId: tenantB }, organizationId],
        [owner, '99999999-9999-4999-8999-999999999999'],
        [owner, 'x'],
        [owner, ''],
      ];
      const rest: Record<string, object> = {
        addMember: { playerId: insider.playerId },
        setRole: { playerId: insider.playerId, role: 'MODERATOR' },
        removeMember: { playerId: insider.playerId },
        create: { name: 'Circle' },
      };
      for (const [as, id] of ids) {
        await app.expectDenied('ORGANIZATION_NOT_FOUND', () =>
          app[mutation](as, { organizationId: id, ...rest[mutation] }),
        );
      }
    },
  );
});

describe('who sees an organization', () => {
  test('its members, by id and in lists; nobody else, as if it did not exist', async () => {
    const { organizationId, owner, moderator, insider, outsider, stranger } = await app.league();
    const entity = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Organization { id } } }';
    const r = [{ __typename: 'Organization', id: organizationId }];
    const list = '{ organizations { nodes { id } } }';
    for (const member of [owner, moderator, insider, outsider]) {
      expect((await read(member, organizationId)).id).toBe(organizationId);
      expect((await app.run(member, entity, { r }))._entities).toEqual([{ id: organizationId }]);
      expect((await app.run(member, list)).organizations.nodes).toEqual([{ id: organizationId }]);
    }
    for (const other of [stranger, { ...owner, tenantId: tenantB }]) {
      expect(await read(other, organizationId)).toBeNull();
      expect((await app.run(other, entity, { r }))._entities).toEqual([null]);
      expect((await app.run(other, list)).organizations.nodes).toEqual([]);
    }
    expect(await read(owner, 'x')).toBeNull();
  });
});

test('the list is paged, the oldest first, stable while organizations are added', async () => {
  const ada = viewer();
  const ids: string[] = [];
  for (const _ of times(5)) ids.push(await app.organizationOf(ada));
  const page = async (after: string | null): Promise<Data> =>
    (
      await app.run(
        ada,
        'query ($after: String) { organizations(first: 2, after: $after) { nodes { id } pageInfo { endCursor hasNextPage hasPreviousPage } } }',
        { after },
      )
    ).organizations;
  const first = await page(null);
  ids.push(await app.organizationOf(ada));
  const second = await page(first.pageInfo.endCursor);
  const third = await page(second.pageInfo.endCursor);
  expect([first, second, third].flatMap(({ nodes }) => nodes.map(({ id }: Data) => id))).toEqual(ids);
  expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  expect(third.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
});

test('the same idempotency key is one effect and the same reply', async () => {
  const ada = viewer();
  const input = { name: 'Northern League', idempotencyKey: 'once' };
  const answers = await Promise.all(times(10).map(() => app.found(ada, input)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect((await app.run(ada, '{ organizations { nodes { id } } }')).organizations.nodes).toHaveLength(1);
  await app.expectDenied('IDEMPOTENCY_KEY_REUSED', () => app.found(ada, { ...input, name: 'Other' }));
});
