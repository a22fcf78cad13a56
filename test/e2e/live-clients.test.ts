import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Player } from '../kit/client.ts';
import { liveClients } from '../kit/live-clients.ts';
import { startStack, type TestStack } from '../kit/stack.ts';

const activity = `subscription ($id: ID!, $after: String) {
  partyActivity(partyId: $id, after: $after) {
    __typename cursor actor { id guildMemberships(first: 1) { nodes { guild { id } } } }
  }
}`;

let graph: TestStack;
beforeAll(async () => {
  graph = await startStack('process');
});
afterAll(() => graph?.stop());

describe.each(Object.entries(liveClients))('live with %s', (name, listen) => {
  let ada: Player;
  let bea: Player;
  let partyId: string;

  beforeAll(async () => {
    ada = await graph.player(`Ada, ${name}`);
    bea = await graph.player(`Bea, ${name}`);
    const payload = await ada.mutate('partyCreate', { joinPolicy: 'OPEN', role: 'TANK' }, 'party { id }');
    partyId = payload.party.id;
    await bea.mutate('partyJoin', { partyId, role: 'DPS' }, 'party { id }');
  });

  const hear = (player: Player, after: string | null) =>
    listen({ url: graph.url, token: player.token }, activity, { id: partyId, after });
  const setRole = (role: string) =>
    bea.mutate('partyRoleSet', { partyId, playerId: bea.id, role }, 'party { id }');

  test('hears events across subgraphs, resumes, and is told that access is lost', async () => {
    const first = hear(bea, await graph.cursor('party', `party:${partyId}`));
    const heard = first.next();
    await setRole('HEALER');
    const event = (await heard)?.data.partyActivity;
    expect(event).toMatchObject({
      __typename: 'PartyRoleSet',
      actor: { id: bea.id, guildMemberships: { nodes: [] } },
    });
    await first.stop();

    await setRole('TANK');
    await ada.mutate('partyKick', { partyId, playerId: bea.id }, 'party { id }');
    await bea.mutate('partyJoin', { partyId, role: 'DPS' }, 'party { id }');
    const resumed = hear(bea, event.cursor);
    const types = [];
    for (let i = 0; i < 3; i++) types.push((await resumed.next())?.data.partyActivity.__typename);
    expect(types).toEqual(['PartyRoleSet', 'PartyMemberKicked', 'PartyMemberJoined']);

    await ada.mutate('partyKick', { partyId, playerId: bea.id }, 'party { id }');
    expect((await resumed.next())?.data.partyActivity.__typename).toBe('PartyMemberKicked');
    const end = await resumed.next();
    expect(end?.errors?.[0]?.extensions).toMatchObject({
      code: 'ACCESS_LOST',
      cursor: expect.any(String),
    });
    expect(await resumed.next()).toBeUndefined();
    await resumed.stop();
  });

  test('is told NOT_FOUND of a party that it may not see', async () => {
    const cyd = await graph.player('Cyd');
    const refused = hear(cyd, null);
    expect((await refused.next())?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect(await refused.next()).toBeUndefined();
    await refused.stop();
  });
});
