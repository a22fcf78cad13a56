import type { PartyState } from '../membership/rules.ts';
import type {
  PartyErrorCode,
  PartyLootItemStatus,
  PartyLootMode,
  PartyLootQuality,
  PartyLootVote,
} from '../schema.generated.ts';

/** How a party gives out loot, and what a drop keeps of it. */
export interface LootSettings {
  readonly lootMode: PartyLootMode;
  readonly lootThreshold: PartyLootQuality;
  /** As the leader chose. Null: whoever leads. */
  readonly masterLooterId: string | null;
  readonly rollSeconds: number;
}

/** An item as its rules see it: its party is locked. */
export interface LootItemState {
  readonly mode: PartyLootMode;
  readonly status: PartyLootItemStatus;
  /** Null where there is no vote. */
  readonly rollsUntil: Date | null;
  readonly candidates: readonly Candidate[];
}

/** A player who may have an item. */
export interface Candidate {
  readonly playerId: string;
  readonly mayNeed: boolean;
  /** Null: not cast, which is a PASS once the item is resolved. */
  readonly vote: PartyLootVote | null;
  /** Went from the party while the item was rolled for: neither votes nor wins. */
  readonly left: boolean;
}

/** The dice: a player's number in a round, 1 to 100. Rounds count from 1. */
export type Dice = (playerId: string, round: number) => number;

/** Each player's number in each round, in order. */
export type LootRounds = readonly (readonly { readonly playerId: string; readonly number: number }[])[];

const worth: Readonly<Record<PartyLootQuality, number>> = {
  POOR: 0,
  COMMON: 1,
  UNCOMMON: 2,
  RARE: 3,
  EPIC: 4,
  LEGENDARY: 5,
};

/** How long players may have to vote, in seconds. */
export const rollTime = [5, 300] as const;

/** Items below the threshold are free for all, whatever the mode. */
export function modeOf(quality: PartyLootQuality, settings: LootSettings): PartyLootMode {
  return worth[quality] < worth[settings.lootThreshold] ? 'FREE_FOR_ALL' : settings.lootMode;
}

/** Where an item stands when it drops. PERSONAL is a roll that waits for no votes. */
export function statusAtDrop(mode: PartyLootMode): PartyLootItemStatus {
  if (mode === 'FREE_FOR_ALL') return 'FREE';
  return mode === 'MASTER_LOOTER' ? 'UNASSIGNED' : 'ROLLING';
}

/** Whom the leader chose, for as long as they are a member; else the leader. */
export function masterLooter(
  { masterLooterId }: Pick<LootSettings, 'masterLooterId'>,
  party: Pick<PartyState, 'leaderId' | 'memberIds'>,
): string {
  return masterLooterId !== null && party.memberIds.includes(masterLooterId)
    ? masterLooterId
    : party.leaderId;
}

/** The members of now, as far as the report lets them have it. */
export function candidatesAtDrop(
  memberIds: readonly string[],
  eligible: readonly string[] | null,
  needForbidden: readonly string[],
): Candidate[] {
  return memberIds
    .filter((playerId) => eligible === null || eligible.includes(playerId))
    .map((playerId) => ({ playerId, mayNeed: !needForbidden.includes(playerId), vote: null, left: false }));
}

const standing = (item: LootItemState, playerId: string) =>
  item.candidates.find((candidate) => candidate.playerId === playerId && !candidate.left);

export function mayRoll(
  item: LootItemState,
  playerId: string,
  vote: PartyLootVote,
  now: Date,
): PartyErrorCode | null {
  const candidate = standing(item, playerId);
  if (!candidate) return 'NOT_ELIGIBLE';
  if (candidate.vote !== null) return 'ALREADY_ROLLED';
  // Past its deadline it is closed, whether or not anyone has come to resolve it.
  if (item.status !== 'ROLLING' || isOver(item, now)) return 'ROLL_CLOSED';
  return vote === 'NEED' && !candidate.mayNeed ? 'NEED_FORBIDDEN' : null;
}

export function mayClaim(item: LootItemState, playerId: string): PartyErrorCode | null {
  if (!standing(item, playerId)) return 'NOT_ELIGIBLE';
  if (item.status === 'AWARDED') return 'ALREADY_AWARDED';
  return item.status === 'FREE' ? null : 'NOT_FREE';
}

/** `looterId` is who has that right now. Only a member gets anything. */
export function mayAssign(
  item: LootItemState,
  party: Pick<PartyState, 'memberIds'>,
  looterId: string,
  actorId: string,
  playerId: string,
): PartyErrorCode | null {
  if (item.mode !== 'MASTER_LOOTER') return 'NOT_ASSIGNABLE';
  if (actorId !== looterId) return 'NOT_MASTER_LOOTER';
  if (item.status === 'AWARDED') return 'ALREADY_AWARDED';
  if (!party.memberIds.includes(playerId)) return 'NOT_A_MEMBER';
  return standing(item, playerId) ? null : 'NOT_ELIGIBLE';
}

/** Whether an item that is rolled for waits for nobody any more. */
export function isOver(item: LootItemState, now: Date): boolean {
  if (item.rollsUntil === null || item.rollsUntil <= now) return true;
  return !item.candidates.some(isAwaited);
}

/** Whether an open item waits for this player's vote alone. */
export const isLastToVote = (item: LootItemState, playerId: string): boolean =>
  item.candidates.every((candidate) => candidate.playerId === playerId || !isAwaited(candidate));

const isAwaited = ({ vote, left }: Candidate): boolean => !left && vote === null;

/**
 * Rolls for an item by the votes as they are: any NEED beats every GREED, and in PERSONAL every candidate rolls.
 * Without a winner, nobody wanted it.
 */
export function resolve(item: Pick<LootItemState, 'mode' | 'candidates'>, dice: Dice): Contest {
  const present = item.candidates.filter(({ left }) => !left);
  const voted = (wanted: PartyLootVote) => present.filter(({ vote }) => vote === wanted);
  const need = voted('NEED');
  const rollers = item.mode === 'PERSONAL' ? present : need.length > 0 ? need : voted('GREED');
  return contest(
    rollers.map(({ playerId }) => playerId),
    dice,
  );
}

export interface Contest {
  readonly winnerId: string | null;
  readonly rounds: LootRounds;
}

/** The highest number wins; the tied roll again among themselves until one is highest. */
function contest(playerIds: readonly string[], dice: Dice, round = 1): Contest {
  if (playerIds.length === 0) return { winnerId: null, rounds: [] };
  const rolls = playerIds.map((playerId) => ({ playerId, number: dice(playerId, round) }));
  const highest = Math.max(...rolls.map(({ number }) => number));
  const tied = rolls.filter(({ number }) => number === highest).map(({ playerId }) => playerId);
  if (tied.length === 1) return { winnerId: tied[0] ?? null, rounds: [rolls] };
  const { winnerId, rounds } = contest(tied, dice, round + 1);
  return { winnerId, rounds: [rolls, ...rounds] };
}
