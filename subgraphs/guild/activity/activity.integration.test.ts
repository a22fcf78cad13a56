import type { Viewer } from '@fellowship/identity';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

type Events = AsyncGenerator<Data, void, void>;

const fields = `__typename id cursor actor { id } guild { id memberCount }
  ... on GuildMemberPromoted { player { id } rank { kind } rankName }
  ... on GuildLeadershipTransferred { leader { id } previousLeader { id } }
  ... on GuildInviteCreated { invite { code } }`;
const activity = `subscription ($id: ID!, $after: String) { guildActivity(guildId: $id, after: $after) { ${fields} } }`;
const inbox = `subscription ($after: String) { guildInbox(after: $after) { ${fields} } }`;
const feed = `query ($id: ID!, $first: Int, $after: String) { guild(id: $id) { activity(first: $first, after: $after) {
  nodes { ${fields} } pageInfo { hasNextPage endCursor } } } }`;

const types = (nodes: Data[]) => nodes.map(({ __typename }) => __typename);

/** The next event. */
async function next(events: Events): Promise<Data> {
  const { value } = await events.next();
  return value.data.guildActivity ?? value.data.guildInbox;
}

/** Reads on to the end; graphql-js throws what ends a source. */
async function ended(events: Events): Promise<unknown> {
  return events.next().then(
    ({ value, done }) => (done ? 'DONE' : value),
    (error) => error.extensions?.code,
  );
}

/** A guild's stream that has begun: it has given what happened last. */
async function open(as: Viewer, id: string): Promise<Events> {
  const after = await guild.cursor(`guild:${id}`, 1);
  const events: Events = await guild.subscribe(as, activity, { id, after });
  await next(events);
  return events;
}

test('all that happens is in the feed, newest first, page by page', async () => {
  const ada = viewer();
  const id = await guild.found(ada);
  const bea = await guild.join(ada, id);
  await guild.promote(ada, { guildId: id, playerId: bea.playerId });
  await guild.demote(ada, { guildId: id, playerId: bea.playerId });
  await guild.transfer(ada, { guildId: id, playerId: bea.playerId });
  await guild.update(bea, { guildId: id, recruiting: true });
  const { invite } = await guild.invite(bea, { guildId: id });
  await guild.revoke(bea, { inviteId: invite.id });
  await guild.kick(bea, { guildId: id, playerId: ada.playerId });
  const cyd = await guild.join(bea, id);
  await guild.leave(cyd, { guildId: id });
  const seen: Data[] = [];
  let after: string | undefined;
  for (;;) {
    const page = (await guild.run(bea, feed, { id, first: 4, after })).guild.activity;
    seen.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(types(seen).reverse()).toEqual([
    'GuildCreated',
    'GuildMemberJoined',
    'GuildInviteCreated',
    'GuildMemberJoined',
    'GuildMemberPromoted',
    'GuildMemberDemoted',
    'GuildLeadershipTransferred',
    'GuildUpdated',
    'GuildInviteCreated',
    'GuildInviteRevoked',
    'GuildMemberKicked',
    'GuildInviteCreated',
    'GuildMemberJoined',
    'GuildMemberLeft',
  ]);
});

test('a member hears what happens, with the guild as it is then', async () => {
  const ada = viewer();
  const id = await guild.found(ada);
  const events = await open(ada, id);
  const bea = await guild.join(ada, id);
  expect(await next(events)).toMatchObject({
    __typename: 'GuildInviteCreated',
    invite: { code: expect.any(String) },
  });
  expect(await next(events)).toMatchObject({
    __typename: 'GuildMemberJoined',
    actor: { id: bea.playerId },
    guild: { id, memberCount: 2 },
  });
  await events.return();
});

test('an invite’s code is not for every member', async () => {
  const ada = viewer();
  const id = await guild.found(ada);
  const bea = await guild.join(ada, id);
  const { nodes } = (await guild.run(bea, feed, { id })).guild.activity;
  expect(nodes[1]).toMatchObject({ __typename: 'GuildInviteCreated', invite: null });
});

test('from a cursor: everything since, then live, each once and in order', async () => {
  const ada = viewer();
  const id = await guild.found(ada);
  const [{ cursor }] = (await guild.run(ada, feed, { id, first: 1 })).guild.activity.nodes;
  const update = (count: number) =>
    Promise.all(Array.from({ length: count }, () => guild.update(ada, { guildId: id, recruiting: true })));
  await update(20);
  const events: Events = await guild.subscribe(ada, activity, { id, after: cursor });
  const seen: string[] = [];
  const reading = (async () => {
    while (seen.length < 40) seen.push((await next(events)).id);
  })();
  await update(20);
  await reading;
  await events.return();
  const log = await guild.database.sql`
    select id from guild.activity where subject = ${`guild:${id}`} and sequence > 2 order by sequence`;
  expect(seen).toEqual(log.map((row) => row['id']));
});

test('who is kicked hears so, and nothing more', async () => {
  const ada = viewer();
  const id = await guild.found(ada, { visibility: 'PRIVATE' });
  const bea = await guild.join(ada, id);
  const events = await open(bea, id);
  await guild.kick(ada, { guildId: id, playerId: bea.playerId });
  await guild.update(ada, { guildId: id, recruiting: true });
  expect(await next(events)).toMatchObject({ __typename: 'GuildMemberKicked', guild: null });
  expect(await ended(events)).toBe('ACCESS_LOST');
  expect(await ended(events)).toBe('DONE');
});

test('who stays goes on hearing when another leaves', async () => {
  const ada = viewer();
  const id = await guild.found(ada);
  const bea = await guild.join(ada, id);
  const events = await open(ada, id);
  await guild.leave(bea, { guildId: id });
  await guild.update(ada, { guildId: id, recruiting: true });
  expect(types([await next(events), await next(events)])).toEqual(['GuildMemberLeft', 'GuildUpdated']);
  await events.return();
});

test('an inbox gets what guilds do to its player alone', async () => {
  const ada = viewer();
  const id = await guild.found(ada);
  const [bea, cyd] = [await guild.join(ada, id), await guild.join(ada, id)];
  const after = await guild.cursor(`player:${bea.playerId}`);
  const events: Events = await guild.subscribe(bea, inbox, { after });
  await guild.promote(ada, { guildId: id, playerId: cyd.playerId });
  await guild.promote(ada, { guildId: id, playerId: bea.playerId });
  expect(await next(events)).toMatchObject({
    __typename: 'GuildMemberPromoted',
    player: { id: bea.playerId },
    rank: { kind: 'MEMBER' },
    rankName: 'Member',
  });
  await guild.transfer(ada, { guildId: id, playerId: bea.playerId });
  await guild.transfer(bea, { guildId: id, playerId: ada.playerId });
  await guild.demote(ada, { guildId: id, playerId: bea.playerId });
  await guild.kick(ada, { guildId: id, playerId: bea.playerId });
  const rest = [await next(events), await next(events), await next(events)];
  expect(types(rest)).toEqual(['GuildLeadershipTransferred', 'GuildMemberDemoted', 'GuildMemberKicked']);
  expect(rest[0]).toMatchObject({ leader: { id: bea.playerId }, previousLeader: { id: ada.playerId } });
  await events.return();
});

test('a guild one is not in, of another tenant or none has no stream: all alike', async () => {
  const ada = viewer();
  const id = await guild.found(ada);
  const refused = [
    await ended(await guild.subscribe(viewer(), activity, { id })),
    await ended(await guild.subscribe({ ...ada, tenantId: tenantB }, activity, { id })),
    await ended(await guild.subscribe(ada, activity, { id: viewer().playerId })),
    await ended(await guild.subscribe(ada, activity, { id: 'x' })),
  ];
  expect(refused).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
});
