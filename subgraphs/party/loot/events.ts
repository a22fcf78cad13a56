import type { PartyLootMode, PartyLootQuality, PartyLootVote } from '../schema.generated.ts';
import type { LootRounds, LootSettings } from './rules.ts';

/** What becomes of loot, spelled as on the bus. */
export type LootEvent =
  | { readonly type: 'party:loot-settings-set'; readonly data: OfParty & LootSettings }
  | { readonly type: 'party:loot-dropped'; readonly data: Dropped }
  | { readonly type: 'party:loot-roll-cast'; readonly data: OfItem & OfPlayer }
  | { readonly type: 'party:loot-rolled'; readonly data: OfItem & Rolled }
  | { readonly type: 'party:loot-released'; readonly data: OfItem }
  | { readonly type: 'party:loot-revealed'; readonly data: OfDrop & Revealed }
  | { readonly type: 'party:loot-assigned'; readonly data: OfItem & OfPlayer }
  | { readonly type: 'party:loot-claimed'; readonly data: OfItem & OfPlayer };

interface OfParty {
  readonly partyId: string;
}

interface OfPlayer {
  readonly playerId: string;
}

interface OfDrop extends OfParty {
  readonly dropId: string;
}

export interface OfItem extends OfDrop {
  readonly itemId: string;
  readonly itemKey: string;
}

/** Has the commitment to the seed, never the seed. */
interface Dropped extends OfDrop {
  readonly source: string;
  readonly commitment: string;
  readonly items: readonly {
    readonly itemId: string;
    readonly itemKey: string;
    readonly name: string;
    readonly quality: PartyLootQuality;
    readonly mode: PartyLootMode;
    /** ISO 8601. Null where there is no vote. */
    readonly rollsUntil: string | null;
    readonly candidateIds: readonly string[];
  }[];
}

interface Rolled {
  readonly winnerId: string;
  /** Of all candidates. A null vote was not cast; the vote of who left does not count. */
  readonly votes: readonly {
    readonly playerId: string;
    readonly vote: PartyLootVote | null;
    readonly left: boolean;
  }[];
  readonly rounds: LootRounds;
}

interface Revealed {
  readonly commitment: string;
  readonly seed: string;
}
