import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Data, viewer } from '../../../test/kit/subgraph.ts';
import { codesOf, startGroup, type TestGroup, times } from '../testing.fixture.ts';

let app: TestGroup;
beforeAll(async () => {
  app = await startGroup();
});
afterAll(() => app.close());

const succeeded = (answers: Data[]) => answers.filter(({ errors }) => errors.length === 0);
const rolesIn = async (organizationId: string) =>
  app.database.sql`
    select player_id, role from social_group.organization_members
    where organization_id = ${organizationId} order by joined_at`;

async function organizationOf(
  owner: ReturnType<typeof viewer>,
  players: readonly ReturnType<typeof viewer>[],
) {
  const organizationId = await app.organizationOf(owner);
  for (const { playerId } of players) await app.addMember(owner, { organizationId, playerId });
  return organizationId;
}

test('50 transfers at once: one is heard, and there is exactly one owner', async () => {
  const owner = viewer();
  const players = times(50).map(() => viewer());
  const organizationId = await organizationOf(owner, players);
  const answers = await Promise.all(
    players.map(({ playerId }) => app.setRole(owner, { organizationId, playerId, role: 'OWNER' })),
  );
  expect(succeeded(answers)).toHaveLength(1);
  expect(new Set(answers.flatMap(codesOf))).toEqual(new Set(['NOT_OWNER']));
  const roles = (await rolesIn(organizationId)).map(({ role }) => role);
  expect(roles.filter((role) => role === 'OWNER')).toHaveLength(1);
  expect(roles[0]).toBe('MODERATOR');
  await app.expectSound();
});

test('50 players are handed the organization and hand it on at once: exactly one owner', async () => {
  const owner = viewer();
  const players = [owner, ...times(50).map(() => viewer())];
  const organizationId = await organizationOf(owner, players.slice(1));
  await Promise.all(
    players.map((as, index) => {
      const { playerId } = players[(index + 1) % players.length] ?? owner;
      return app.setRole(as, { organizationId, playerId, role: 'OWNER' });
    }),
  );
  await app.expectSound();
});

test('a player is added 50 times at once: one membership', async () => {
  const [owner, ada] = [viewer(), viewer()];
  const organizationId = await app.organizationOf(owner);
  const answers = await Promise.all(
    times(50).map(() => app.addMember(owner, { organizationId, playerId: ada.playerId })),
  );
  expect(succeeded(answers)).toHaveLength(1);
  expect(new Set(answers.flatMap(codesOf))).toEqual(new Set(['ALREADY_A_MEMBER']));
  await app.expectSound();
});

test('handed over while the heir leaves: one owner, who is in it', async () => {
  for (const _ of times(10)) {
    const [owner, heir] = [viewer(), viewer()];
    const organizationId = await organizationOf(owner, [heir]);
    await Promise.all([
      app.setRole(owner, { organizationId, playerId: heir.playerId, role: 'OWNER' }),
      app.leaveOrganization(heir, { organizationId }),
    ]);
    await app.expectSound();
  }
});

test('handed over while it is deleted: gone, or whole with one owner', async () => {
  for (const _ of times(10)) {
    const [owner, heir] = [viewer(), viewer()];
    const organizationId = await organizationOf(owner, [heir]);
    const answers = await Promise.all([
      app.setRole(owner, { organizationId, playerId: heir.playerId, role: 'OWNER' }),
      app.deleteOrganization(owner, { organizationId }),
      app.leaveOrganization(heir, { organizationId }),
      app.deleteOrganization(heir, { organizationId }),
    ]);
    for (const denied of answers.flatMap(codesOf)) {
      expect(['ORGANIZATION_NOT_FOUND', 'NOT_OWNER', 'NOT_A_MEMBER', 'OWNER_MUST_TRANSFER']).toContain(
        denied,
      );
    }
    const [left] = await app.database.sql`
      select (select count(*)::int from social_group.organizations where id = ${organizationId}) as organizations,
        (select count(*)::int from social_group.organization_members
          where organization_id = ${organizationId} and role = 'OWNER') as owners`;
    expect(left?.['owners']).toBe(left?.['organizations']);
  }
  await app.expectSound();
});

test('whatever members do in parallel, every organization stays sound and its logs without gaps', async () => {
  const players = times(6).map(() => viewer());
  const player = fc.integer({ min: 0, max: players.length - 1 });
  const step = fc.record({
    kind: fc.constantFrom(
      'add',
      'own',
      'promote',
      'demote',
      'remove',
      'leave',
      'join',
      'leaveGroup',
      'renew',
    ),
    actor: player,
    target: player,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 8 }),
      async (rounds) => {
        const world = await makeWorld(players);
        for (const round of rounds) {
          await Promise.all(
            round.map(({ kind, actor, target }) => act(world, kind, players[actor], players[target])),
          );
        }
        await app.expectSound();
      },
    ),
    { numRuns: 15 },
  );
});

type Player = ReturnType<typeof viewer>;

async function makeWorld([owner = viewer()]: readonly Player[]) {
  const organizationId = await app.organizationOf(owner);
  const { id: groupId } = await app.groupOf(owner, organizationId);
  return { organizationId, groupId };
}

/** One step of the random world: it may well be denied, and that is part of it. */
async function act(
  { organizationId, groupId }: Awaited<ReturnType<typeof makeWorld>>,
  kind: string,
  actor: Player | undefined,
  target: Player | undefined,
): Promise<void> {
  if (!actor || !target) return;
  const about = { organizationId, playerId: target.playerId };
  const [row] = await app.database.sql`select invite_code from social_group.groups where id = ${groupId}`;
  if (kind === 'add') await app.addMember(actor, about);
  if (kind === 'own') await app.setRole(actor, { ...about, role: 'OWNER' });
  if (kind === 'promote') await app.setRole(actor, { ...about, role: 'MODERATOR' });
  if (kind === 'demote') await app.setRole(actor, { ...about, role: 'MEMBER' });
  if (kind === 'remove') await app.removeMember(actor, about);
  if (kind === 'leave') await app.leaveOrganization(actor, { organizationId });
  if (kind === 'join') await app.join(actor, { code: row?.['invite_code'] });
  if (kind === 'leaveGroup') await app.leave(actor, { groupId });
  if (kind === 'renew') await app.regenerate(actor, { groupId });
}
