import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startParty } from '../testing.fixture.ts';

let party: Awaited<ReturnType<typeof startParty>>;
beforeAll(async () => {
  party = await startParty();
});
afterAll(() => party.close());

const codes = ({ errors }: Data) => errors.map(({ code }: Data) => code);
const memberIds = (answer: Data) => answer.party.members.map(({ player }: Data) => player.id);

async function openPartyOf(...players: ReturnType<typeof viewer>[]): Promise<string> {
  const [leader, ...others] = players;
  if (!leader) throw new Error('a party has a leader');
  const created = await party.create(leader, { joinPolicy: 'OPEN' });
  for (const other of others) await party.join(other, { partyId: created.party.id });
  return created.party.id;
}

describe('a party', () => {
  test('is formed by its leader, who plays a role', async () => {
    const ada = viewer();
    const created = await party.create(ada, { role: 'HEALER', maxMembers: 2 });
    expect(created).toEqual({
      party: {
        id: expect.any(String),
        status: 'ACTIVE',
        leader: { id: ada.playerId },
        members: [{ player: { id: ada.playerId }, role: 'HEALER', isLeader: true }],
      },
      errors: [],
    });
    const { me } = await party.run(
      ada,
      '{ me { id party { id maxMembers joinPolicy composition { healers dps } } } }',
    );
    expect(me).toEqual({
      id: ada.playerId,
      party: {
        id: created.party.id,
        maxMembers: 2,
        joinPolicy: 'INVITE_ONLY',
        composition: { healers: 1, dps: 0 },
      },
    });
  });

  test.each([[1], [6], [-1]])('of %i members is refused', async (maxMembers) => {
    const attempt = () => party.create(viewer(), { maxMembers });
    await party.expectDenied('INVALID_INPUT', attempt);
    expect(await attempt()).toEqual({
      party: null,
      errors: [{ code: 'INVALID_INPUT', path: ['maxMembers'] }],
    });
  });

  test('is left: the longest-standing member leads, and who has left sees it no more', async () => {
    const [ada, bea, cyd] = [viewer(), viewer(), viewer()];
    const partyId = await openPartyOf(ada, bea, cyd);
    expect((await party.leave(ada, { partyId })).errors).toEqual([]);
    const { me } = await party.run(
      bea,
      '{ me { party { leader { id } members { isLeader player { id } } } } }',
    );
    expect(me.party.leader.id).toBe(bea.playerId);
    expect(me.party.members).toHaveLength(2);
    expect((await party.run(ada, '{ me { party { id } } }')).me.party).toBeNull();
  });

  test('disbands when the last one leaves, and is then nobody’s to see', async () => {
    const ada = viewer();
    const partyId = await openPartyOf(ada);
    expect(await party.leave(ada, { partyId })).toEqual({ party: null, errors: [] });
    expect(await party.run(ada, 'query ($id: ID!) { party(id: $id) { id } }', { id: partyId })).toEqual({
      party: null,
    });
    const [row] = await party.database.sql`select status, leader_id from party.parties where id = ${partyId}`;
    expect(row).toEqual({ status: 'DISBANDED', leader_id: null });
    expect((await party.create(ada, {})).errors).toEqual([]);
  });

  test('is disbanded by its leader', async () => {
    const [ada, bea] = [viewer(), viewer()];
    const partyId = await openPartyOf(ada, bea);
    expect((await party.disband(ada, { partyId })).errors).toEqual([]);
    expect((await party.run(bea, '{ me { party { id } } }')).me.party).toBeNull();
  });

  test('changes hands, roles and members by its leader', async () => {
    const [ada, bea, cyd] = [viewer(), viewer(), viewer()];
    const partyId = await openPartyOf(ada, bea, cyd);
    await party.setRole(ada, { partyId, playerId: bea.playerId, role: 'DPS' });
    expect((await party.transfer(ada, { partyId, playerId: bea.playerId })).party.leader.id).toBe(
      bea.playerId,
    );
    const kicked = await party.kick(bea, { partyId, playerId: ada.playerId });
    expect(memberIds(kicked)).toEqual([bea.playerId, cyd.playerId]);
    expect(kicked.party.members[0].role).toBe('DPS');
  });
});

test('each of two mutations in one operation answers with what it changed', async () => {
  const ada = viewer();
  const partyId = await openPartyOf(ada);
  const set = (role: string) =>
    `partyRoleSet(input: { partyId: "${partyId}", playerId: "${ada.playerId}", role: ${role} }) { party { members { role } } }`;
  expect(await party.run(ada, `mutation { first: ${set('TANK')} second: ${set('DPS')} }`)).toEqual({
    first: { party: { members: [{ role: 'TANK' }] } },
    second: { party: { members: [{ role: 'DPS' }] } },
  });
});

describe('denied, with nothing changed', () => {
  const [ada, bea, eve] = [viewer(), viewer(), viewer()];
  let partyId: string;
  beforeAll(async () => {
    partyId = await openPartyOf(ada, bea);
  });

  test('a second party', () => party.expectDenied('ALREADY_IN_PARTY', () => party.create(ada, {})));
  test('joining a second party', async () => {
    const other = await openPartyOf(viewer());
    await party.expectDenied('ALREADY_IN_PARTY', () => party.join(ada, { partyId: other }));
  });
  test('joining twice', () => party.expectDenied('ALREADY_A_MEMBER', () => party.join(bea, { partyId })));
  test('joining a party that takes only whom it invited: it can’t even be seen', async () => {
    const closed = await party.create(viewer(), {});
    await party.expectDenied('PARTY_NOT_FOUND', () => party.join(eve, { partyId: closed.party.id }));
  });
  test('joining a full party', async () => {
    const full = await party.create(viewer(), { joinPolicy: 'OPEN', maxMembers: 2 });
    await party.join(viewer(), { partyId: full.party.id });
    await party.expectDenied('PARTY_FULL', () => party.join(eve, { partyId: full.party.id }));
  });
  test('a member kicks', () =>
    party.expectDenied('NOT_LEADER', () => party.kick(bea, { partyId, playerId: ada.playerId })));
  test('the leader kicks themself', () =>
    party.expectDenied('CANNOT_KICK_SELF', () => party.kick(ada, { partyId, playerId: ada.playerId })));
  test('kicking a stranger', () =>
    party.expectDenied('NOT_A_MEMBER', () => party.kick(ada, { partyId, playerId: eve.playerId })));
  test('handing the lead to a stranger', () =>
    party.expectDenied('NOT_A_MEMBER', () => party.transfer(ada, { partyId, playerId: eve.playerId })));
  test('a member takes the lead', () =>
    party.expectDenied('NOT_LEADER', () => party.transfer(bea, { partyId, playerId: bea.playerId })));
  test('a member disbands', () => party.expectDenied('NOT_LEADER', () => party.disband(bea, { partyId })));
  test('a member sets another’s role', () =>
    party.expectDenied('NOT_LEADER', () =>
      party.setRole(bea, { partyId, playerId: ada.playerId, role: 'DPS' }),
    ));

  describe('to whom it does not exist', () => {
    const stranger = viewer({ tenantId: tenantB });
    test.each(['leave', 'kick', 'transfer', 'setRole', 'disband', 'invite', 'join'] as const)(
      '%s answers alike for a stranger of another tenant, an unknown id and no id at all',
      async (mutation) => {
        for (const id of [partyId, '99999999-9999-4999-8999-999999999999', 'x', '\u{1F600}', '']) {
          const input =
            mutation === 'kick' || mutation === 'transfer' || mutation === 'setRole' || mutation === 'invite'
              ? { partyId: id, playerId: ada.playerId }
              : { partyId: id };
          await party.expectDenied('PARTY_NOT_FOUND', () => party[mutation](stranger, input));
        }
      },
    );
  });
});

describe('who sees a party', () => {
  const read = async (as: ReturnType<typeof viewer>, id: string) =>
    (
      await party.run(
        as,
        'query ($id: ID!) { party(id: $id) { id activity { nodes { id } } invites { id } } }',
        { id },
      )
    ).party;

  test('everyone an open one, but not its activity or invitations', async () => {
    const [ada, bea] = [viewer(), viewer()];
    const id = await openPartyOf(ada);
    await party.invite(ada, { partyId: id, playerId: viewer().playerId });
    expect(await read(bea, id)).toEqual({ id, activity: { nodes: [] }, invites: [] });
    expect((await read(ada, id)).invites).toHaveLength(1);
  });

  test('members and the invited a closed one, another tenant none', async () => {
    const [ada, bea, cyd] = [viewer(), viewer(), viewer()];
    const { id } = (await party.create(ada, {})).party;
    await party.invite(ada, { partyId: id, playerId: bea.playerId });
    expect((await read(ada, id)).id).toBe(id);
    expect((await read(bea, id)).id).toBe(id);
    expect(await read(cyd, id)).toBeNull();
    expect(await read({ ...ada, tenantId: tenantB }, id)).toBeNull();
  });

  test('as an entity, by the same rule', async () => {
    const ada = viewer();
    const { id } = (await party.create(ada, {})).party;
    const entity = 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Party { id } } }';
    const r = [{ __typename: 'Party', id }];
    expect((await party.run(ada, entity, { r }))._entities).toEqual([{ id }]);
    expect((await party.run(viewer(), entity, { r }))._entities).toEqual([null]);
    expect((await party.run({ ...ada, tenantId: tenantB }, entity, { r }))._entities).toEqual([null]);
  });
});

test('the same idempotency key is one effect and the same reply, a denial included', async () => {
  const ada = viewer();
  const input = { joinPolicy: 'OPEN', idempotencyKey: 'once' };
  const answers = await Promise.all(Array.from({ length: 10 }, () => party.create(ada, input)));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0].errors).toEqual([]);

  const denied = await party.create(ada, { idempotencyKey: 'again' });
  await party.leave(ada, { partyId: answers[0].party.id });
  expect(codes(denied)).toEqual(['ALREADY_IN_PARTY']);
  expect(await party.create(ada, { idempotencyKey: 'again' })).toEqual(denied);
  await party.expectDenied('IDEMPOTENCY_KEY_REUSED', () => party.create(ada, { ...input, maxMembers: 2 }));
  await party.expectDenied('INVALID_INPUT', () => party.create(ada, { idempotencyKey: 'k'.repeat(201) }));
  expect((await party.create(viewer(), input)).errors).toEqual([]);
});
