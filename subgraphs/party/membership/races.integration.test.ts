import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Data, viewer } from '../../../test/kit/subgraph.ts';
import { startParty } from '../testing.fixture.ts';

let party: Awaited<ReturnType<typeof startParty>>;
beforeAll(async () => {
  party = await startParty();
});
afterAll(() => party.close());

const times = (count: number) => Array.from({ length: count }, (_, index) => index);
const succeeded = (answers: Data[]) => answers.filter(({ errors }) => errors.length === 0);
const codesOf = (answers: Data[]) => answers.flatMap(({ errors }) => errors.map(({ code }: Data) => code));

/** What must hold of the whole database at any time. */
async function expectSound(): Promise<void> {
  const unsound = await party.database.sql`
    select p.id, p.status, p.leader_id, count(m.player_id) as members, p.max_members,
      count(*) filter (where m.player_id = p.leader_id) as leaders
    from party.parties p left join party.members m on m.tenant_id = p.tenant_id and m.party_id = p.id
    group by p.tenant_id, p.id
    having not case p.status
      when 'ACTIVE' then count(*) filter (where m.player_id = p.leader_id) = 1
        and count(m.player_id) <= p.max_members
      else p.leader_id is null and count(m.player_id) = 0 end
      or p.tanks <> count(*) filter (where m.role = 'TANK')
      or p.healers <> count(*) filter (where m.role = 'HEALER')
      or p.dps <> count(*) filter (where m.role = 'DPS')
      or p.undecided <> count(m.player_id) filter (where m.role is null)`;
  expect(unsound).toEqual([]);
  const leftOpen = await party.database.sql`
    select id from party.parties p where status = 'DISBANDED' and (
      exists (select from party.quests q where q.party_id = p.id and q.status = 'ACTIVE')
      or exists (select from party.ready_checks r where r.party_id = p.id and r.status = 'OPEN')
      or exists (select from party.queue_entries e where e.party_id = p.id and e.status = 'WAITING')
      or exists (select from party.invites i where i.party_id = p.id and i.status = 'PENDING'))`;
  expect(leftOpen).toEqual([]);
  const gaps = await party.database.sql`
    select subject from party.activity group by tenant_id, subject
    having min(sequence) <> 1 or max(sequence) <> count(*)`;
  expect(gaps).toEqual([]);
}

test('50 players join a party of 5 at once: 4 get in', async () => {
  const { id } = (await party.create(viewer(), { joinPolicy: 'OPEN' })).party;
  const answers = await Promise.all(times(50).map(() => party.join(viewer(), { partyId: id })));
  expect(succeeded(answers)).toHaveLength(4);
  expect(new Set(codesOf(answers))).toEqual(new Set(['PARTY_FULL']));
  await expectSound();
});

test('one player joins 50 parties at once: one of them', async () => {
  const ada = viewer();
  const created = await Promise.all(times(50).map(() => party.create(viewer(), { joinPolicy: 'OPEN' })));
  const answers = await Promise.all(created.map(({ party: { id } }) => party.join(ada, { partyId: id })));
  expect(succeeded(answers)).toHaveLength(1);
  expect(new Set(codesOf(answers))).toEqual(new Set(['ALREADY_IN_PARTY']));
  await expectSound();
});

test('one player forms 50 parties at once: one', async () => {
  const ada = viewer();
  const answers = await Promise.all(times(50).map(() => party.create(ada, {})));
  expect(succeeded(answers)).toHaveLength(1);
  await expectSound();
});

test('50 players accept an invitation to a party of 5 at once: 4 get in', async () => {
  const ada = viewer();
  const { id } = (await party.create(ada, {})).party;
  const asked = times(50).map(() => viewer());
  const invites: string[] = [];
  for (const { playerId } of asked)
    invites.push((await party.invite(ada, { partyId: id, playerId })).invite.id);
  const answers = await Promise.all(
    asked.map((as, index) => party.acceptInvite(as, { inviteId: invites[index] })),
  );
  expect(succeeded(answers)).toHaveLength(4);
  await expectSound();
});

test('everyone leaves at once: it disbands, once', async () => {
  const players = times(5).map(() => viewer());
  const [leader, ...others] = players;
  if (!leader) throw new Error('unreachable');
  const { id } = (await party.create(leader, { joinPolicy: 'OPEN' })).party;
  for (const other of others) await party.join(other, { partyId: id });
  await Promise.all(players.map((as) => party.leave(as, { partyId: id })));
  const ends = await party.database.sql`
    select from party.activity where subject = ${`party:${id}`} and type = 'party:disbanded'`;
  expect(ends).toHaveLength(1);
  await expectSound();
});

test('whatever players do in parallel, every party stays sound and its log without gaps', async () => {
  const players = times(7).map(() => viewer());
  const player = fc.integer({ min: 0, max: players.length - 1 });
  const step = fc.record({
    kind: fc.constantFrom(...kinds),
    actor: player,
    target: player,
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 8 }),
      async (rounds) => {
        for (const round of rounds) {
          await Promise.all(
            round.map(({ kind, actor, target }) => act(kind, players[actor], players[target])),
          );
        }
        await expectSound();
      },
    ),
    { numRuns: 40 },
  );
});

type Player = ReturnType<typeof viewer> | undefined;

const members = ['create', 'join', 'leave', 'kick', 'transfer', 'disband', 'invite', 'accept', 'play'];
const kinds = [...members, 'shrink', 'say', 'share', 'check', 'queue'];

/** One step of the random world: it may well be denied, and that is part of it. */
async function act(kind: string, actor: Player, target: Player): Promise<void> {
  if (!actor || !target) return;
  const partyOf = async ({ playerId }: { playerId: string }): Promise<string> => {
    const [row] = await party.database.sql`select party_id from party.members where player_id = ${playerId}`;
    return row?.['party_id'] ?? playerId;
  };
  const { playerId } = target;
  const partyId = await partyOf(actor);
  if (kind === 'create') await party.create(actor, { joinPolicy: 'OPEN', maxMembers: 3 });
  if (kind === 'join') await party.join(actor, { partyId: await partyOf(target) });
  if (kind === 'play') {
    const role = ['TANK', 'HEALER', 'DPS', null][target.playerId.charCodeAt(0) % 4];
    await party.setRole(actor, { partyId, playerId, role });
  }
  if (kind === 'shrink') await party.update(actor, { partyId, maxMembers: 2 });
  if (kind === 'say') await party.post(actor, { partyId, body: 'x' });
  if (kind === 'share') {
    const objectives = [{ key: 'x', title: 'x' }];
    await party.shareQuest(actor, { partyId, questKey: playerId, title: 'x', objectives });
  }
  if (kind === 'check') await party.startReadyCheck(actor, { partyId });
  if (kind === 'queue') await party.enterQueue(actor, { partyId, activity: 'QUESTING' });
  if (kind === 'leave') await party.leave(actor, { partyId });
  if (kind === 'kick') await party.kick(actor, { partyId, playerId });
  if (kind === 'transfer') await party.transfer(actor, { partyId, playerId });
  if (kind === 'disband') await party.disband(actor, { partyId });
  if (kind === 'invite') await party.invite(actor, { partyId, playerId });
  if (kind === 'accept') {
    const { me } = await party.run(actor, '{ me { partyInvites(first: 1) { nodes { id } } } }');
    await party.acceptInvite(actor, { inviteId: me.partyInvites.nodes[0]?.id ?? '' });
  }
}
