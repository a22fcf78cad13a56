import type { Viewer } from '@fellowship/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Data, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

const read = `query ($id: ID!, $first: Int, $after: String) { guild(id: $id) { auditLog(first: $first, after: $after) {
  nodes { action actor { id } target { id } subjectId reason changes { field before after } }
  pageInfo { hasNextPage endCursor } } } }`;
const logOf = async (as: Viewer, id: string, page: object = { first: 100 }): Promise<Data> =>
  (await guild.run(as, read, { id, ...page })).guild.auditLog;

test('tells every act of office: who, to whom, why, and what changed', async () => {
  const [ada, bea, cyd] = [viewer(), viewer(), viewer()];
  const guildId = await guild.found(ada, { name: 'The Audited', recruiting: true });
  const of = (player: Viewer) => ({ guildId, playerId: player.playerId });
  const rankId = (await guild.createRank(ada, { guildId, name: 'Herald', level: 1.5, permissions: [] })).rank
    .id;
  await guild.updateRank(ada, { guildId, rankId, name: 'Crier' });
  const approved = (await guild.apply(bea, { guildId })).application.id;
  await guild.approve(ada, { applicationId: approved });
  const rejected = (await guild.apply(cyd, { guildId })).application.id;
  await guild.reject(ada, { applicationId: rejected, reason: 'No' });
  await guild.promote(ada, of(bea));
  await guild.demote(ada, of(bea));
  await guild.setNote(ada, { ...of(bea), note: 'Late' });
  const destinationRankId = await guild.rank(ada, guildId, 'RECRUIT');
  await guild.deleteRank(ada, { guildId, rankId, destinationRankId });
  const invite = (await guild.invite(ada, { guildId, maxUses: 3 })).invite.id;
  await guild.revoke(ada, { inviteId: invite });
  await guild.updatePage(ada, { guildId, version: 0, headline: 'We march', tags: ['pvp'] });
  const post = (await guild.publish(ada, { guildId, kind: 'NEWS', title: 'A', body: 'B' })).post.id;
  await guild.updatePost(ada, { postId: post, version: 1, title: 'C' });
  await guild.deletePost(ada, { postId: post });
  await guild.update(ada, { guildId, description: 'Brave' });
  await guild.ban(ada, { ...of(cyd), reason: 'Spam' });
  await guild.unban(ada, { ...of(cyd), reason: 'Sorry' });
  await guild.archive(ada, { guildId, reason: 'Winter' });
  await guild.restore(ada, { guildId });
  await guild.transfer(ada, of(bea));
  await guild.kick(bea, { ...of(ada), reason: 'Mutiny' });

  const change = (field: string, before: string | null, after: string | null) => ({ field, before, after });
  const [a, b, c] = [ada.playerId, bea.playerId, cyd.playerId];
  const nodes = (await logOf(bea, guildId)).nodes.toReversed();
  expect(
    nodes.map(({ action, actor, target, subjectId, reason, changes }: Data) => {
      return [action, actor.id, target?.id ?? null, subjectId, reason, changes];
    }),
  ).toEqual([
    [
      'RANK_CREATED',
      a,
      null,
      rankId,
      null,
      [change('level', null, '1.5'), change('name', null, 'Herald'), change('permissions', null, '["READ"]')],
    ],
    ['RANK_UPDATED', a, null, rankId, null, [change('name', 'Herald', 'Crier')]],
    ['APPLICATION_APPROVED', a, b, approved, null, []],
    ['APPLICATION_REJECTED', a, c, rejected, 'No', []],
    ['MEMBER_PROMOTED', a, b, null, null, [change('rank', 'Recruit', 'Crier')]],
    ['MEMBER_DEMOTED', a, b, null, null, [change('rank', 'Crier', 'Recruit')]],
    ['MEMBER_NOTE_SET', a, b, null, null, [change('note', null, 'Late')]],
    [
      'RANK_DELETED',
      a,
      null,
      rankId,
      null,
      [
        change('destination', null, 'Recruit'),
        change('level', '1.5', null),
        change('name', 'Crier', null),
        change('permissions', '["READ"]', null),
      ],
    ],
    [
      'INVITE_CREATED',
      a,
      null,
      invite,
      null,
      [change('maxUses', null, '3'), change('rank', null, 'Recruit')],
    ],
    ['INVITE_REVOKED', a, null, invite, null, []],
    [
      'PAGE_UPDATED',
      a,
      null,
      null,
      null,
      [change('headline', '', 'We march'), change('tags', '[]', '["pvp"]')],
    ],
    [
      'POST_PUBLISHED',
      a,
      null,
      post,
      null,
      [change('body', null, 'B'), change('kind', null, 'NEWS'), change('title', null, 'A')],
    ],
    ['POST_UPDATED', a, null, post, null, [change('title', 'A', 'C')]],
    [
      'POST_DELETED',
      a,
      null,
      post,
      null,
      [change('body', 'B', null), change('kind', 'NEWS', null), change('title', 'C', null)],
    ],
    ['GUILD_UPDATED', a, null, null, null, [change('description', '', 'Brave')]],
    ['MEMBER_BANNED', a, c, null, 'Spam', []],
    ['MEMBER_UNBANNED', a, c, null, 'Sorry', [change('reason', 'Spam', null)]],
    ['GUILD_ARCHIVED', a, null, null, 'Winter', []],
    ['GUILD_RESTORED', a, null, null, null, []],
    ['LEADERSHIP_TRANSFERRED', a, b, null, null, [change('leaderId', a, b)]],
    ['MEMBER_KICKED', b, a, null, 'Mutiny', [change('rank', 'Officer', null)]],
  ]);
});

test('is for those with READ_AUDIT, and paged', async () => {
  const ada = viewer();
  const guildId = await guild.found(ada);
  const officer = await guild.join(ada, guildId, 'OFFICER');
  const veteran = await guild.join(ada, guildId, 'VETERAN');
  for (const as of [ada, officer]) expect((await logOf(as, guildId)).nodes).toHaveLength(2);
  for (const as of [veteran, viewer()]) expect((await logOf(as, guildId)).nodes).toEqual([]);
  const first = await logOf(ada, guildId, { first: 1 });
  expect(first.pageInfo.hasNextPage).toBe(true);
  const second = await logOf(ada, guildId, { first: 1, after: first.pageInfo.endCursor });
  expect(second.pageInfo.hasNextPage).toBe(false);
  expect(second.nodes[0].subjectId).not.toBe(first.nodes[0].subjectId);
});

test('what is refused leaves no entry, and what is written stays', async () => {
  const ada = viewer();
  const guildId = await guild.found(ada);
  const bea = await guild.join(ada, guildId);
  await guild.expectDenied('MISSING_PERMISSION', () => guild.kick(bea, { guildId, playerId: ada.playerId }));
  expect((await logOf(ada, guildId)).nodes).toHaveLength(1);
  await expect(guild.database.sql`update guild.audit set reason = 'x'`).rejects.toThrow('append-only');
  await expect(guild.database.sql`delete from guild.audit`).rejects.toThrow('append-only');
});
