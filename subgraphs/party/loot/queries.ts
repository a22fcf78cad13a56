import type { Writes } from '@fellowship/command';
import { type Builder, query, type Reads } from '@fellowship/postgres';
import { and, asc, desc, eq, or, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { isOwn } from '../membership/queries.ts';
import { belowId, fromNewestId, limit, type PageOfEach, parentId, parents } from '../paging.ts';
import type { LootCandidateRow, LootDropRow, LootItemRow } from '../rows.ts';
import type { PartyLootVote } from '../schema.generated.ts';
import { isRolling, lootCandidates, lootDrops, lootItems } from '../tables/index.ts';
import type { Candidate } from './rules.ts';

const settings = {
  lootMode: lootDrops.lootMode,
  lootThreshold: lootDrops.lootThreshold,
  masterLooterId: lootDrops.masterLooterId,
  rollSeconds: lootDrops.rollSeconds,
};

/** What leaves the database of the seed: nothing, before it is revealed. */
const revealed = sql<string | null>`case when ${lootDrops.revealedAt} is not null then ${lootDrops.seed} end`;

const dropColumns = {
  id: lootDrops.id,
  partyId: lootDrops.partyId,
  source: lootDrops.source,
  ...settings,
  commitment: lootDrops.commitment,
  seed: revealed.as('revealed_seed'),
  droppedAt: lootDrops.droppedAt,
};

const ids = sql`any(${sql.placeholder('ids')}::uuid[])`;
const any = sql`${sql.placeholder('any')}::boolean`;

const ofParties = query('loot_drops_of_parties', (db) => {
  const drop = db
    .select(dropColumns)
    .from(lootDrops)
    .where(and(sql`${lootDrops.partyId} = ${parentId}`, isOwn(db, lootDrops.partyId), belowId(lootDrops.id)))
    .orderBy(desc(lootDrops.id))
    .limit(limit)
    .as('drop');
  return db.select(drop._.selectedFields).from(parents).crossJoinLateral(drop).orderBy(desc(drop.id));
});

/** A page of each party's drops, newest first, and one row more; of parties that the viewer is in. */
export const dropsOfParties = (
  reads: Reads,
  { parentIds, page, viewerId }: PageOfEach & { viewerId: string },
): Promise<LootDropRow[]> => reads.run(ofParties, { parentIds, viewerId, ...fromNewestId(page) });

const byId = query('loot_drops_visible', (db) =>
  db
    .select(dropColumns)
    .from(lootDrops)
    .where(and(sql`${lootDrops.id} = ${ids}`, or(any, isOwn(db, lootDrops.partyId)))),
);

/** Those of the drops that the viewer may see: those of their party, or with `any` all there are. */
export const visibleDrops = (
  reads: Reads,
  by: { ids: readonly string[]; viewerId: string; any: boolean },
): Promise<LootDropRow[]> => reads.run(byId, by);

const ofReport = query('loot_drop_of_report', (db) =>
  db
    .select({ id: lootDrops.id })
    .from(lootDrops)
    .where(
      and(
        eq(lootDrops.partyId, sql.placeholder('partyId')),
        eq(lootDrops.reportId, sql.placeholder('reportId')),
      ),
    ),
);

/** The id of the drop that a report has made. */
export async function dropOfReport(
  tx: Reads,
  by: { partyId: string; reportId: string },
): Promise<string | undefined> {
  const [drop] = await tx.run(ofReport, by);
  return drop?.id;
}

const itemColumns = {
  id: lootItems.id,
  dropId: lootItems.dropId,
  partyId: lootItems.partyId,
  itemKey: lootItems.itemKey,
  name: lootItems.name,
  quality: lootItems.quality,
  mode: lootItems.mode,
  status: lootItems.status,
  rollsUntil: lootItems.rollsUntil,
  rounds: lootItems.rounds,
  winnerId: lootItems.winnerId,
  awardedAt: lootItems.awardedAt,
};

const ofDrops = query('loot_items_of_drops', (db) =>
  db
    .select(itemColumns)
    .from(lootItems)
    .where(sql`${lootItems.dropId} = any(${sql.placeholder('dropIds')}::uuid[])`)
    .orderBy(asc(lootItems.place)),
);

/** All items of the drops, in the order of their reports. Asks nobody's leave: give it drops that may be seen. */
export const itemsOfDrops = (reads: Reads, dropIds: readonly string[]): Promise<LootItemRow[]> =>
  reads.run(ofDrops, { dropIds });

const itemById = query('loot_items_visible', (db) =>
  db
    .select(itemColumns)
    .from(lootItems)
    .where(and(sql`${lootItems.id} = ${ids}`, or(any, isOwn(db, lootItems.partyId)))),
);

/** Those of the items that the viewer may see, likewise. */
export const visibleItems = (
  reads: Reads,
  by: { ids: readonly string[]; viewerId: string; any: boolean },
): Promise<LootItemRow[]> => reads.run(itemById, by);

/** A vote is sealed while the item is rolled for, but not from who cast it. */
const unsealed = sql<LootCandidateRow['vote']>`case
  when ${lootItems.status} <> 'ROLLING' or ${lootCandidates.playerId} = ${sql.placeholder('viewerId')}::uuid
  then ${lootCandidates.vote} end`;

const ofItems = query('loot_candidates_of_items', (db) =>
  db
    .select({
      itemId: lootCandidates.itemId,
      playerId: lootCandidates.playerId,
      mayNeed: lootCandidates.mayNeed,
      vote: unsealed,
      hasVoted: sql<boolean>`${lootCandidates.vote} is not null`,
      left: lootCandidates.left,
    })
    .from(lootCandidates)
    .innerJoin(lootItems, eq(lootItems.id, lootCandidates.itemId))
    .where(sql`${lootCandidates.itemId} = any(${sql.placeholder('itemIds')}::uuid[])`)
    .orderBy(asc(lootCandidates.playerId)),
);

/** The items' candidates. Asks nobody's leave: give it items that may be seen. */
export const candidatesOfItems = (
  reads: Reads,
  by: { itemIds: readonly string[]; viewerId: string },
): Promise<LootCandidateRow[]> => reads.run(ofItems, by);

/** All candidates of an item with what they voted, sealed or not, as JSON. For commands only. */
const candidates = (db: Builder) =>
  sql<Candidate[]>`(${db
    .select({
      all: sql`coalesce(jsonb_agg(jsonb_build_object('playerId', ${lootCandidates.playerId},
        'mayNeed', ${lootCandidates.mayNeed}, 'vote', ${lootCandidates.vote}, 'left', ${lootCandidates.left})
        order by ${lootCandidates.playerId}), '[]')`,
    })
    .from(lootCandidates)
    .where(eq(lootCandidates.itemId, lootItems.id))})`;

/** A column of the item's drop. Not by a join: a kept plan was seen to read all drops for it. */
const ofDrop = <Value>(db: Builder, column: PgColumn) =>
  sql<Value>`(${db.select({ column }).from(lootDrops).where(eq(lootDrops.id, lootItems.dropId))})`;

const stateColumns = (db: Builder) => ({
  id: lootItems.id,
  dropId: lootItems.dropId,
  partyId: lootItems.partyId,
  itemKey: lootItems.itemKey,
  mode: lootItems.mode,
  status: lootItems.status,
  rollsUntil: lootItems.rollsUntil,
  masterLooterId: ofDrop<string | null>(db, lootDrops.masterLooterId).as('master_looter_id'),
  candidates: candidates(db).as('candidates'),
});

const state = query('loot_item_state', (db) =>
  db
    .select(stateColumns(db))
    .from(lootItems)
    .where(and(eq(lootItems.id, sql.placeholder('id')), isOwn(db, lootItems.partyId))),
);

/** An item as its rules see it, if it is of a party that the viewer is in. */
export const itemState = (tx: Reads, by: { id: string; viewerId: string }) => tx.run(state, by);

export type ItemState = Awaited<ReturnType<typeof itemState>>[number];

const rolling = query('loot_items_rolling', (db) =>
  db
    .select({ ...stateColumns(db), seed: ofDrop<string>(db, lootDrops.seed).as('seed') })
    .from(lootItems)
    .where(and(eq(lootItems.partyId, sql.placeholder('partyId')), isRolling(lootItems)))
    .orderBy(asc(lootItems.dropId), asc(lootItems.place)),
);

/** The items that a party rolls for, with the secret seeds. For who resolves them. */
export const rollingItems = (tx: Reads, partyId: string) => tx.run(rolling, { partyId });

export type RollingItem = Awaited<ReturnType<typeof rollingItems>>[number];

const cast = query('loot_vote_cast', (db) =>
  db
    .update(lootCandidates)
    .set({ vote: sql`${sql.placeholder('vote')}::party.party_loot_vote` })
    .where(
      and(
        eq(lootCandidates.itemId, sql.placeholder('itemId')),
        eq(lootCandidates.playerId, sql.placeholder('playerId')),
      ),
    ),
);

interface Vote {
  readonly itemId: string;
  readonly playerId: string;
  readonly vote: PartyLootVote;
}

export async function castVote(tx: Reads, vote: Vote): Promise<void> {
  await tx.run(cast, { ...vote });
}

/** With its event: for a vote that decides nothing yet. */
export function castVoteLast(tx: Writes, vote: Vote): void {
  tx.write(cast, { ...vote });
}
