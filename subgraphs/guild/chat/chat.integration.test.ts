import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fellowship/identity';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startGuild, type TestGuild } from '../testing.fixture.ts';

let guild: TestGuild;
beforeAll(async () => {
  guild = await startGuild();
});
afterAll(() => guild.close());

async function founded() {
  const ada = viewer();
  const guildId = await guild.found(ada);
  const officer = await guild.join(ada, guildId, 'OFFICER');
  return { ada, officer, bea: await guild.join(ada, guildId), guildId };
}

const say = (as: Viewer, guildId: string, body: string, channel = 'GUILD') =>
  guild.post(as, { guildId, channel, body });

const read = `query ($id: ID!, $channel: GuildChannel!, $first: Int, $after: String) { guild(id: $id) {
  messages(channel: $channel, first: $first, after: $after) {
    nodes { id body author { id } deletedBy { id } } pageInfo { hasNextPage endCursor } } } }`;
const messages = async (as: Viewer, id: string, channel = 'GUILD', page: object = {}): Promise<Data> =>
  (await guild.run(as, read, { id, channel, ...page })).guild.messages;
const bodies = ({ nodes }: Data) => nodes.map(({ body }: Data) => body);

describe('messages', () => {
  test('are paged backwards, while more come', async () => {
    const { ada, bea, guildId } = await founded();
    for (const body of ['a', 'b', 'c', 'd', 'e']) await say(bea, guildId, body);
    const seen: string[] = [];
    let after: string | undefined;
    for (;;) {
      const page = await messages(ada, guildId, 'GUILD', { first: 2, after });
      seen.push(...bodies(page));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
      await say(ada, guildId, 'later');
    }
    expect(seen).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  test('of officers are for officers', async () => {
    const { ada, officer, bea, guildId } = await founded();
    await say(officer, guildId, 'secret', 'OFFICER');
    await say(bea, guildId, 'open');
    expect(bodies(await messages(ada, guildId, 'OFFICER'))).toEqual(['secret']);
    expect(bodies(await messages(ada, guildId))).toEqual(['open']);
    expect(bodies(await messages(bea, guildId, 'OFFICER'))).toEqual([]);
    expect(bodies(await messages(viewer(), guildId))).toEqual([]);
    await guild.demote(ada, { guildId, playerId: officer.playerId });
    expect(bodies(await messages(officer, guildId, 'OFFICER'))).toEqual([]);
  });

  test('go with their text, by their author or a moderator', async () => {
    const { ada, officer, bea, guildId } = await founded();
    const own = (await say(bea, guildId, 'mine')).message;
    const other = (await say(bea, guildId, 'bad')).message;
    const answer = await guild.deleteMessage(bea, { messageId: own.id });
    expect(answer.message).toMatchObject({ body: null, deletedBy: { id: bea.playerId } });
    await guild.deleteMessage(officer, { messageId: other.id, reason: 'rude' });
    const { nodes } = await messages(ada, guildId);
    expect(nodes.map(({ deletedBy }: Data) => deletedBy.id)).toEqual([officer.playerId, bea.playerId]);
    const kept = await guild.database
      .sql`select from guild.messages where body is not null and guild_id = ${guildId}`;
    expect(kept).toHaveLength(0);
    const audited = await guild.database
      .sql`select action, reason from guild.audit where subject_id = ${other.id}`;
    expect(audited).toEqual([{ action: 'MESSAGE_DELETED', reason: 'rude' }]);
    expect(await guild.database.sql`select from guild.audit where subject_id = ${own.id}`).toHaveLength(0);
  });

  test('of who is gone can be deleted by any moderator', async () => {
    const { ada, officer, guildId } = await founded();
    const peer = await guild.join(ada, guildId, 'OFFICER');
    const { message } = await say(peer, guildId, 'bye');
    await guild.expectDenied('MEMBER_NOT_BELOW_YOU', () =>
      guild.deleteMessage(officer, { messageId: message.id }),
    );
    await guild.leave(peer, { guildId });
    expect((await guild.deleteMessage(officer, { messageId: message.id })).errors).toEqual([]);
  });

  test('are denied, with nothing changed', async () => {
    const { ada, officer, bea, guildId } = await founded();
    const cyd = await guild.join(ada, guildId);
    const secret = (await say(officer, guildId, 'secret', 'OFFICER')).message;
    const said = (await say(bea, guildId, 'said')).message;
    const gone = (await say(bea, guildId, 'gone')).message;
    await guild.deleteMessage(bea, { messageId: gone.id });
    const attempts = [
      ['CHANNEL_CLOSED', () => say(bea, guildId, 'x', 'OFFICER')],
      ['CHANNEL_CLOSED', () => say(viewer(), guildId, 'x')],
      ['GUILD_NOT_FOUND', () => say({ ...ada, tenantId: tenantB }, guildId, 'x')],
      ['INVALID_INPUT', () => say(bea, guildId, '')],
      ['INVALID_INPUT', () => say(bea, guildId, ' \n ')],
      ['INVALID_INPUT', () => say(bea, guildId, 'x'.repeat(2_001))],
      ['MISSING_PERMISSION', () => guild.deleteMessage(cyd, { messageId: said.id })],
      ['MESSAGE_NOT_FOUND', () => guild.deleteMessage(bea, { messageId: secret.id })],
      ['MESSAGE_NOT_FOUND', () => guild.deleteMessage(bea, { messageId: gone.id })],
      ['MESSAGE_NOT_FOUND', () => guild.deleteMessage(viewer(), { messageId: said.id })],
      ['MESSAGE_NOT_FOUND', () => guild.deleteMessage(ada, { messageId: randomUUID() })],
      ['MESSAGE_NOT_FOUND', () => guild.deleteMessage(ada, { messageId: 'x' })],
      ['INVALID_INPUT', () => guild.deleteMessage(ada, { messageId: said.id, reason: 'x'.repeat(501) })],
    ] as const;
    for (const [code, attempt] of attempts) await guild.expectDenied(code, attempt);
    expect((await say(bea, guildId, '\u{1F600}'.repeat(2_000))).errors).toEqual([]);
  });

  test('cost as many statements on a deep page as on the first, and however many they are', async () => {
    const { ada, guildId } = await founded();
    const count = async (page: object) =>
      (await guild.statements(() => messages(ada, guildId, 'GUILD', page))).length;
    const empty = await count({ first: 5 });
    for (let n = 0; n < 30; n += 1) await say(ada, guildId, String(n));
    const { pageInfo } = await messages(ada, guildId, 'GUILD', { first: 20 });
    expect([empty, await count({ first: 5 }), await count({ first: 5, after: pageInfo.endCursor })]).toEqual([
      2, 2, 2,
    ]);
  });

  test('are posted by two reads and a statement that writes all, and the reply reads nothing more', async () => {
    const { bea, guildId } = await founded();
    expect(await guild.statements(() => say(bea, guildId, 'hello'))).toEqual([
      expect.stringMatching(/^select/),
      expect.stringMatching(/^select/),
      expect.stringMatching(/^with "write_0" as \(insert into "guild"."messages"/),
    ]);
  });

  test('are answered as they will be read', async () => {
    const { bea, guildId } = await founded();
    const fields = 'id body channel createdAt deletedAt author { id } deletedBy { id } guild { id }';
    const post = `mutation ($input: GuildMessagePostInput!) { guildMessagePost(input: $input) { message { ${fields} } } }`;
    const input = { guildId, channel: 'GUILD', body: ' two\r\nlines \u00e9' };
    const { guildMessagePost } = await guild.run(bea, post, { input });
    const source = `query ($id: ID!) { guild(id: $id) { messages(channel: GUILD) { nodes { ${fields} } } } }`;
    const read = await guild.run(bea, source, { id: guildId });
    expect(read.guild.messages.nodes).toEqual([guildMessagePost.message]);
  });
});

describe('live', () => {
  const source = `subscription ($id: ID!, $channel: GuildChannel!, $after: String) {
    guildMessages(guildId: $id, channel: $channel, after: $after) {
      __typename cursor actor { id } ... on GuildMessagePosted { message { body } }
      ... on GuildMessageDeleted { message { body } } } }`;
  type Events = AsyncGenerator<Data, void, void>;

  const ended = (events: Events): Promise<unknown> =>
    events.next().then(
      ({ value, done }) => (done ? 'DONE' : value.data.guildMessages),
      (error) => error.extensions?.code,
    );

  /** A stream that has begun: it has given what its reader says themselves. */
  async function open(as: Viewer, id: string, channel: string): Promise<Events> {
    const after = await guild.cursor(`guild:${id}:${channel.toLowerCase()}`);
    const events: Events = await guild.subscribe(as, source, { id, channel, after });
    await say(as, id, 'here', channel);
    expect(await ended(events)).toMatchObject({ message: { body: 'here' } });
    return events;
  }

  test('each channel carries its own, in order, from a cursor too', async () => {
    const { officer, bea, guildId } = await founded();
    const events = await open(bea, guildId, 'GUILD');
    await say(officer, guildId, 'secret', 'OFFICER');
    const { message } = await say(officer, guildId, 'hello');
    const one = (await ended(events)) as Data;
    expect(one).toMatchObject({ __typename: 'GuildMessagePosted', message: { body: 'hello' } });
    await guild.deleteMessage(officer, { messageId: message.id });
    expect(await ended(events)).toMatchObject({ __typename: 'GuildMessageDeleted', message: { body: null } });
    await events.return();
    const again: Events = await guild.subscribe(bea, source, {
      id: guildId,
      channel: 'GUILD',
      after: one.cursor,
    });
    expect(await ended(again)).toMatchObject({ __typename: 'GuildMessageDeleted' });
    await again.return();
  });

  test('chat is not in the guild’s activity', async () => {
    const { bea, guildId } = await founded();
    await say(bea, guildId, 'hello');
    const log = await guild.database.sql`
      select from guild.activity where subject = ${`guild:${guildId}`} and type like 'guild.message%'`;
    expect(log).toHaveLength(0);
  });

  test.each([
    [
      'demoted',
      (ada: Viewer, officer: Viewer, guildId: string) =>
        guild.demote(ada, { guildId, playerId: officer.playerId }),
    ],
    [
      'kicked',
      (ada: Viewer, officer: Viewer, guildId: string) =>
        guild.kick(ada, { guildId, playerId: officer.playerId }),
    ],
    [
      'banned',
      (ada: Viewer, officer: Viewer, guildId: string) =>
        guild.ban(ada, { guildId, playerId: officer.playerId }),
    ],
    [
      'stripped of the permission',
      async (ada: Viewer, _officer: Viewer, guildId: string) =>
        guild.updateRank(ada, {
          guildId,
          rankId: await guild.rank(ada, guildId, 'OFFICER'),
          permissions: ['READ', 'CHAT'],
        }),
    ],
  ] as const)('an officer who is %s hears nothing more, though nobody speaks', async (_, lose) => {
    const { ada, officer, guildId } = await founded();
    const events = await open(officer, guildId, 'OFFICER');
    const { errors } = await lose(ada, officer, guildId);
    expect(errors).toEqual([]);
    await say(ada, guildId, 'he is gone', 'OFFICER');
    expect(await ended(events)).toBe('ACCESS_LOST');
    expect(await ended(events)).toBe('DONE');
  });

  test('whose rank changes and keeps the channel hears on', async () => {
    const { ada, officer, guildId } = await founded();
    const events = await open(officer, guildId, 'GUILD');
    await guild.demote(ada, { guildId, playerId: officer.playerId });
    await say(ada, guildId, 'still here?');
    expect(await ended(events)).toMatchObject({ message: { body: 'still here?' } });
    await events.return();
  });

  test('a reader far behind loses access too before they read what came after', async () => {
    const { ada, officer, guildId } = await founded();
    const { message } = await say(ada, guildId, 'before', 'OFFICER');
    expect(message.body).toBe('before');
    const opened = await open(officer, guildId, 'OFFICER');
    await say(ada, guildId, 'cursor', 'OFFICER');
    const { cursor } = (await ended(opened)) as Data;
    await opened.return();
    await say(ada, guildId, 'while away', 'OFFICER');
    await guild.demote(ada, { guildId, playerId: officer.playerId });
    await say(ada, guildId, 'after', 'OFFICER');
    const events: Events = await guild.subscribe(officer, source, {
      id: guildId,
      channel: 'OFFICER',
      after: cursor,
    });
    expect(await ended(events)).toBe('NOT_FOUND');
  });

  test('who does not have the channel has no stream: as for no guild at all', async () => {
    const { ada, bea, guildId } = await founded();
    const refused = async (as: Viewer, id: string) =>
      ended(await guild.subscribe(as, source, { id, channel: 'OFFICER' }));
    expect([
      await refused(bea, guildId),
      await refused(viewer(), guildId),
      await refused({ ...ada, tenantId: tenantB }, guildId),
      await refused(ada, randomUUID()),
      await refused(ada, 'x'),
    ]).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
  });

  test('a cursor of one channel is none of the other', async () => {
    const { ada, guildId } = await founded();
    const events = await open(ada, guildId, 'GUILD');
    await say(ada, guildId, 'x');
    const { cursor } = (await ended(events)) as Data;
    await events.return();
    const other = await guild.subscribe(ada, source, { id: guildId, channel: 'OFFICER', after: cursor });
    expect(await ended(other)).toBe('CURSOR_INVALID');
  });
});
