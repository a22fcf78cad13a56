import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let now = new Date();
let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild({ clock: () => now });
});
afterAll(() => guild.close());

const inOneHour = () => new Date(now.getTime() + 3_600_000);

async function invited(input: object = {}, guildInput: object = {}) {
  const ada = viewer();
  const guildId = await guild.found(ada, guildInput);
  const { id, code } = (await guild.invite(ada, { guildId, ...input })).invite;
  return { ada, guildId, id, code };
}

const preview =
  'query ($code: String!) { guildInvite(code: $code) { code guildName guild { id } expiresAt } }';
const list = `query ($id: ID!, $first: Int, $after: String) { guild(id: $id) {
  invites(first: $first, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }`;

describe('an invite', () => {
  test('is made by who may, with its limits', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada);
    const expiresAt = inOneHour().toISOString();
    const rankId = await guild.rank(ada, guildId, 'MEMBER');
    const veteran = await guild.join(ada, guildId, 'VETERAN');
    expect(await guild.invite(veteran, { guildId, rankId, maxUses: 5, expiresAt })).toEqual({
      invite: {
        id: expect.any(String),
        code: expect.stringMatching(/^[ABCDEFGHJKMNPQRSTUVWXYZ23456789]{12}$/),
        status: 'OPEN',
        uses: 0,
        maxUses: 5,
        expiresAt,
        rank: { kind: 'MEMBER' },
        creator: { id: veteran.playerId },
        guild: { id: guildId },
      },
      errors: [],
    });
    const plain = (await guild.invite(ada, { guildId })).invite;
    expect(plain).toMatchObject({ maxUses: null, expiresAt: null, rank: { kind: 'RECRUIT' } });
  });

  test('lets a player in, at its rank', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada, { visibility: 'PRIVATE' });
    const rankId = await guild.rank(ada, guildId, 'VETERAN');
    const { code } = (await guild.invite(ada, { guildId, rankId })).invite;
    const bea = viewer({ communities: [] });
    const joined = await guild.accept(bea, { code: ` ${code.toLowerCase()} ` });
    expect(joined.guild).toMatchObject({ id: guildId, memberCount: 2 });
    expect(joined.guild.members.nodes).toContainEqual({
      player: { id: bea.playerId },
      rank: { kind: 'VETERAN' },
    });
  });

  test('is as good as none when its creator lost the right to make it, and good again with the right', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada);
    const officer = await guild.join(ada, guildId, 'OFFICER');
    const rankId = await guild.rank(ada, guildId, 'VETERAN');
    const { code } = (await guild.invite(officer, { guildId, rankId })).invite;
    const seen = async () => (await guild.run(viewer(), preview, { code })).guildInvite;
    expect(await seen()).toMatchObject({ code });
    const setRank = async (kind: string) => {
      const input = { guildId, playerId: officer.playerId, rankId: await guild.rank(ada, guildId, kind) };
      expect((await guild.setRank(ada, input)).errors).toEqual([]);
    };
    await setRank('VETERAN');
    expect(await seen()).toBeNull();
    await guild.expectDenied('INVITE_NOT_FOUND', () => guild.accept(viewer(), { code }));
    await setRank('OFFICER');
    expect(await seen()).toMatchObject({ code });
  });

  test('lets nobody in any more when its creator was kicked, least of all them', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada, { visibility: 'PRIVATE' });
    const officer = await guild.join(ada, guildId, 'OFFICER');
    const rankId = await guild.rank(ada, guildId, 'VETERAN');
    const { code } = (await guild.invite(officer, { guildId, rankId })).invite;
    expect((await guild.kick(ada, { guildId, playerId: officer.playerId })).errors).toEqual([]);
    for (const as of [officer, viewer()]) {
      expect((await guild.run(as, preview, { code })).guildInvite).toBeNull();
      await guild.expectDenied('INVITE_NOT_FOUND', () => guild.accept(as, { code }));
    }
  });

  test('shows the name of a PRIVATE guild, and no more', async () => {
    const { ada, guildId, code } = await invited({}, { name: 'Hidden', visibility: 'PRIVATE' });
    const seen = { code, guildName: 'Hidden', guild: null, expiresAt: null };
    expect((await guild.run(viewer(), preview, { code: code.toLowerCase() })).guildInvite).toEqual(seen);
    expect((await guild.run(ada, preview, { code })).guildInvite).toEqual({
      ...seen,
      guild: { id: guildId },
    });
  });

  test('that is over or was never made shows nothing', async () => {
    const { ada, id, code } = await invited({ maxUses: 1 });
    const gone = async (code: string, as = viewer()) =>
      expect((await guild.run(as, preview, { code })).guildInvite).toBeNull();
    await gone(code, { ...ada, tenantId: tenantB });
    await guild.accept(viewer(), { code });
    await gone(code);
    await guild.revoke(ada, { inviteId: id });
    await gone(code);
    for (const none of ['ABCDEFGHJKMN', 'x', '', '\0', '\u{1F600}']) await gone(none);
  });

  test('is seen by who may invite, while it is open', async () => {
    const { ada, guildId, id } = await invited();
    const veteran = await guild.join(ada, guildId, 'VETERAN');
    const member = await guild.join(ada, guildId, 'MEMBER');
    const spent = (await guild.invite(ada, { guildId, maxUses: 1 })).invite;
    await guild.accept(viewer(), { code: spent.code });
    const ids = async (as: typeof ada) =>
      (await guild.run(as, list, { id: guildId })).guild.invites.nodes.map((node: Data) => node.id);
    expect(await ids(veteran)).toContain(id);
    expect(await ids(veteran)).not.toContain(spent.id);
    expect(await ids(member)).toEqual([]);
    expect(await ids(viewer())).toEqual([]);
    await guild.revoke(veteran, { inviteId: id });
    expect(await ids(ada)).not.toContain(id);
  });

  test('is one of many, paged newest first', async () => {
    const { ada, guildId, id } = await invited();
    const expected = [id];
    for (let count = 0; count < 4; count += 1) {
      expected.unshift((await guild.invite(ada, { guildId })).invite.id);
    }
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const { invites } = (await guild.run(ada, list, { id: guildId, first: 2, after })).guild;
      seen.push(...invites.nodes.map((node: Data) => node.id));
      if (!invites.pageInfo.hasNextPage) break;
      after = invites.pageInfo.endCursor;
      await guild.invite(ada, { guildId });
    }
    expect(seen).toEqual(expected);
  });
});

describe('denied, with nothing changed', () => {
  test('making one', async () => {
    const { ada, guildId } = await invited();
    const member = await guild.join(ada, guildId, 'MEMBER');
    const veteran = await guild.join(ada, guildId, 'VETERAN');
    const rank = (kind: string) => guild.rank(ada, guildId, kind);
    const [leader, officer, own] = [await rank('LEADER'), await rank('OFFICER'), await rank('VETERAN')];
    const attempts = [
      ['MISSING_PERMISSION', () => guild.invite(member, { guildId })],
      ['MISSING_PERMISSION', () => guild.invite(viewer(), { guildId })],
      ['RANK_NOT_BELOW_YOU', () => guild.invite(veteran, { guildId, rankId: own })],
      ['RANK_NOT_BELOW_YOU', () => guild.invite(veteran, { guildId, rankId: officer })],
      ['LEADERSHIP_IS_TRANSFERRED', () => guild.invite(ada, { guildId, rankId: leader })],
      ['RANK_NOT_FOUND', () => guild.invite(ada, { guildId, rankId: randomUUID() })],
      ['RANK_NOT_FOUND', () => guild.invite(ada, { guildId, rankId: '' })],
      ['INVALID_INPUT', () => guild.invite(ada, { guildId, maxUses: 0 })],
      ['INVALID_INPUT', () => guild.invite(ada, { guildId, maxUses: 10_001 })],
      ['INVALID_INPUT', () => guild.invite(ada, { guildId, expiresAt: now.toISOString() })],
    ] as const;
    for (const [code, attempt] of attempts) await guild.expectDenied(code, attempt);
  });

  test('accepting one', async () => {
    const { ada, guildId, id, code } = await invited({ maxUses: 1, expiresAt: inOneHour().toISOString() });
    const full = await invited({}, { maxMembers: 1 });
    const accept =
      (code: string, as = viewer()) =>
      () =>
        guild.accept(as, { code });
    await guild.expectDenied('ALREADY_A_MEMBER', accept(code, ada));
    await guild.expectDenied('GUILD_FULL', accept(full.code));
    await guild.expectDenied('INVITE_NOT_FOUND', accept(code, viewer({ tenantId: tenantB })));
    for (const none of ['ABCDEFGHJKMN', 'x', '', '\0']) {
      await guild.expectDenied('INVITE_NOT_FOUND', accept(none));
    }
    now = inOneHour();
    await guild.expectDenied('INVITE_EXPIRED', accept(code));
    now = new Date(now.getTime() - 1);
    expect((await guild.accept(viewer(), { code })).guild.id).toBe(guildId);
    await guild.expectDenied('INVITE_USED_UP', accept(code));
    expect((await guild.revoke(ada, { inviteId: id })).invite.status).toBe('REVOKED');
    await guild.expectDenied('INVITE_NOT_FOUND', accept(code));
  });

  test('revoking one', async () => {
    const { ada, guildId, id: inviteId } = await invited();
    const member = await guild.join(ada, guildId, 'MEMBER');
    for (const as of [member, viewer(), { ...ada, tenantId: tenantB }]) {
      await guild.expectDenied('INVITE_NOT_FOUND', () => guild.revoke(as, { inviteId }));
    }
    await guild.expectDenied('INVITE_NOT_FOUND', () => guild.revoke(ada, { inviteId: randomUUID() }));
    await guild.expectDenied('INVITE_NOT_FOUND', () => guild.revoke(ada, { inviteId: 'x' }));
    await guild.revoke(ada, { inviteId });
    await guild.expectDenied('INVITE_NOT_FOUND', () => guild.revoke(ada, { inviteId }));
  });
});

describe('at once', () => {
  const burst = (code: string, count: number) =>
    Promise.all(Array.from({ length: count }, () => guild.accept(viewer(), { code })));
  const codes = (answers: Data[]) => answers.flatMap(({ errors }) => errors.map(({ code }: Data) => code));
  const counts = async (guildId: string) => {
    const [row] = await guild.database.sql`
      select member_count as counted, (select count(*)::int from guild.members where guild_id = guilds.id) as members,
        (select sum(uses)::int from guild.invites where guild_id = guilds.id) as uses
      from guild.guilds where id = ${guildId}`;
    return row;
  };

  test('50 accept a code with 5 uses: 5 are in', async () => {
    const { guildId, code } = await invited({ maxUses: 5 });
    const refused = codes(await burst(code, 50));
    expect(refused).toEqual(Array.from({ length: 45 }, () => 'INVITE_USED_UP'));
    expect(await counts(guildId)).toEqual({ counted: 6, members: 6, uses: 5 });
  });

  test('50 accept into a guild with room for 7, by two codes: 7 are in', async () => {
    const { ada, guildId, code } = await invited({}, { maxMembers: 8 });
    const other = (await guild.invite(ada, { guildId })).invite.code;
    const refused = codes((await Promise.all([burst(code, 25), burst(other, 25)])).flat());
    expect(refused).toEqual(Array.from({ length: 43 }, () => 'GUILD_FULL'));
    expect(await counts(guildId)).toEqual({ counted: 8, members: 8, uses: 7 });
  });

  test('one player accepts 20 times: once in, one use', async () => {
    const { guildId, code } = await invited();
    const bea = viewer();
    const answers = await Promise.all(Array.from({ length: 20 }, () => guild.accept(bea, { code })));
    expect(codes(answers)).toEqual(Array.from({ length: 19 }, () => 'ALREADY_A_MEMBER'));
    expect(await counts(guildId)).toEqual({ counted: 2, members: 2, uses: 1 });
  });

  test('20 accept while it is revoked: as many uses as members', async () => {
    const { ada, guildId, id, code } = await invited();
    const [answers] = await Promise.all([burst(code, 20), guild.revoke(ada, { inviteId: id })]);
    const joined = answers.filter(({ errors }) => errors.length === 0).length;
    expect(await counts(guildId)).toEqual({ counted: 1 + joined, members: 1 + joined, uses: joined });
    expect(codes(answers).every((code) => code === 'INVITE_NOT_FOUND')).toBe(true);
  });
});

test('the same idempotency key is one use and the same reply', async () => {
  const { guildId, code } = await invited({ maxUses: 2 });
  const bea = viewer();
  const input = { code, idempotencyKey: 'join' };
  const answers = await Promise.all(Array.from({ length: 10 }, () => guild.accept(bea, input)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0].guild).toMatchObject({ id: guildId, memberCount: 2 });
  const [row] = await guild.database.sql`select uses from guild.invites where code = ${code}`;
  expect(row).toEqual({ uses: 1 });
});
