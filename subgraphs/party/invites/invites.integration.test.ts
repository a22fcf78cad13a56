import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { deadlinesMet, startParty } from '../testing.fixture.ts';
import { inviteLifetime } from './rules.ts';

let now = new Date();
let party: Awaited<ReturnType<typeof startParty>>;
beforeAll(async () => {
  party = await startParty({ clock: () => now });
});
afterAll(() => party.close());

async function invited() {
  const [leader, guest] = [viewer(), viewer()];
  const { id: partyId } = (await party.create(leader, {})).party;
  const { id: inviteId } = (await party.invite(leader, { partyId, playerId: guest.playerId })).invite;
  return { leader, guest, partyId, inviteId };
}

const mine = '{ me { partyInvites { nodes { id inviter { id } party { id } } } } }';

test('an invitation is the player’s to see, and to accept', async () => {
  const { leader, guest, partyId, inviteId } = await invited();
  expect((await party.run(guest, mine)).me.partyInvites.nodes).toEqual([
    { id: inviteId, inviter: { id: leader.playerId }, party: { id: partyId } },
  ]);
  const accepted = await party.acceptInvite(guest, { inviteId, role: 'TANK' });
  expect(accepted.party.members.map(({ role }: Data) => role)).toEqual([null, 'TANK']);
  expect((await party.run(guest, mine)).me.partyInvites.nodes).toEqual([]);
});

test('nobody sees the invitations of another player', async () => {
  const { leader, guest } = await invited();
  const { player } = await party.run(
    leader,
    'query ($id: ID!) { player(id: $id) { partyInvites { nodes { id } } } }',
    {
      id: guest.playerId,
    },
  );
  expect(player.partyInvites.nodes).toEqual([]);
});

test('invitations are paged, newest first, and stay so while more come', async () => {
  const guest = viewer();
  const sent: string[] = [];
  const send = async () => {
    const leader = viewer();
    const { id: partyId } = (await party.create(leader, {})).party;
    sent.unshift((await party.invite(leader, { partyId, playerId: guest.playerId })).invite.id);
  };
  for (let count = 0; count < 5; count += 1) await send();
  const page = async (after?: string) =>
    (
      await party.run(
        guest,
        'query ($after: String) { me { partyInvites(first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }',
        { after },
      )
    ).me.partyInvites;
  const expected = [...sent];
  const first = await page();
  await send();
  const second = await page(first.pageInfo.endCursor);
  const third = await page(second.pageInfo.endCursor);
  expect([...first.nodes, ...second.nodes, ...third.nodes].map(({ id }: Data) => id)).toEqual(expected);
  expect(third.pageInfo.hasNextPage).toBe(false);
});

describe('denied, with nothing changed', () => {
  test('a member invites', async () => {
    const { leader, guest, partyId, inviteId } = await invited();
    await party.acceptInvite(guest, { inviteId });
    await party.expectDenied('NOT_LEADER', () =>
      party.invite(guest, { partyId, playerId: viewer().playerId }),
    );
    await party.expectDenied('ALREADY_A_MEMBER', () =>
      party.invite(leader, { partyId, playerId: guest.playerId }),
    );
  });
  test('a second invitation while the first is pending', async () => {
    const { leader, guest, partyId } = await invited();
    await party.expectDenied('ALREADY_INVITED', () =>
      party.invite(leader, { partyId, playerId: guest.playerId }),
    );
  });
  test('somebody else’s invitation, also by a member of the party, another tenant, or made up', async () => {
    const { leader, guest, inviteId } = await invited();
    for (const as of [leader, viewer(), { ...guest, tenantId: tenantB }]) {
      await party.expectDenied('INVITE_NOT_FOUND', () => party.acceptInvite(as, { inviteId }));
      await party.expectDenied('INVITE_NOT_FOUND', () => party.declineInvite(as, { inviteId }));
    }
    for (const id of ['x', viewer().playerId]) {
      await party.expectDenied('INVITE_NOT_FOUND', () => party.acceptInvite(guest, { inviteId: id }));
      await party.expectDenied('INVITE_NOT_FOUND', () => party.cancelInvite(leader, { inviteId: id }));
    }
  });
  test('what was declined, cancelled or disbanded', async () => {
    const declined = await invited();
    expect((await party.declineInvite(declined.guest, { inviteId: declined.inviteId })).invite.status).toBe(
      'DECLINED',
    );
    await party.expectDenied('INVITE_NOT_FOUND', () =>
      party.acceptInvite(declined.guest, { inviteId: declined.inviteId }),
    );
    const cancelled = await invited();
    expect((await party.cancelInvite(cancelled.leader, { inviteId: cancelled.inviteId })).invite.status).toBe(
      'CANCELLED',
    );
    await party.expectDenied('INVITE_NOT_FOUND', () =>
      party.acceptInvite(cancelled.guest, { inviteId: cancelled.inviteId }),
    );
    const disbanded = await invited();
    await party.disband(disbanded.leader, { partyId: disbanded.partyId });
    await party.expectDenied('INVITE_NOT_FOUND', () =>
      party.acceptInvite(disbanded.guest, { inviteId: disbanded.inviteId }),
    );
  });
  test('a full party', async () => {
    const { leader, guest, partyId, inviteId } = await invited();
    for (let count = 0; count < 4; count += 1) {
      const other = viewer();
      const sent = await party.invite(leader, { partyId, playerId: other.playerId });
      await party.acceptInvite(other, { inviteId: sent.invite.id });
    }
    await party.expectDenied('PARTY_FULL', () => party.acceptInvite(guest, { inviteId }));
  });
  test('too late', async () => {
    const { guest, inviteId } = await invited();
    now = new Date(now.getTime() + inviteLifetime);
    await deadlinesMet(party, now);
    await party.expectDenied('INVITE_EXPIRED', () => party.acceptInvite(guest, { inviteId }));
    await party.expectDenied('INVITE_EXPIRED', () => party.declineInvite(guest, { inviteId }));
    expect((await party.run(guest, mine)).me.partyInvites.nodes).toEqual([]);
  });
});

describe('an invitation that is not answered in time', () => {
  const events = (subject: string) => party.database.sql`
    select type, actor_id from party.activity where subject = ${subject} order by sequence desc limit 1`;
  const told = [{ type: 'party:invite-expired', actor_id: null }];

  test('expires by itself: the party and the player are told, nobody did it', async () => {
    const { guest, partyId } = await invited();
    now = new Date(now.getTime() + inviteLifetime);
    await deadlinesMet(party, now);
    expect([...(await events(`party:${partyId}`))]).toEqual(told);
    expect([...(await events(`player:${guest.playerId}`))]).toEqual(told);
    const { me } = await party.run(guest, '{ me { partyInvites { nodes { id } } } }');
    expect(me.partyInvites.nodes).toEqual([]);
  });

  test('does not stand in the way of another, and expires once', async () => {
    const { leader, guest, partyId } = await invited();
    now = new Date(now.getTime() + inviteLifetime);
    const again = await party.invite(leader, { partyId, playerId: guest.playerId });
    expect(again.errors).toEqual([]);
    await deadlinesMet(party, now);
    expect((await party.acceptInvite(guest, { inviteId: again.invite.id })).errors).toEqual([]);
    now = new Date(now.getTime() + inviteLifetime);
    await deadlinesMet(party, now);
    const all = await party.database.sql`
      select actor_id from party.activity
      where subject = ${`party:${partyId}`} and type = 'party:invite-expired'`;
    expect([...all]).toEqual([{ actor_id: null }]);
  });
});

test('an invitation that has expired is not called off when the party disbands', async () => {
  const { partyId, leader } = await party.form([null]);
  await party.invite(leader, { partyId, playerId: viewer().playerId });
  now = new Date(now.getTime() + inviteLifetime);
  await party.invite(leader, { partyId, playerId: viewer().playerId });
  expect((await party.disband(leader, { partyId })).errors).toEqual([]);
  const calledOff = await party.database.sql`
    select from party.activity where subject = ${`party:${partyId}`} and type = 'party:invite-cancelled'`;
  expect(calledOff).toHaveLength(1);
});
