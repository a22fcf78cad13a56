import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { untilHeard } from '../../../test/kit/client.ts';
import { type Data, tenantB, viewer } from '../../../test/kit/subgraph.ts';
import { startParty } from '../testing.fixture.ts';

let party: Awaited<ReturnType<typeof startParty>>;
beforeAll(async () => {
  party = await startParty();
});
afterAll(() => party.close());

type Events = AsyncGenerator<Data, void, void>;

const fields = '__typename id cursor actor { id } party { id members { player { id } } }';
const activity = `subscription ($id: ID!, $after: String) { partyActivity(partyId: $id, after: $after) { ${fields} } }`;
const inbox = `subscription ($after: String) { partyInbox(after: $after) { ${fields} } }`;

/** The next event's type, or the code that ended the stream. */
async function next(events: Events, field = 'partyActivity'): Promise<string> {
  const { value, done } = await events.next();
  if (done) return 'DONE';
  return value.data?.[field]?.__typename ?? value.errors?.[0]?.extensions?.code;
}

/** Reads on to the end; graphql-js throws what ends a source. */
async function ended(events: Events): Promise<unknown> {
  return events.next().then(
    ({ value, done }) => (done ? 'DONE' : value),
    (error) => error.extensions?.code,
  );
}

test('a member hears what happens from now on, with the party as it is then', async () => {
  const [ada, bea] = [viewer(), viewer()];
  const { id } = (await party.create(ada, { joinPolicy: 'OPEN' })).party;
  const events: Events = await party.subscribe(ada, activity, { id });
  await untilHeard(events.next(), () =>
    party.setRole(ada, { partyId: id, playerId: ada.playerId, role: 'DPS' }),
  );
  await party.join(bea, { partyId: id });
  let event: Data;
  do event = (await events.next()).value.data.partyActivity;
  while (event.__typename === 'PartyRoleSet');
  expect(event).toMatchObject({
    __typename: 'PartyMemberJoined',
    actor: { id: bea.playerId },
    party: { id, members: [{ player: { id: ada.playerId } }, { player: { id: bea.playerId } }] },
  });
  await events.return();
});

test('from a cursor: everything since, then live, each once and in order', async () => {
  const ada = viewer();
  const { id } = (await party.create(ada, { joinPolicy: 'OPEN' })).party;
  const feed = 'query ($id: ID!) { party(id: $id) { activity(first: 100) { nodes { cursor } } } }';
  const [, oldest] = (await party.run(ada, feed, { id })).party.activity.nodes;
  const setRoles = (count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        party.setRole(ada, { partyId: id, playerId: ada.playerId, role: 'DPS' }),
      ),
    );
  await setRoles(30);
  const events: Events = await party.subscribe(ada, activity, { id, after: oldest.cursor });
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { data } of events) {
      seen.push(data.partyActivity.id);
      if (seen.length === 61) break;
    }
  })();
  await setRoles(30);
  await reading;
  const all = await party.database.sql`
    select id from party.activity where subject = ${`party:${id}`} and sequence > 1 order by sequence`;
  expect(seen).toEqual(all.map((row) => row['id']));
});

test('who is kicked hears so, and nothing more', async () => {
  const [ada, bea] = [viewer(), viewer()];
  const { id } = (await party.create(ada, { joinPolicy: 'OPEN' })).party;
  await party.join(bea, { partyId: id });
  const after = await party.cursor(`party:${id}`, 1);
  const events: Events = await party.subscribe(bea, activity, { id, after });
  expect(await next(events)).toBe('PartyMemberJoined');
  await party.kick(ada, { partyId: id, playerId: bea.playerId });
  await party.setRole(ada, { partyId: id, playerId: ada.playerId, role: 'TANK' });
  expect(await next(events)).toBe('PartyMemberKicked');
  expect(await ended(events)).toBe('ACCESS_LOST');
  expect(await ended(events)).toBe('DONE');
});

test('an inbox gets the invitations of its player alone', async () => {
  const [ada, bea] = [viewer(), viewer()];
  const { id } = (await party.create(ada, {})).party;
  const after = await party.cursor(`player:${bea.playerId}`);
  const events: Events = await party.subscribe(bea, inbox, { after });
  await party.invite(ada, { partyId: id, playerId: viewer().playerId });
  await party.invite(ada, { partyId: id, playerId: bea.playerId });
  expect(await next(events, 'partyInbox')).toBe('PartyInviteSent');
  await party.disband(ada, { partyId: id });
  expect(await next(events, 'partyInbox')).toBe('PartyInviteCancelled');
  await events.return();
});

describe('a stream that can’t be', () => {
  test('of a party one is not in, of another tenant or of none: all alike', async () => {
    const ada = viewer();
    const { id } = (await party.create(ada, { joinPolicy: 'OPEN' })).party;
    const refused = [
      await ended(await party.subscribe(viewer(), activity, { id })),
      await ended(await party.subscribe({ ...ada, tenantId: tenantB }, activity, { id })),
      await ended(await party.subscribe(ada, activity, { id: viewer().playerId })),
      await ended(await party.subscribe(ada, activity, { id: 'x' })),
    ];
    expect(refused).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
  });

  test('from a cursor that is made up, of another log or of the future', async () => {
    const ada = viewer();
    const { id } = (await party.create(ada, {})).party;
    const cursor = (subject: string, sequence: number) =>
      Buffer.from(`${subject} ${sequence}`).toString('base64url');
    for (const after of [
      '',
      'x',
      cursor(`party:${viewer().playerId}`, 1),
      cursor(`party:${id}`, 99),
      cursor(`party:${id}`, -1),
    ]) {
      expect(await ended(await party.subscribe(ada, activity, { id, after }))).toBe('CURSOR_INVALID');
    }
  });

  test('from a cursor that the log no longer reaches', async () => {
    const ada = viewer();
    const { id } = (await party.create(ada, {})).party;
    await party.database.sql`delete from party.activity where subject = ${`party:${id}`} and sequence <= 2`;
    await party.setRole(ada, { partyId: id, playerId: ada.playerId, role: 'DPS' });
    const after = Buffer.from(`party:${id} 1`).toString('base64url');
    expect(await ended(await party.subscribe(ada, activity, { id, after }))).toBe('CURSOR_EXPIRED');
  });
});

test('a feed is paged backwards, newest first', async () => {
  const ada = viewer();
  const { id } = (await party.create(ada, {})).party;
  for (let count = 0; count < 3; count += 1)
    await party.setRole(ada, { partyId: id, playerId: ada.playerId });
  const page = async (after?: string) =>
    (
      await party.run(
        ada,
        'query ($id: ID!, $after: String) { party(id: $id) { activity(first: 2, after: $after) { nodes { __typename } pageInfo { endCursor hasNextPage } } } }',
        { id, after },
      )
    ).party.activity;
  const first = await page();
  const second = await page(first.pageInfo.endCursor);
  const third = await page(second.pageInfo.endCursor);
  const types = [first, second, third].flatMap(({ nodes }) =>
    nodes.map(({ __typename }: Data) => __typename),
  );
  expect(types).toEqual([
    'PartyRoleSet',
    'PartyRoleSet',
    'PartyRoleSet',
    'PartyMemberJoined',
    'PartyCreated',
  ]);
  expect(third.pageInfo.hasNextPage).toBe(false);
});

test('the number of statements does not grow with the members', async () => {
  const read =
    '{ me { party { members { player { id party { id activity { nodes { id } } } } } invites { id } activity { nodes { id } } } } }';
  const counted = async (members: number) => {
    const [ada, ...others] = Array.from({ length: members }, () => viewer());
    if (!ada) throw new Error('unreachable');
    const { id } = (await party.create(ada, { joinPolicy: 'OPEN' })).party;
    for (const other of others) await party.join(other, { partyId: id });
    return (await party.statements(() => party.run(ada, read))).length;
  };
  const counts = [await counted(2), await counted(3), await counted(5)];
  expect(counts).toEqual([6, 6, 6]);
});
