import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { costOf } from '../../../test/kit/plan.ts';
import { type Data, tenantA, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startParty } from '../testing.fixture.ts';
import { messagesOfParties } from './queries.ts';

let party: Awaited<ReturnType<typeof startParty>>;
beforeAll(async () => {
  party = await startParty();
});
afterAll(() => party.close());

type Viewer = ReturnType<typeof viewer>;

const read = `query ($first: Int, $after: String) { me { party { messages(first: $first, after: $after) {
  nodes { number body author { id } deletedAt } pageInfo { hasNextPage endCursor } } } } }`;

const chat = async (as: Viewer, page: object = {}) => (await party.run(as, read, page)).me.party.messages;
const numbers = ({ nodes }: Data) => nodes.map(({ number }: Data) => number);

async function pair() {
  const { partyId, players, leader } = await party.form([null, null]);
  return { partyId, leader, other: players[1] ?? leader };
}

test('what members say is kept, newest first, and seen by those who join later', async () => {
  const { partyId, leader, other } = await pair();
  const posted = await party.post(leader, { partyId, body: '  Ready?\n' });
  expect(posted.message).toMatchObject({ number: 1, body: 'Ready?', author: { id: leader.playerId } });
  await party.post(other, { partyId, body: 'Go \u{1F600}' });
  const late = viewer();
  await party.join(late, { partyId });
  expect((await chat(late)).nodes).toMatchObject([
    { number: 2, body: 'Go \u{1F600}', author: { id: other.playerId } },
    { number: 1, body: 'Ready?' },
  ]);
});

test('a message has 2,000 characters at the most, whatever they take up', async () => {
  const { partyId, leader } = await pair();
  const emoji = '\u{1F600}'.repeat(2_000);
  expect((await party.post(leader, { partyId, body: emoji })).message.body).toBe(emoji);
  expect((await party.post(leader, { partyId, body: ` ${'x'.repeat(2_000)} ` })).errors).toEqual([]);
});

test('a message is deleted by its author or the leader: its place stays, its text is gone everywhere', async () => {
  const { partyId, leader, other } = await pair();
  for (const by of [leader, other]) {
    const { message } = await party.post(other, { partyId, body: 'a secret' });
    const deleted = (await party.deleteMessage(by, { messageId: message.id })).message;
    expect(deleted).toMatchObject({ id: message.id, number: message.number, body: null });
    expect(deleted.deletedAt).not.toBeNull();
  }
  expect(numbers(await chat(leader))).toEqual([2, 1]);
  const [left] = await party.database.sql`
    select (select count(*) from party.messages where body like '%secret%')::int
      + (select count(*) from party.activity where data::text like '%secret%')::int as count`;
  expect(left).toEqual({ count: 0 });
});

test('it is an event each, from which a client can render it', async () => {
  const { partyId, leader, other } = await pair();
  const { message } = await party.post(other, { partyId, body: 'hello' });
  await party.deleteMessage(leader, { messageId: message.id });
  await party.post(other, { partyId, body: 'again' });
  const { me } = await party.run(
    leader,
    `{ me { party { activity(first: 3) { nodes { __typename actor { id }
      ... on PartyMessagePosted { message { body author { id } } }
      ... on PartyMessageDeleted { message { id body } } } } } } }`,
  );
  const [actor, author] = [{ id: other.playerId }, { id: other.playerId }];
  expect(me.party.activity.nodes).toEqual([
    { __typename: 'PartyMessagePosted', actor, message: { body: 'again', author } },
    {
      __typename: 'PartyMessageDeleted',
      actor: { id: leader.playerId },
      message: { id: message.id, body: null },
    },
    { __typename: 'PartyMessagePosted', actor, message: { body: null, author } },
  ]);
});

test('only members read it, by whatever way', async () => {
  const { partyId, leader, other } = await pair();
  const { message } = await party.post(leader, { partyId, body: 'hello' });
  const look = `query ($id: ID!, $message: [_Any!]!) { party(id: $id) { messages { nodes { id } } }
    _entities(representations: $message) { ... on PartyMessage { body } } }`;
  const variables = { id: partyId, message: [{ __typename: 'PartyMessage', id: message.id }] };
  expect(await party.run(other, look, variables)).toEqual({
    party: { messages: { nodes: [{ id: message.id }] } },
    _entities: [{ body: 'hello' }],
  });
  const nothing = { party: { messages: { nodes: [] } }, _entities: [null] };
  expect(await party.run(viewer(), look, variables)).toEqual(nothing);
  await party.leave(other, { partyId });
  expect(await party.run(other, look, variables)).toEqual(nothing);
});

describe('denied, with nothing changed', () => {
  test.each([
    ['2,001 characters', 'x'.repeat(2_001)],
    ['2,001 characters of two units each', '\u{1F600}'.repeat(2_001)],
    ['nothing', ''],
    ['only spaces', ' \n\t\u00a0'],
    ['U+0000', 'a\0b'],
    ['half a character', '\ud83d'],
  ])('posting %s', async (_, body) => {
    const { partyId, leader } = await pair();
    expect(await party.refusal(() => party.post(leader, { partyId, body }))).toBe('INVALID_INPUT');
  });

  test('posting to a party that one is not in, alike for a stranger, another tenant and none at all', async () => {
    const { partyId, leader } = await pair();
    const post = (as: Viewer, id: string) => party.refusal(() => party.post(as, { partyId: id, body: 'x' }));
    expect(await post(viewer(), partyId)).toBe('PARTY_NOT_FOUND');
    expect(await post({ ...leader, tenantId: tenantB }, partyId)).toBe('PARTY_NOT_FOUND');
    expect(await post(leader, viewer().playerId)).toBe('PARTY_NOT_FOUND');
    expect(await post(leader, 'x')).toBe('PARTY_NOT_FOUND');
  });

  test('deleting another’s message, one that is deleted, or one that can’t be seen', async () => {
    const { partyId, leader, other } = await pair();
    const { id: messageId } = (await party.post(leader, { partyId, body: 'x' })).message;
    const remove = (as: Viewer, id = messageId) =>
      party.refusal(() => party.deleteMessage(as, { messageId: id }));
    expect(await remove(other)).toBe('NOT_AUTHOR');
    expect(await remove(viewer())).toBe('MESSAGE_NOT_FOUND');
    expect(await remove({ ...leader, tenantId: tenantB })).toBe('MESSAGE_NOT_FOUND');
    expect(await remove(leader, viewer().playerId)).toBe('MESSAGE_NOT_FOUND');
    expect(await remove(leader, 'x')).toBe('MESSAGE_NOT_FOUND');
    await party.deleteMessage(leader, { messageId });
    expect(await remove(leader)).toBe('MESSAGE_DELETED');
  });

  test('deleting one’s own after leaving', async () => {
    const { partyId, other } = await pair();
    const { id: messageId } = (await party.post(other, { partyId, body: 'x' })).message;
    await party.leave(other, { partyId });
    expect(await party.refusal(() => party.deleteMessage(other, { messageId }))).toBe('MESSAGE_NOT_FOUND');
  });
});

test('50 posts at once: each has its number, and the log their order', async () => {
  const { partyId, leader, other } = await pair();
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      party.post(index % 2 ? leader : other, { partyId, body: `#${index}` }),
    ),
  );
  const all = Array.from({ length: 50 }, (_, index) => index + 1);
  expect(answers.map(({ message }) => message.number).sort((a, b) => a - b)).toEqual(all);
  expect(numbers(await chat(leader, { first: 50 })).reverse()).toEqual(all);
  const told = await party.database.sql`
    select m.number from party.activity a join party.messages m on m.id = (a.data->>'messageId')::uuid
    where a.subject = ${`party:${partyId}`} order by a.sequence`;
  expect(told.map((row) => row['number'])).toEqual(all);
});

test('one message deleted 50 times at once is deleted once', async () => {
  const { partyId, leader, other } = await pair();
  const { id: messageId } = (await party.post(other, { partyId, body: 'x' })).message;
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) => party.deleteMessage(index % 2 ? leader : other, { messageId })),
  );
  expect(answers.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
  expect((await party.story(leader)).filter((type) => type === 'PartyMessageDeleted')).toHaveLength(1);
});

test('paged backwards without gap or repeat, while more is said', async () => {
  const { partyId, leader } = await pair();
  const say = () => party.post(leader, { partyId, body: 'x' });
  for (let count = 0; count < 5; count += 1) await say();
  const first = await chat(leader, { first: 2 });
  await say();
  const second = await chat(leader, { first: 2, after: first.pageInfo.endCursor });
  const third = await chat(leader, { first: 2, after: second.pageInfo.endCursor });
  expect([first, second, third].flatMap(numbers)).toEqual([5, 4, 3, 2, 1]);
  expect(third.pageInfo.hasNextPage).toBe(false);
});

test('of 10,000 messages, the last page costs what the first costs', async () => {
  const { partyId, leader } = await pair();
  await party.database.sql`
    insert into party.messages (tenant_id, id, party_id, number, author_id, body, posted_at)
    select ${tenantA}, gen_random_uuid(), ${partyId}, n, ${leader.playerId}, 'x', now()
    from generate_series(1, 10000) n`;
  await party.database.sql`analyze party.messages`;
  const cost = (after: readonly string[] | null) =>
    costOf(party, tenantA, (reads) =>
      messagesOfParties(reads, { parentIds: [partyId], page: { first: 20, after } }),
    );
  const [first, deep] = [await cost(null), await cost(['22'])];
  expect(first).toEqual({
    rows: 21,
    scans: [expect.stringMatching(/^messages_of_party: .*party_id = .*number < /)],
  });
  expect(deep).toEqual(first);
  const after = Buffer.from(JSON.stringify(['22'])).toString('base64url');
  const statements = [
    (await party.statements(() => chat(leader))).length,
    (await party.statements(() => chat(leader, { after }))).length,
    (await party.statements(() => chat(leader, { first: 100 }))).length,
  ];
  expect(statements).toEqual([3, 3, 3]);
});
