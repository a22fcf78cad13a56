import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Data, Player } from '../kit/client.ts';
import { startStack, type TestStack, topologies } from '../kit/stack.ts';

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
    graph = await startStack(topology);
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
});
