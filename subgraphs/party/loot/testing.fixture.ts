import { randomUUID } from 'node:crypto';
import type { Viewer } from '@fellowship/identity';
import { type Data, viewer } from '../../../test/kit/subgraph.ts';
import { startParty } from '../testing.fixture.ts';
import { commitmentTo, diceOf, newSeed } from './fairness.ts';
import { publishedFields } from './verify.ts';

export const service = viewer({ scopes: ['service:combat'] });

export const times = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A party subgraph with what tests of loot do over and over. */
export async function startLoot(differing?: Parameters<typeof startParty>[0]) {
  const party = await startParty(differing);
  const { sql } = party.database;

  /** Players in a party with these settings, the first its leader. */
  async function partyOf(count: number, settings: object = {}) {
    const players = times(count).map(() => viewer());
    const [leader, ...others] = players as [Viewer, ...Viewer[]];
    const { id: partyId } = (await party.create(leader, { joinPolicy: 'OPEN' })).party;
    for (const other of others) await party.join(other, { partyId });
    if (Object.keys(settings).length > 0) await party.setLoot(leader, { partyId, ...settings });
    return { partyId, players, leader };
  }

  /** What drops for a party: an EPIC item unless told. */
  async function drop(partyId: string, items: object[] = [{}]): Promise<Data> {
    const reported = await party.reportLoot(service, reportOf(partyId, items));
    return reported.drop;
  }

  /** A party and an item that dropped for it. */
  async function dropped(count: number, settings: object = {}, item: object = {}) {
    const formed = await partyOf(count, settings);
    const { id: dropId, items } = await drop(formed.partyId, [item]);
    return { ...formed, dropId, itemId: items[0].id as string };
  }

  /** Looks for a seed by which the dice do what is asked, and gives it to the drop. */
  async function loadDice(
    dropId: string,
    itemId: string,
    asked: (dice: ReturnType<typeof diceOf>) => boolean,
  ) {
    let seed = newSeed();
    while (!asked(diceOf(seed, itemId))) seed = newSeed();
    await sql`update party.loot_drops set seed = ${seed}, commitment = ${commitmentTo(seed)} where id = ${dropId}`;
  }

  const history = async (as: Viewer, dropId: string): Promise<Data> =>
    (await party.run(as, historyQuery, { dropId })).me.party?.lootDrop ?? null;

  /** The types of a party's events, oldest first. */
  const events = async (partyId: string, like = 'party:%'): Promise<string[]> => {
    const rows = await sql`
      select type from party.activity where subject = ${`party:${partyId}`} and type like ${like} order by sequence`;
    return rows.map((row) => row['type']);
  };

  return { ...party, partyOf, drop, dropped, loadDice, history, events };
}

export function reportOf(partyId: string, items: object[] = [{}]) {
  return {
    reportId: randomUUID(),
    partyId,
    source: 'Dragon',
    items: items.map((item) => ({ itemKey: 'sword', name: 'Sword', quality: 'EPIC', ...item })),
  };
}

const historyQuery = `query ($dropId: ID!) { me { party { lootDrop(id: $dropId) {
  id source droppedAt settings { mode threshold rollSeconds masterLooter { id } } ${publishedFields}
} } } }`;
