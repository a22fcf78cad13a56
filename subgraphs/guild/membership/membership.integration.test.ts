import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fellowship/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { communityB, type Data, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

const roster = async (as: Viewer, id: string): Promise<Data> =>
  (
    await guild.run(
      as,
      'query ($id: ID!) { guild(id: $id) { leader { id } memberCount members { nodes { player { id } rank { kind } } } } }',
      { id },
    )
  ).guild;
const kinds = ({ members }: Data) => members.nodes.map(({ rank }: Data) => rank.kind);

/** The guild counts as many members as it has, and has one leader, who is one of them. */
async function expectSound(guildId: string): Promise<void> {
  const [row] = await guild.database.sql`
    select member_count::int as counted,
      (select count(*)::int from guild.members m where m.guild_id = g.id) as members,
      (select array_agg(m.player_id) from guild.members m join guild.ranks r on r.id = m.rank_id
        where m.guild_id = g.id and r.kind = 'LEADER') as leaders,
      leader_id
    from guild.guilds g where id = ${guildId}`;
  expect(row?.['counted']).toBe(row?.['members']);
  expect(row?.['leaders']).toEqual([row?.['leader_id']]);
}

describe('leaving', () => {
  test('a member goes, and sees a PRIVATE guild no more', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada, { visibility: 'PRIVATE' });
    const bea = await guild.join(ada, guildId);
    expect(await guild.leave(bea, { guildId })).toEqual({ guild: null, errors: [] });
    expect(await roster(bea, guildId)).toBeNull();
    expect((await roster(ada, guildId)).memberCount).toBe(1);
    await expectSound(guildId);
  });

  test('the leader names who leads', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada);
    const bea = await guild.join(ada, guildId);
    const left = await guild.leave(ada, { guildId, successorId: bea.playerId.toUpperCase() });
    expect(left.guild).toMatchObject({ leader: { id: bea.playerId }, memberCount: 1 });
    expect(kinds(left.guild)).toEqual(['LEADER']);
    await expectSound(guildId);
  });

  test('denied, with nothing changed', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada);
    await guild.join(ada, guildId);
    for (const successorId of [undefined, null, ada.playerId, randomUUID(), 'x', '']) {
      await guild.expectDenied('SUCCESSOR_REQUIRED', () => guild.leave(ada, { guildId, successorId }));
    }
    await guild.expectDenied('NOT_A_MEMBER', () => guild.leave(viewer(), { guildId }));
  });

  test('whom anyone else names counts for nothing', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada);
    const bea = await guild.join(ada, guildId);
    await guild.join(ada, guildId);
    const left = await guild.leave(bea, { guildId, successorId: bea.playerId });
    expect(left.guild).toMatchObject({ leader: { id: ada.playerId }, memberCount: 2 });
  });
});

describe('the lead', () => {
  test('is handed over in one step', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada);
    const bea = await guild.join(ada, guildId);
    const answer = await guild.transfer(ada, { guildId, playerId: bea.playerId });
    expect(answer.guild.leader.id).toBe(bea.playerId);
    expect(kinds(answer.guild)).toEqual(['OFFICER', 'LEADER']);
    await guild.expectDenied('NOT_LEADER', () => guild.transfer(ada, { guildId, playerId: ada.playerId }));
    await guild.expectDenied('ALREADY_LEADER', () =>
      guild.transfer(bea, { guildId, playerId: bea.playerId }),
    );
    await guild.expectDenied('NOT_A_MEMBER', () => guild.transfer(bea, { guildId, playerId: randomUUID() }));
    await guild.expectDenied('NOT_A_MEMBER', () => guild.transfer(bea, { guildId, playerId: 'x' }));
  });

  test('goes to one of those it is handed to at once', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada);
    const others = [];
    for (let count = 0; count < 5; count += 1) others.push(await guild.join(ada, guildId));
    const answers = await Promise.all(
      others.map(({ playerId }) => guild.transfer(ada, { guildId, playerId })),
    );
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    expect(kinds(await roster(ada, guildId)).filter((kind: string) => kind === 'LEADER')).toHaveLength(1);
    await expectSound(guildId);
  });

  test('is always somebody’s, whoever leaves and is kicked meanwhile', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada);
    const others: Viewer[] = [];
    for (let count = 0; count < 8; count += 1) others.push(await guild.join(ada, guildId, 'OFFICER'));
    await Promise.all([
      ...others.map(({ playerId }) => guild.transfer(ada, { guildId, playerId })),
      ...others.map(({ playerId }) => guild.kick(ada, { guildId, playerId })),
      ...others.map((other) => guild.leave(other, { guildId, successorId: ada.playerId })),
      ...others.map(({ playerId }) => guild.leave(ada, { guildId, successorId: playerId })),
    ]);
    await expectSound(guildId);
  });
});

describe('kicking', () => {
  test('an officer removes members below, not beside or above', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada);
    const officer = await guild.join(ada, guildId, 'OFFICER');
    const other = await guild.join(ada, guildId, 'OFFICER');
    const veteran = await guild.join(ada, guildId, 'VETERAN');
    for (const { playerId } of [ada, officer, other]) {
      await guild.expectDenied('MEMBER_NOT_BELOW_YOU', () => guild.kick(officer, { guildId, playerId }));
    }
    const kicked = await guild.kick(officer, { guildId, playerId: veteran.playerId });
    expect(kinds(kicked.guild)).toEqual(['LEADER', 'OFFICER', 'OFFICER']);
    await guild.expectDenied('NOT_A_MEMBER', () =>
      guild.kick(officer, { guildId, playerId: veteran.playerId }),
    );
    await expectSound(guildId);
  });

  test('a veteran and a stranger remove nobody', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada);
    const veteran = await guild.join(ada, guildId, 'VETERAN');
    const { playerId } = await guild.join(ada, guildId);
    for (const actor of [veteran, viewer()]) {
      await guild.expectDenied('MISSING_PERMISSION', () => guild.kick(actor, { guildId, playerId }));
    }
  });

  test('happens once, however often it is asked for at once', async () => {
    const ada = viewer();
    const guildId = await guild.found(ada);
    const { playerId } = await guild.join(ada, guildId);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => guild.kick(ada, { guildId, playerId })),
    );
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
    await expectSound(guildId);
  });
});

describe('memberships', () => {
  const entity = `query ($r: [_Any!]!, $first: Int, $after: String) { _entities(representations: $r) { ... on Player {
    id guildMemberships(first: $first, after: $after) {
      nodes { guild { id name } rank { kind } } pageInfo { hasNextPage endCursor } } } } }`;
  const of = async (as: Viewer, players: readonly Viewer[], page: object = {}): Promise<Data[]> => {
    const r = players.map(({ playerId }) => ({ __typename: 'Player', id: playerId }));
    return (await guild.run(as, entity, { r, ...page }))._entities;
  };

  test('of each player, in guilds that the viewer may see', async () => {
    const [ada, bea] = [viewer(), viewer({ communities: [communityB] })];
    const open = await guild.found(ada);
    const closed = await guild.found(ada, { visibility: 'PRIVATE' });
    await guild.join(ada, closed, 'MEMBER', bea);
    const ids = (player: Data) => player.guildMemberships.nodes.map((node: Data) => node.guild.id);
    expect((await of(ada, [ada, bea])).map(ids)).toEqual([[open, closed], [closed]]);
    expect((await of(bea, [ada, bea])).map(ids)).toEqual([[open, closed], [closed]]);
    expect((await of(viewer(), [bea, ada])).map(ids)).toEqual([[], [open]]);
  });

  test('page by page, longest-standing first', async () => {
    const ada = viewer();
    const expected: string[] = [];
    for (let count = 0; count < 5; count += 1) expected.push(await guild.found(ada));
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const [player] = await of(viewer(), [ada], { first: 2, after });
      const { nodes, pageInfo } = player.guildMemberships;
      seen.push(...nodes.map((node: Data) => node.guild.id));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
      await guild.found(ada);
    }
    expect(seen.slice(0, 5)).toEqual(expected);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('cost as many statements for one player as for fifty', async () => {
    const players = Array.from({ length: 50 }, () => viewer());
    for (const player of players.slice(0, 10)) await guild.found(player);
    const count = async (asked: readonly Viewer[]) =>
      (await guild.statements(() => of(viewer(), asked))).length;
    expect(await count(players.slice(0, 1))).toBe(1);
    expect(await count(players)).toBe(1);
  });
});

test('the members of a guild are paged, longest-standing first, and stay so while more come', async () => {
  const ada = viewer();
  const guildId = await guild.found(ada);
  const expected = [ada.playerId];
  for (let count = 0; count < 4; count += 1) expected.push((await guild.join(ada, guildId)).playerId);
  const page = `query ($id: ID!, $after: String) { guild(id: $id) {
    members(first: 2, after: $after) { nodes { player { id } } pageInfo { hasNextPage endCursor } } } }`;
  const seen: string[] = [];
  let after: string | undefined;
  for (;;) {
    const { members } = (await guild.run(ada, page, { id: guildId, after })).guild;
    seen.push(...members.nodes.map((node: Data) => node.player.id));
    if (!members.pageInfo.hasNextPage) break;
    after = members.pageInfo.endCursor;
    if (seen.length === 2) expected.push((await guild.join(ada, guildId)).playerId);
  }
  expect(seen).toEqual(expected);
});

test('the number of statements does not grow with guilds and members', async () => {
  const ada = viewer();
  const read = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Player { guildMemberships { nodes { rank { name }
    guild { name viewerMembership { joinedAt } viewerPermissions { key } ranks { name } invites { nodes { code } }
      members { nodes { rank { name } player { id guildMemberships { nodes { guild { name } } } } } } } } } } } }`;
  const r = [{ __typename: 'Player', id: ada.playerId }];
  const counted = async () => (await guild.statements(() => guild.run(ada, read, { r }))).length;
  const first = await guild.found(ada);
  await guild.join(ada, first);
  const counts = [await counted()];
  for (let count = 0; count < 3; count += 1) {
    await guild.join(ada, first);
    await guild.join(ada, await guild.found(ada));
  }
  counts.push(await counted());
  expect(counts).toEqual([6, 6]);
});
