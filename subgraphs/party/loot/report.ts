import { idOf } from '@fellowship/graphql';
import { deny } from '../denials.ts';
import type { PartyLootQuality } from '../schema.generated.ts';
import { lineFrom } from '../texts.ts';

/** A drop as a combat service tells of it: by `partyLootReport`, or as `combat:loot-dropped` on the bus. */
export interface LootReport {
  /** The service's own. For one party, the same id is the same drop. */
  readonly reportId: string;
  readonly partyId: string;
  readonly source: string;
  readonly items: readonly ReportedItem[];
}

export interface ReportedItem {
  readonly itemKey: string;
  readonly name: string;
  readonly quality: PartyLootQuality;
  /** All members unless given. */
  readonly eligiblePlayerIds?: readonly string[] | null | undefined;
  readonly needForbiddenPlayerIds?: readonly string[] | null | undefined;
}

const most = { items: 20, players: 100 };

export type CheckedReport = ReturnType<typeof reportFrom>;

/** A report within its limits and in canonical form; INVALID_INPUT with the path of what is not. */
export function reportFrom({ reportId, partyId, source, items }: LootReport) {
  if (items.length === 0 || items.length > most.items) deny('INVALID_INPUT', ['items']);
  return {
    reportId: lineFrom(reportId, 200, ['reportId']),
    partyId: idOf(partyId) ?? deny('PARTY_NOT_FOUND'),
    source: lineFrom(source, 100, ['source']),
    items: items.map((item, index) => itemFrom(item, (field) => ['items', String(index), field])),
  };
}

function itemFrom(item: ReportedItem, path: (field: keyof ReportedItem) => string[]) {
  const { eligiblePlayerIds, needForbiddenPlayerIds } = item;
  return {
    itemKey: lineFrom(item.itemKey, 100, path('itemKey')),
    name: lineFrom(item.name, 100, path('name')),
    quality: item.quality,
    eligible: eligiblePlayerIds ? playersFrom(eligiblePlayerIds, path('eligiblePlayerIds')) : null,
    needForbidden: playersFrom(needForbiddenPlayerIds ?? [], path('needForbiddenPlayerIds')),
  };
}

function playersFrom(ids: readonly string[], path: readonly string[]): string[] {
  if (ids.length > most.players) deny('INVALID_INPUT', path);
  return ids.map((id) => idOf(id) ?? deny('INVALID_INPUT', path));
}
