import type { Data } from '@fellowship/client';
import { publishedFields, verifyDrop } from '@fellowship/party';
import { granted, type Player, type Stage } from '../stage.ts';

/** How many chests are opened, at most, to see two players roll the same highest number. */
const chests = 40;

/** A dungeon run: a boss drops three items, one player leaves while they are rolled for, and the rolls are proved. */
export async function dungeon(stage: Stage, players: readonly Player[]): Promise<void> {
  const [ada, bea, , , eve] = players;
  if (!ada || !bea || !eve) throw new Error('The dungeon needs five players');
  const partyId: string = (await ada.run('{ me { party { id } } }')).me.party.id;
  const server = await stage.player('the combat server', { scopes: ['service:combat'] });
  const watch = await stage.watch(
    bea,
    `subscription ($partyId: ID!) { partyActivity(partyId: $partyId) {
      __typename actor { id } ... on PartyLootRolled { winner { id } } ... on PartyMemberLeft { player { id } }
    } }`,
    { partyId },
  );

  stage.tell(
    'The boss falls: the combat server reports three items, and the drop commits to its secret seed.',
  );
  const drop = await report(server, partyId, 'Onyxia', ['Helm of Dawn', 'Staff of Embers', 'Cloak of Ash']);
  console.log(`   commitment ${drop.commitment}`);

  stage.tell('Everyone needs the helm, Ada passes on the staff, and Eve leaves without a vote on the cloak.');
  const [helm, staff, cloak] = drop.items;
  for (const player of players) await vote(player, helm, 'NEED');
  for (const player of players) await vote(player, staff, player === ada ? 'PASS' : 'GREED');
  for (const player of players) if (player !== eve) await vote(player, cloak, 'GREED');
  granted(await eve.mutate('partyLeave', { partyId }, 'party { id }'));
  await watch.saw('PartyLootRevealed');
  await watch.close();
  await prove(stage, bea, drop.id, players);

  stage.tell('Chests of twenty gems each, until two players roll the same highest number and roll again.');
  for (let chest = 1; ; chest += 1) {
    if (chest > chests) throw new Error(`No tie in ${chests} chests`);
    const gems = Array.from({ length: 20 }, (_, index) => `Gem ${index + 1}`);
    const { id, items } = await report(server, partyId, `Chest ${chest}`, gems);
    for (const item of items)
      for (const player of players) if (player !== eve) await vote(player, item, 'NEED');
    const tied = (await history(bea, id)).items.find(({ rounds }: Data) => rounds.length > 1);
    if (!tied) continue;
    tellRounds(tied, players);
    await prove(stage, bea, id, players);
    return;
  }
}

async function report(
  server: Player,
  partyId: string,
  source: string,
  names: readonly string[],
): Promise<Data> {
  const items = names.map((name) => ({
    itemKey: name.toLowerCase().replaceAll(' ', '-'),
    name,
    quality: 'EPIC',
  }));
  const input = { reportId: `${source} of ${partyId}`, partyId, source, items };
  return granted(await server.mutate('partyLootReport', input, 'drop { id commitment items { id } }')).drop;
}

const vote = async (player: Player, { id: itemId }: Data, vote: string) =>
  granted(await player.mutate('partyLootRoll', { itemId, vote }, 'item { id }'));

async function history(member: Player, dropId: string): Promise<Data> {
  const query = `query ($id: ID!) { me { party { lootDrop(id: $id) { ${publishedFields} } } } }`;
  return (await member.run(query, { id: dropId })).me.party.lootDrop;
}

/** What anyone can do: rerun every roll from what the graph tells. */
async function prove(
  stage: Stage,
  member: Player,
  dropId: string,
  players: readonly Player[],
): Promise<void> {
  const drop = await history(member, dropId);
  const faults = verifyDrop(drop);
  if (faults.length > 0) throw new Error(`Not fair: ${faults.join(', ')}`);
  stage.tell(`The seed is revealed, ${drop.seed.slice(0, 16)}…, and every roll follows from it:`);
  for (const item of drop.items.slice(0, 3)) tellRounds(item, players);
}

function tellRounds({ rounds, winner }: Data, players: readonly Player[]): void {
  const nameOf = (id: string) => players.find((player) => player.id === id)?.name;
  const told = rounds.map(({ rolls }: Data) =>
    rolls.map(({ player, number }: Data) => `${nameOf(player.id)} ${number}`).join(', '),
  );
  console.log(`   ${told.join('; again: ')} -> ${winner ? nameOf(winner.id) : 'nobody'}`);
}
