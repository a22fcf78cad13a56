import { and, eq, inArray, isNull, notExists, sql } from 'drizzle-orm';
import type { Tx } from '../context.ts';
import type { EndByItself } from '../deadlines/deadline.ts';
import { partyLog } from '../events.ts';
import { isRolling, lootCandidates, lootDrops, lootItems } from '../tables/index.ts';
import { diceOf } from './fairness.ts';
import { type RollingItem, rollingItems } from './queries.ts';
import { type Contest, isOver, resolve } from './rules.ts';

/** A drop's deadline. What else of the party is over is resolved with it. */
export const closeRolls: EndByItself = (tx, party) => settleRolls(tx, party.id);

/** Who goes from the party loses the votes on what is rolled for, and nobody waits for them any more. */
export async function forfeitRolls(tx: Tx, partyId: string, playerId: string): Promise<void> {
  const rolling = tx.db
    .select({ id: lootItems.id })
    .from(lootItems)
    .where(and(eq(lootItems.partyId, partyId), isRolling(lootItems)));
  await tx.db
    .update(lootCandidates)
    .set({ left: true })
    .where(and(inArray(lootCandidates.itemId, rolling), eq(lootCandidates.playerId, playerId)));
  await settleRolls(tx, partyId);
}

/**
 * Resolves those items of a party that wait for nobody any more; of a party that `ends`, all of them, as their
 * deadline would. The party is locked. The number of statements is the same whatever the number of items.
 */
export async function settleRolls(tx: Tx, partyId: string, ends = false): Promise<void> {
  const rolling = await rollingItems(tx, partyId);
  const settled = rolling
    .filter((item) => ends || isOver(item, tx.now))
    .map((item) => ({ item, ...resolve(item, diceOf(item.seed, item.id)) }));
  if (settled.length === 0) return;
  await write(tx, settled);
  for (const one of settled) tell(tx, one);
  await reveal(tx, partyId, [...new Set(settled.map(({ item }) => item.dropId))]);
}

interface Settled extends Contest {
  readonly item: RollingItem;
}

async function write(tx: Tx, settled: readonly Settled[]): Promise<void> {
  const rows = settled.map(({ item, winnerId, rounds }) => ({ id: item.id, winner_id: winnerId, rounds }));
  const outcome = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
    as outcome(id uuid, winner_id uuid, rounds jsonb)`;
  await tx.db
    .update(lootItems)
    .set({
      status: sql`case when outcome.winner_id is null then 'FREE' else 'AWARDED' end::party.party_loot_item_status`,
      winnerId: sql`outcome.winner_id`,
      rounds: sql`outcome.rounds`,
      awardedAt: sql`case when outcome.winner_id is not null then ${tx.now.toISOString()}::timestamptz end`,
    })
    .from(outcome)
    .where(eq(lootItems.id, sql`outcome.id`));
}

function tell(tx: Tx, { item, winnerId, rounds }: Settled): void {
  const { id: itemId, dropId, partyId, itemKey, candidates } = item;
  const of = { partyId, dropId, itemId, itemKey };
  const subject = partyLog(partyId);
  if (winnerId === null) {
    tx.emit({ type: 'party:loot-released', subject, byItself: true, data: of });
    return;
  }
  const votes = candidates.map(({ playerId, vote, left }) => ({ playerId, vote, left }));
  const data = { ...of, winnerId, votes, rounds };
  tx.emit({ type: 'party:loot-rolled', subject, byItself: true, data });
}

/** Publishes the seeds of those of the drops that have nothing left to roll for. */
async function reveal(tx: Tx, partyId: string, dropIds: readonly string[]): Promise<void> {
  const open = tx.db
    .select({ one: sql`1` })
    .from(lootItems)
    .where(and(eq(lootItems.dropId, lootDrops.id), isRolling(lootItems)));
  const revealed = await tx.db
    .update(lootDrops)
    .set({ revealedAt: tx.now })
    .where(and(inArray(lootDrops.id, [...dropIds]), isNull(lootDrops.revealedAt), notExists(open)))
    .returning({ dropId: lootDrops.id, commitment: lootDrops.commitment, seed: lootDrops.seed });
  for (const { dropId, commitment, seed } of revealed) {
    const data = { partyId, dropId, commitment, seed };
    tx.emit({ type: 'party:loot-revealed', subject: partyLog(partyId), byItself: true, data });
  }
}
