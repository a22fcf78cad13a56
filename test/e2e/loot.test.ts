import { publishedFields, verifyDrop } from '@fellowship/party';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Data, type Player, post } from '../kit/client.ts';
import { openStack, type TestStack, topologies } from '../kit/stack.ts';

/** A dungeon's loot through the gateway: from the service's report to a proof of every roll. */
describe.each(topologies)('loot, %s', (topology) => {
  let graph: TestStack;
  let players: [Player, Player, Player];
  let service: Player;
  let partyId: string;

  beforeAll(async () => {
    graph = await openStack(topology);
    players = [await graph.player('Ada'), await graph.player('Bea'), await graph.player('Cyd')];
    service = await graph.player('Server', { scopes: ['service:combat'] });
    const [ada, ...others] = players;
    partyId = (await ada.mutate('partyCreate', { joinPolicy: 'OPEN' }, 'party { id }')).party.id;
    for (const other of others) await other.mutate('partyJoin', { partyId }, 'party { id }');
    await ada.mutate('partyLootSettingsSet', { partyId, rollSeconds: 5 }, 'party { id }');
  });
  afterAll(() => graph?.stop());

  const report = {
    reportId: 'dragon 1',
    source: 'Dragon',
    items: [
      { itemKey: 'sword', name: 'Sword', quality: 'EPIC' },
      { itemKey: 'ring', name: 'Ring', quality: 'RARE' },
      { itemKey: 'hay', name: 'Hay', quality: 'POOR' },
    ],
  };

  test('a player can’t report', async () => {
    const query =
      'mutation ($input: PartyLootReportInput!) { partyLootReport(input: $input) { errors { code } } }';
    const input = { ...report, partyId };
    const { errors } = await post(graph.url, { query, variables: { input } }, players[0].token);
    expect(errors.map(({ extensions }: Data) => extensions.code)).toEqual(['FORBIDDEN']);
  });

  test('drops, is rolled for, claimed, resolved by its deadline, revealed and proved', async () => {
    const [ada, bea, cyd] = players;
    const heard = await ada.subscribe(
      `subscription ($partyId: ID!, $after: String) { partyActivity(partyId: $partyId, after: $after) {
        __typename actor { id } ... on PartyLootRevealed { seed drop { id items { winner { id } } } } } }`,
      { partyId, after: await graph.cursor('party', `party:${partyId}`) },
    );
    const events: Data[] = [];
    const revealed = (async () => {
      while (events.at(-1)?.__typename !== 'PartyLootRevealed') {
        events.push((await heard.next()).data?.['partyActivity']);
      }
    })();

    const { drop } = await service.mutate(
      'partyLootReport',
      { ...report, partyId },
      'drop { id seed items { id } }',
    );
    const [sword, ring, hay] = drop.items.map(({ id }: Data) => id);
    expect(drop.seed).toBeNull();
    for (const player of players) {
      await player.mutate('partyLootRoll', { itemId: sword, vote: 'NEED' }, 'item { id }');
    }
    await bea.mutate('partyLootRoll', { itemId: ring, vote: 'GREED' }, 'item { id }');
    await cyd.mutate('partyLootClaim', { itemId: hay }, 'item { id }');
    await revealed;

    expect(events.map(({ __typename }) => __typename)).toEqual([
      'PartyLootDropped',
      'PartyLootRollCast',
      'PartyLootRollCast',
      'PartyLootRollCast',
      'PartyLootRolled',
      'PartyLootRollCast',
      'PartyLootClaimed',
      'PartyLootRolled',
      'PartyLootRevealed',
    ]);
    expect(events.at(-1)).toMatchObject({ actor: null, drop: { id: drop.id } });
    const history = `query ($id: ID!) { me { party { lootDrop(id: $id) { ${publishedFields} } } } }`;
    const { me } = await cyd.run(history, { id: drop.id });
    expect(verifyDrop(me.party.lootDrop)).toEqual([]);
    const winners = me.party.lootDrop.items.map(({ winner }: Data) => winner?.id);
    expect(winners.slice(1)).toEqual([bea.id, cyd.id]);
    await heard.close();
  });
});
