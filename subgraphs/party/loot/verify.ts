import type { PartyLootItemStatus, PartyLootMode, PartyLootVote } from '../schema.generated.ts';
import { commitmentTo, diceOf } from './fairness.ts';
import { type LootRounds, resolve } from './rules.ts';

/** What of a `PartyLootDrop` takes part in the proof: `PublishedDrop` is what the graph answers to it. */
export const publishedFields = `commitment seed items {
  id mode status winner { id }
  candidates { player { id } mayNeed vote hasLeft }
  rounds { rolls { player { id } number } }
}`;

export interface PublishedDrop {
  /** SHA-256 of the seed, hexadecimal. */
  readonly commitment: string;
  /** Hexadecimal. Null while an item is rolled for. */
  readonly seed: string | null;
  readonly items: readonly PublishedItem[];
}

export interface PublishedItem {
  readonly id: string;
  readonly mode: PartyLootMode;
  readonly status: PartyLootItemStatus;
  readonly winner: PublishedPlayer | null;
  readonly candidates: readonly {
    readonly player: PublishedPlayer;
    readonly mayNeed: boolean;
    readonly vote: PartyLootVote | null;
    readonly hasLeft: boolean;
  }[];
  readonly rounds: readonly {
    readonly rolls: readonly { readonly player: PublishedPlayer; readonly number: number }[];
  }[];
}

interface PublishedPlayer {
  readonly id: string;
}

/**
 * Checks the history of a drop, with nothing but what is published: the seed is the one committed to, each number
 * follows from it, and each winner from the votes and the numbers. Returns what is wrong, in words; nothing: the
 * drop was fair.
 */
export function verifyDrop({ commitment, seed, items }: PublishedDrop): string[] {
  if (seed === null) return ['The seed is not revealed yet: an item is still rolled for'];
  if (!/^[0-9a-f]{64}$/.test(seed)) return ['The seed is not 32 bytes in hexadecimal'];
  if (commitmentTo(seed) !== commitment) return ['The seed is not the one that the drop committed to'];
  return items.flatMap((item) => verifyItem(item, seed).map((fault) => `Item ${item.id}: ${fault}`));
}

function verifyItem(item: PublishedItem, seed: string): string[] {
  const { id, mode, status, winner } = item;
  if (mode !== 'NEED_GREED' && mode !== 'PERSONAL') {
    return item.rounds.length > 0 ? ['it was rolled for, which its mode does not know'] : [];
  }
  const faults: string[] = [];
  if (status === 'ROLLING') faults.push('it is still rolled for, although the seed is revealed');
  if (item.candidates.some(({ vote, mayNeed }) => vote === 'NEED' && !mayNeed)) {
    faults.push('a NEED was counted that was forbidden');
  }
  const candidates = item.candidates.map(({ player, mayNeed, vote, hasLeft }) => {
    return { playerId: player.id, mayNeed, vote, left: hasLeft };
  });
  const { winnerId, rounds } = resolve({ mode, candidates }, diceOf(seed, id));
  const published = item.rounds.map(({ rolls }) =>
    rolls.map(({ player, number }) => ({ playerId: player.id, number })),
  );
  if (spell(rounds) !== spell(published))
    faults.push('the numbers do not follow from the seed and the votes');
  // Nobody rolled: then it was free, and may have been claimed since.
  if (winnerId !== null && winner?.id !== winnerId) faults.push('the winner is not who rolled highest');
  return faults;
}

/** Two histories are the same whatever the order in which the players of a round are told. */
function spell(rounds: LootRounds): string {
  const lines = rounds.map((rolls) => rolls.map(({ playerId, number }) => `${playerId} ${number}`).sort());
  return JSON.stringify(lines);
}
