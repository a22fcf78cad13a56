import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Data } from '../../../test/kit/subgraph.ts';
import { codesOf, startGroup, type TestGroup, times } from '../testing.fixture.ts';

// A join decides on what it reads without a lock: what comes in between.
let app: TestGroup;
beforeAll(async () => {
  app = await startGroup();
});
afterAll(() => app.close());

type Held = Awaited<ReturnType<TestGroup['database']['sql']['reserve']>>;

describe('whoever joins while the organization is held by another', () => {
  /** Joins, and changes by `change` what was read before the statement of the join gets its lock. */
  async function joinDuring(change: (sql: Held) => Promise<unknown>, join: () => Promise<Data>) {
    const held = await app.database.sql.reserve();
    const [row] = await held<{ pid: number }[]>`select pg_backend_pid() as pid`;
    await held`begin`;
    await held`select from social_group.organizations for update`;
    const joining = join();
    await expect
      .poll(
        () =>
          app.database.sql`select from pg_stat_activity where ${row?.pid ?? 0} = any(pg_blocking_pids(pid))`,
      )
      .not.toHaveLength(0);
    await change(held);
    await held`commit`;
    held.release();
    return joining;
  }

  test('is answered the group as it is when they join', async () => {
    const { groupId, code, outsider } = await app.league();
    const rename = (sql: Held) => sql`update social_group.groups set name = 'After' where id = ${groupId}`;
    const { group } = await joinDuring(rename, () => app.join(outsider, { code }));
    expect(group).toMatchObject({ name: 'After', inviteCode: null });
  });

  test('is answered what their role shows when they join', async () => {
    const { code, outsider } = await app.league();
    const promote = (sql: Held) => sql`
      update social_group.organization_members set role = 'MODERATOR' where player_id = ${outsider.playerId}`;
    const { group } = await joinDuring(promote, () => app.join(outsider, { code }));
    expect(group).toMatchObject({ inviteCode: code });
  });

  test('is let in by what holds then: a role, none, another', async () => {
    const { groupId, organizationId, code, outsider, stranger } = await app.league();
    const remove = (sql: Held) =>
      sql`delete from social_group.organization_members where player_id = ${outsider.playerId}`;
    const add = (sql: Held) => sql`
      insert into social_group.organization_members (tenant_id, organization_id, player_id, role, joined_at)
      values (${stranger.tenantId}, ${organizationId}, ${stranger.playerId}, 'MODERATOR', now())`;
    expect((await joinDuring(remove, () => app.join(outsider, { code }))).errors).toEqual([]);
    const added = await joinDuring(add, () => app.join(stranger, { code }));
    expect(added).toMatchObject({ group: { id: groupId, inviteCode: code }, errors: [] });
    await app.expectSound();
  });

  test('holds no log meanwhile: others go on', async () => {
    const { groupId, organizationId, code, stranger } = await app.league();
    const logs = [`group:${groupId}`, `organization:${organizationId}`, `moderation:${organizationId}`];
    let free = 0;
    const look = async (sql: Held) => {
      const heads = await sql`
        select from social_group.activity_heads where subject = any(${logs}) for update skip locked`;
      free = heads.length;
    };
    expect((await joinDuring(look, () => app.join(stranger, { code }))).errors).toEqual([]);
    expect(free).toBe(3);
  });

  test('is denied when the code was renewed', async () => {
    const { groupId, code, stranger } = await app.league();
    const renew = (sql: Held) =>
      sql`update social_group.groups set invite_code = 'ABCDEFGH' where id = ${groupId}`;
    const denied = await joinDuring(renew, () => app.join(stranger, { code }));
    expect(codesOf(denied)).toEqual(['INVITE_NOT_FOUND']);
  });
});

test('one who is added, removed and joins all the time is in or out, and never fails', async () => {
  const { organizationId, code, owner, stranger } = await app.league();
  const about = { organizationId, playerId: stranger.playerId };
  const lanes = [
    () => app.addMember(owner, about),
    () => app.removeMember(owner, about),
    () => app.join(stranger, { code }),
    () => app.join(stranger, { code }),
    () => app.leaveOrganization(stranger, { organizationId }),
  ];
  const answers = await Promise.all(
    lanes.map(async (lane) => {
      const each: Data[] = [];
      for (const _ of times(40)) each.push(await lane());
      return each;
    }),
  );
  expect(['ALREADY_A_MEMBER', 'NOT_A_MEMBER', 'ORGANIZATION_NOT_FOUND']).toEqual(
    expect.arrayContaining([...new Set(answers.flat().flatMap(codesOf))]),
  );
  await app.expectSound();
});
