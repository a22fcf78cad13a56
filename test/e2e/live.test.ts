import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Data, Player } from '../kit/client.ts';
import { openStack, startStack, type TestStack, topologies } from '../kit/stack.ts';

const partyActivity = `subscription ($id: ID!, $after: String) {
  partyActivity(partyId: $id, after: $after) { __typename cursor }
}`;
const cursorOf = (text: string) => Buffer.from(text).toString('base64url');

describe.each(topologies)('live, %s', (topology) => {
  let graph: TestStack;
  let ada: Player;
  let bea: Player;
  let partyId: string;

  beforeAll(async () => {
    graph = await openStack(topology);
    [ada, bea] = await Promise.all([graph.player('Ada'), graph.player('Bea')]);
    const payload = await ada.mutate('partyCreate', { joinPolicy: 'OPEN', role: 'TANK' }, 'party { id }');
    partyId = payload.party.id;
  });
  afterAll(() => graph?.stop());

  /** How the first result says that it is the last. */
  async function firstError(player: Player, query: string, variables: object): Promise<Data> {
    const listening = await player.subscribe(query, variables);
    const { data, errors } = await listening.next();
    expect(data?.[Object.keys(data)[0] ?? ''] ?? null).toBeNull();
    await expect(listening.next()).rejects.toThrow('The subscription has ended');
    await listening.close();
    return errors?.[0];
  }

  test.each([
    ['partyActivity(partyId: $id)', 'party'],
    ['guildActivity(guildId: $id)', 'guild'],
    ['groupActivity(groupId: $id)', 'group'],
    ['organizationActivity(organizationId: $id)', 'organization'],
  ])('%s of what does not exist ends with NOT_FOUND', async (field) => {
    const query = `subscription ($id: ID!) { ${field} { __typename } }`;
    for (const id of ['00000000-0000-4000-8000-000000000000', 'nonsense']) {
      expect((await firstError(bea, query, { id })).extensions.code).toBe('NOT_FOUND');
    }
  });

  test('a log that one may not read reads like one that does not exist', async () => {
    const hidden = await firstError(bea, partyActivity, { id: partyId });
    const missing = await firstError(bea, partyActivity, { id: '00000000-0000-4000-8000-000000000000' });
    expect(hidden.extensions).toMatchObject({ code: 'NOT_FOUND', requestId: expect.any(String) });
    expect(hidden.message).toBe(missing.message);
  });

  test.each([
    ['is no cursor', () => 'nonsense'],
    ['is of another log', () => cursorOf('party:00000000-0000-4000-8000-000000000000 1')],
    ['is of the future', () => cursorOf(`party:${partyId} 1000000`)],
  ])('a cursor that %s ends with CURSOR_INVALID', async (_, after) => {
    const error = await firstError(ada, partyActivity, { id: partyId, after: after() });
    expect(error.extensions.code).toBe('CURSOR_INVALID');
  });

  const setRole = (role: string) =>
    ada.mutate('partyRoleSet', { partyId, playerId: ada.id, role }, 'party { id }');
  const pastCursors = async () => {
    const feed = 'query ($id: ID!) { party(id: $id) { activity(first: 100) { nodes { cursor } } } }';
    const { party } = await ada.run(feed, { id: partyId });
    return party.activity.nodes.map(({ cursor }: Data) => cursor).reverse();
  };

  test('a cursor whose events are gone ends with CURSOR_EXPIRED', async () => {
    await setRole('HEALER');
    const [first, second] = await pastCursors();
    const subject = `party:${partyId}`;
    await graph.database.sql`delete from party.activity where subject = ${subject} and sequence <= 2`;
    const error = await firstError(ada, partyActivity, { id: partyId, after: first });
    expect(error.extensions.code).toBe('CURSOR_EXPIRED');
    await setRole('TANK');
    const listening = await ada.subscribe(partyActivity, { id: partyId, after: second });
    expect((await listening.next()).data?.['partyActivity'].__typename).toBe('PartyRoleSet');
    await listening.close();
  });

  test('a token that expires ends it, and another goes on from the cursor it is told', async () => {
    const query = partyActivity;
    const [cursor] = (await pastCursors()).slice(-1);
    const short = await graph.player('Ada', { expiresIn: 4 });
    const listening = await short.subscribe(query, { id: partyId, after: cursor });
    const first = listening.next();
    await setRole('DPS');
    expect((await first).data?.['partyActivity'].__typename).toBe('PartyRoleSet');
    const error = (await listening.next()).errors?.[0];
    expect(error?.extensions).toMatchObject({ code: 'TOKEN_EXPIRED', cursor: (await pastCursors()).at(-1) });
    await setRole('TANK');
    const resumed = await ada.subscribe(query, { id: partyId, after: error?.extensions?.['cursor'] });
    expect((await resumed.next()).data?.['partyActivity'].cursor).toBe((await pastCursors()).at(-1));
    await Promise.all([listening.close(), resumed.close()]);
  });

  test('subscribers of one feed end one by one: who is kicked hears nothing after it', async () => {
    await bea.mutate('partyJoin', { partyId, role: 'DPS' }, 'party { id }');
    const variables = { id: partyId, after: await graph.cursor('party', `party:${partyId}`, 1) };
    const all = await Promise.all(
      [ada, ada, bea, bea].map((each) => each.subscribe(partyActivity, variables)),
    );
    for (const each of all) {
      expect((await each.next()).data?.['partyActivity'].__typename).toBe('PartyMemberJoined');
    }
    const next = all.map((each) => each.next());
    await ada.mutate('partyKick', { partyId, playerId: bea.id }, 'party { id }');
    await setRole('HEALER');
    for (const each of next)
      expect((await each).data?.['partyActivity'].__typename).toBe('PartyMemberKicked');
    for (const [nth, each] of all.entries()) {
      const { data, errors } = await each.next();
      if (nth < 2) expect(data?.['partyActivity'].__typename).toBe('PartyRoleSet');
      else expect(errors?.[0]?.extensions?.['code']).toBe('ACCESS_LOST');
    }
    await Promise.all(all.map((each) => each.close()));
  });
});

test.each(topologies)(
  'what is drained is told where to go on: GOING_AWAY with a cursor, %s',
  async (topology) => {
    const graph = await startStack(topology);
    try {
      const ada = await graph.player('Ada');
      const payload = await ada.mutate('partyCreate', { joinPolicy: 'OPEN', role: 'TANK' }, 'party { id }');
      const { id } = payload.party;
      const after = await graph.cursor('party', `party:${id}`);
      const listening = await ada.subscribe(partyActivity, { id, after });
      const first = listening.next();
      await ada.mutate('partyRoleSet', { partyId: id, playerId: ada.id, role: 'DPS' }, 'party { id }');
      const cursor = (await first).data?.['partyActivity'].cursor;
      expect(cursor).toEqual(expect.any(String));
      const last = listening.next();
      await graph.stack.stop();
      expect((await last).errors?.[0]?.extensions).toMatchObject({ code: 'GOING_AWAY', cursor });
    } finally {
      await graph.stop();
    }
  },
);
