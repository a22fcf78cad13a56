import { randomUUID } from 'node:crypto';
import { DEMO_TENANT_ID } from '@fellowship/identity';
import type { Subgraph } from '@fellowship/server';
import type postgres from 'postgres';
import { playerIds } from '../system/world.ts';
import { executeAs } from './execute.ts';

/** One mutation, and the ids in it by what they are: to do the same to others, put theirs in their place. */
export interface Turn {
  readonly query: string;
  readonly input: object;
  readonly ids: Readonly<Record<'player' | 'party', string>> & Readonly<Record<string, string>>;
}

export interface Act {
  readonly name: string;
  /**
   * Makes what the turns need. One list for each client, whose turns follow one another; different clients' do not
   * meet. All lists are of the same length, and every list repeats the same few mutations.
   */
  stage(clients: number, turns: number): Promise<Turn[][]>;
  /** How many turns at the beginning of a list are unlike each other; later ones repeat them. */
  readonly period: number;
}

const mutation = (name: string, payload: string) => {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
  return `mutation ($input: ${type}) { ${name}(input: $input) { ${payload} errors { code message } } }`;
};
const join = mutation('partyJoin', 'party { id }');
const leave = mutation('partyLeave', 'party { id }');
const post = mutation('partyMessagePost', 'message { id body }');
const roll = mutation('partyLootRoll', 'item { id }');

/** Items of one drop. Four of five members roll for each, so that none is settled: each turn does the same. */
const ITEMS = 20;
const ROLLERS = 4;

export function createActs(sql: postgres.Sql, party: Subgraph): Act[] {
  const range = (count: number) => Array.from({ length: count }, (_, nth) => nth);
  /** The world's parties have five members each. */
  const members = (nth: number) => playerIds.slice(nth * 5, nth * 5 + 5);

  return [
    {
      name: 'party: join, leave',
      period: 2,
      async stage(clients, turns) {
        const places = await openParties(sql, clients);
        return places.map((ids) =>
          range(turns).map((nth) =>
            nth % 2 === 0
              ? { query: join, input: { partyId: ids.party, role: 'DPS' }, ids }
              : { query: leave, input: { partyId: ids.party }, ids },
          ),
        );
      },
    },
    {
      name: 'chat: post',
      period: 1,
      async stage(clients, turns) {
        const places = await partiesOf(
          sql,
          range(clients).map((nth) => members(nth)[0] ?? ''),
        );
        return places.map((ids) =>
          range(turns).map(() => ({
            query: post,
            input: { partyId: ids.party, body: 'On my way, wait for me at the gate.' },
            ids,
          })),
        );
      },
    },
    {
      name: 'loot: roll',
      period: 1,
      async stage(clients, turns) {
        const places = await partiesOf(
          sql,
          range(clients).map((nth) => members(nth)[0] ?? ''),
        );
        return Promise.all(
          places.map(async ({ party: partyId }, client) => {
            const drops = await Promise.all(
              range(Math.ceil(turns / (ITEMS * ROLLERS))).map(() => reportLoot(party, partyId)),
            );
            const rolls = drops.flatMap(({ drop, items }) =>
              items.flatMap((item) =>
                members(client)
                  .slice(0, ROLLERS)
                  .map((player) => ({
                    query: roll,
                    input: { itemId: item, vote: 'NEED' },
                    ids: { player, party: partyId, drop, item },
                  })),
              ),
            );
            return rolls.slice(0, turns);
          }),
        );
      },
    },
  ];
}

/** New parties with a leader and room for one player more, who has no party. */
async function openParties(sql: postgres.Sql, count: number): Promise<{ player: string; party: string }[]> {
  const places = Array.from({ length: count }, () => ({
    player: randomUUID(),
    party: randomUUID(),
    leader: randomUUID(),
  }));
  for (const { party, leader } of places) {
    await sql`insert into party.parties (tenant_id, id, leader_id, join_policy, max_members, undecided, created_at)
      values (${DEMO_TENANT_ID}, ${party}, ${leader}, 'OPEN', 5, 1, now())`;
    await sql`insert into party.members (tenant_id, player_id, party_id, joined_at)
      values (${DEMO_TENANT_ID}, ${leader}, ${party}, now())`;
  }
  return places;
}

async function partiesOf(
  sql: postgres.Sql,
  players: readonly string[],
): Promise<{ player: string; party: string }[]> {
  const rows = await sql<{ player: string; party: string }[]>`
    select player_id as player, party_id as party from party.members
    where tenant_id = ${DEMO_TENANT_ID} and player_id = any(${players}::uuid[])`;
  return players.map((player) => ({
    player,
    party: rows.find((row) => row.player === player)?.party ?? '',
  }));
}

async function reportLoot(party: Subgraph, partyId: string): Promise<{ drop: string; items: string[] }> {
  const items = Array.from({ length: ITEMS }, (_, nth) => ({
    itemKey: `sword-${nth}`,
    name: 'Sword',
    quality: 'EPIC',
  }));
  const input = { reportId: randomUUID(), partyId, source: 'Dragon', items };
  const service = { playerId: randomUUID(), scopes: ['service:combat'] };
  const report = mutation('partyLootReport', 'drop { id items { id } }');
  const { partyLootReport } = await executeAs(party, service, report, { input });
  const { drop } = partyLootReport;
  return { drop: drop.id, items: drop.items.map(({ id }: { id: string }) => id) };
}
