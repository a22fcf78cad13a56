import type { InferInsertModel } from 'drizzle-orm';
import type { Tx } from '../context.ts';
import { setDeadline } from '../deadlines/schedule.ts';
import { partyLog } from '../events.ts';
import type { LockedParty } from '../membership/state.ts';
import { lootCandidates, lootDrops, lootItems } from '../tables/index.ts';
import { commitmentTo, newSeed } from './fairness.ts';
import type { CheckedReport } from './report.ts';
import { type Candidate, candidatesAtDrop, modeOf, statusAtDrop } from './rules.ts';

/** A drop as it is written. */
interface NewDrop {
  readonly drop: InferInsertModel<typeof lootDrops>;
  readonly items: readonly NewItem[];
  /** Until when players vote. */
  readonly rollsUntil: Date;
}

type NewItem = InferInsertModel<typeof lootItems> & { readonly candidates: readonly Candidate[] };

/** What a report means for the party as it is now: its settings, its members, and a new secret. */
export function dropFrom(report: CheckedReport, party: LockedParty, newId: () => string, now: Date): NewDrop {
  const { lootMode, lootThreshold, masterLooterId, rollSeconds, id: partyId } = party;
  const settings = { lootMode, lootThreshold, masterLooterId, rollSeconds };
  const id = newId();
  const seed = newSeed();
  const rollsUntil = new Date(now.getTime() + rollSeconds * 1000);
  const items = report.items.map(({ itemKey, name, quality, eligible, needForbidden }, place) => {
    const mode = modeOf(quality, settings);
    return {
      id: newId(),
      dropId: id,
      partyId,
      place,
      itemKey,
      name,
      quality,
      mode,
      status: statusAtDrop(mode),
      rollsUntil: mode === 'NEED_GREED' ? rollsUntil : null,
      candidates: candidatesAtDrop(party.memberIds, eligible, needForbidden),
    };
  });
  const drop = {
    id,
    partyId,
    reportId: report.reportId,
    source: report.source,
    ...settings,
    commitment: commitmentTo(seed),
    seed,
    revealedAt: items.some(({ status }) => status === 'ROLLING') ? null : now,
    droppedAt: now,
  };
  return { drop, items, rollsUntil };
}

/** Writes a drop and tells of it, in as many statements whatever the number of items. */
export async function addDrop(tx: Tx, { drop, items, rollsUntil }: NewDrop): Promise<void> {
  await tx.db.insert(lootDrops).values(drop);
  await tx.db.insert(lootItems).values(items.map(({ candidates: _, ...item }) => item));
  const candidates = items.flatMap((item) =>
    item.candidates.map(({ playerId, mayNeed }) => ({ itemId: item.id, playerId, mayNeed })),
  );
  if (candidates.length > 0) await tx.db.insert(lootCandidates).values(candidates);
  const { id, partyId } = drop;
  if (items.some((item) => item.rollsUntil !== null)) {
    await setDeadline(tx, { kind: 'LOOT_ROLL', id, partyId, dueAt: rollsUntil });
  }
  tellDropped(tx, drop, items);
}

function tellDropped(tx: Tx, drop: NewDrop['drop'], items: readonly NewItem[]): void {
  const { id: dropId, partyId, source, commitment } = drop;
  const told = items.map(({ id, itemKey, name, quality, mode, rollsUntil, candidates }) => ({
    itemId: id,
    itemKey,
    name,
    quality,
    mode,
    rollsUntil: rollsUntil?.toISOString() ?? null,
    candidateIds: candidates.map(({ playerId }) => playerId),
  }));
  const data = { partyId, dropId, source, commitment, items: told };
  tx.emit({ type: 'party:loot-dropped', subject: partyLog(partyId), byItself: true, data });
}
