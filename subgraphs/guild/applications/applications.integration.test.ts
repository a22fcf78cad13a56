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

async function recruiting(input: object = {}) {
  const ada = viewer();
  const guildId = await guild.found(ada, { recruiting: true, ...input });
  return { ada, guildId };
}

async function applied(input: object = {}) {
  const { ada, guildId } = await recruiting(input);
  const bea = viewer();
  const { application } = await guild.apply(bea, { guildId, message: 'Let me in' });
  return { ada, guildId, bea, applicationId: application.id as string };
}

const own = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Player {
  guildApplications { nodes { id status reason guild { id } } } } } }`;
const ownOf = async (as: Viewer, of = as): Promise<Data[]> => {
  const r = [{ __typename: 'Player', id: of.playerId }];
  return (await guild.run(as, own, { r }))._entities[0].guildApplications.nodes;
};
const pending = 'query ($id: ID!) { guild(id: $id) { applications { nodes { player { id } message } } } }';
const pendingOf = async (as: Viewer, id: string): Promise<Data[]> =>
  (await guild.run(as, pending, { id })).guild.applications.nodes;

describe('an application', () => {
  test('is seen by the applicant and by those who answer it, and by nobody else', async () => {
    const { ada, guildId, bea, applicationId } = await applied();
    const officer = await guild.join(ada, guildId, 'OFFICER');
    const veteran = await guild.join(ada, guildId, 'VETERAN');
    for (const as of [ada, officer]) {
      expect(await pendingOf(as, guildId)).toEqual([{ player: { id: bea.playerId }, message: 'Let me in' }]);
    }
    for (const as of [veteran, bea, viewer()]) expect(await pendingOf(as, guildId)).toEqual([]);
    expect(await ownOf(bea)).toMatchObject([
      { id: applicationId, status: 'PENDING', guild: { id: guildId } },
    ]);
    expect(await ownOf(ada, bea)).toEqual([]);
  });

  test('that is approved makes a recruit, who hears of it', async () => {
    const { ada, guildId, bea, applicationId } = await applied();
    const inbox = await guild.subscribe(
      bea,
      'subscription ($after: String) { guildInbox(after: $after) { __typename ... on GuildApplicationApproved { application { status } } } }',
      { after: await guild.cursor(`player:${bea.playerId}`) },
    );
    const { application } = await guild.approve(ada, { applicationId });
    expect(application).toMatchObject({ status: 'APPROVED', decidedBy: { id: ada.playerId } });
    expect((await inbox.next()).value?.data).toMatchObject({
      guildInbox: { __typename: 'GuildApplicationApproved', application: { status: 'APPROVED' } },
    });
    await inbox.return?.();
    const read = 'query ($id: ID!) { guild(id: $id) { memberCount viewerMembership { rank { kind } } } }';
    expect((await guild.run(bea, read, { id: guildId })).guild).toEqual({
      memberCount: 2,
      viewerMembership: { rank: { kind: 'RECRUIT' } },
    });
  });

  test('that is rejected tells the applicant why, and lets them apply again', async () => {
    const { ada, guildId, bea, applicationId } = await applied({ visibility: 'COMMUNITY' });
    const inbox = await guild.subscribe(
      bea,
      'subscription ($after: String) { guildInbox(after: $after) { ... on GuildApplicationRejected { application { status reason } } } }',
      { after: await guild.cursor(`player:${bea.playerId}`) },
    );
    await guild.reject(ada, { applicationId, reason: 'Too soon' });
    expect((await inbox.next()).value?.data).toMatchObject({
      guildInbox: { application: { status: 'REJECTED', reason: 'Too soon' } },
    });
    await inbox.return?.();
    expect((await guild.apply(bea, { guildId })).errors).toEqual([]);
    expect((await ownOf(bea)).map(({ status }) => status)).toEqual(['PENDING', 'REJECTED']);
  });

  test('is told to members without what was said', async () => {
    const { ada, guildId, bea } = await applied();
    const veteran = await guild.join(ada, guildId, 'VETERAN');
    const read = `query ($id: ID!) { guild(id: $id) { activity(first: 50) { nodes {
      ... on GuildApplicationSubmitted { player { id } application { message } } } } } }`;
    const heard = async (as: Viewer) =>
      (await guild.run(as, read, { id: guildId })).guild.activity.nodes.filter((node: Data) => node.player);
    expect(await heard(ada)).toEqual([
      { player: { id: bea.playerId }, application: { message: 'Let me in' } },
    ]);
    expect(await heard(veteran)).toEqual([{ player: { id: bea.playerId }, application: null }]);
  });

  test('ends when the applicant comes in another way', async () => {
    const { ada, guildId, bea } = await applied();
    await guild.join(ada, guildId, 'MEMBER', bea);
    expect((await ownOf(bea))[0]).toMatchObject({ status: 'WITHDRAWN' });
    expect(await pendingOf(ada, guildId)).toEqual([]);
  });

  test('can be withdrawn once, also from a guild that went PRIVATE', async () => {
    const { ada, guildId, bea, applicationId } = await applied();
    await guild.update(ada, { guildId, visibility: 'PRIVATE' });
    const { application } = await guild.withdraw(bea, { applicationId });
    expect(application).toMatchObject({ status: 'WITHDRAWN', guild: null });
    await guild.expectDenied('APPLICATION_DECIDED', () => guild.withdraw(bea, { applicationId }));
  });
});

test('of many approved at once only as many come in as there is room for', async () => {
  const { ada, guildId } = await recruiting({ maxMembers: 4 });
  const ids = [];
  for (let count = 0; count < 8; count += 1) {
    ids.push((await guild.apply(viewer(), { guildId })).application.id);
  }
  const answers = await Promise.all(ids.map((applicationId) => guild.approve(ada, { applicationId })));
  const codes = answers.map(({ errors }) => errors[0]?.code ?? 'yes').toSorted();
  expect(codes).toEqual([...Array(5).fill('GUILD_FULL'), 'yes', 'yes', 'yes']);
  const [row] = await guild.database.sql`select member_count, (select count(*)::int from guild.members m
    where m.guild_id = g.id) as members from guild.guilds g where id = ${guildId}`;
  expect(row).toEqual({ member_count: 4, members: 4 });
});

test('one that is approved and withdrawn at once does one of both', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { ada, bea, applicationId } = await applied();
    const answers = await Promise.all([
      guild.approve(ada, { applicationId }),
      guild.withdraw(bea, { applicationId }),
      guild.reject(ada, { applicationId }),
    ]);
    expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
  }
});

test('a player applies once, however often at once', async () => {
  const { guildId } = await recruiting();
  const bea = viewer();
  const answers = await Promise.all(Array.from({ length: 8 }, () => guild.apply(bea, { guildId })));
  expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
});

test('denied, with nothing changed', async () => {
  const { ada, guildId, bea, applicationId } = await applied();
  const veteran = await guild.join(ada, guildId, 'VETERAN');
  const closed = await guild.found(ada);
  const hidden = await guild.found(ada, { visibility: 'PRIVATE', recruiting: true });
  const elsewhere = await guild.found(ada, { visibility: 'COMMUNITY', recruiting: true });
  const decided = (await guild.apply(viewer(), { guildId })).application.id;
  await guild.reject(ada, { applicationId: decided });
  const attempts: [string, () => Promise<Data>][] = [
    ['ALREADY_APPLIED', () => guild.apply(bea, { guildId })],
    ['ALREADY_A_MEMBER', () => guild.apply(veteran, { guildId })],
    ['NOT_RECRUITING', () => guild.apply(bea, { guildId: closed })],
    ['GUILD_NOT_FOUND', () => guild.apply(bea, { guildId: hidden })],
    ['GUILD_NOT_FOUND', () => guild.apply(viewer({ communities: [communityB] }), { guildId: elsewhere })],
    ['GUILD_NOT_FOUND', () => guild.apply(bea, { guildId: 'x' })],
    ['INVALID_INPUT', () => guild.apply(viewer(), { guildId, message: 'x'.repeat(1_001) })],
    ['MISSING_PERMISSION', () => guild.approve(bea, { applicationId })],
    ['MISSING_PERMISSION', () => guild.reject(bea, { applicationId })],
    ['APPLICATION_NOT_FOUND', () => guild.approve(veteran, { applicationId })],
    ['APPLICATION_NOT_FOUND', () => guild.reject(viewer(), { applicationId })],
    ['APPLICATION_NOT_FOUND', () => guild.withdraw(ada, { applicationId })],
    ['APPLICATION_NOT_FOUND', () => guild.withdraw(bea, { applicationId: randomUUID() })],
    ['APPLICATION_NOT_FOUND', () => guild.approve(ada, { applicationId: 'x' })],
    ['APPLICATION_DECIDED', () => guild.approve(ada, { applicationId: decided })],
    ['APPLICATION_DECIDED', () => guild.reject(ada, { applicationId: decided })],
    ['INVALID_INPUT', () => guild.reject(ada, { applicationId, reason: 'x'.repeat(501) })],
  ];
  for (const [code, attempt] of attempts) await guild.expectDenied(code, attempt);
});
