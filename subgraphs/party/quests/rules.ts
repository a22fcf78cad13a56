import type { PartyState } from '../membership/rules.ts';
import type { PartyErrorCode } from '../schema.generated.ts';

/** The most quests a party is at. */
export const mostQuests = 25;

/** A quest as its rules see it. */
export interface QuestState {
  readonly key: string;
  readonly sharerId: string;
  readonly status: 'ACTIVE' | 'COMPLETED' | 'ABANDONED';
}

/** An objective as its rules see it. */
export interface ObjectiveState {
  readonly key: string;
  readonly progress: number;
  readonly target: number;
}

/** `active`: the quests the party is at. */
export function mayShare(active: readonly QuestState[], key: string): PartyErrorCode | null {
  if (active.some((quest) => quest.key === key)) return 'QUEST_ALREADY_SHARED';
  return active.length >= mostQuests ? 'TOO_MANY_QUESTS' : null;
}

export function mayAbandon(party: PartyState, quest: QuestState, actorId: string): PartyErrorCode | null {
  if (quest.status !== 'ACTIVE') return 'QUEST_NOT_FOUND';
  return quest.sharerId === actorId || party.leaderId === actorId ? null : 'NOT_SHARER';
}

/** What a report does to a quest. */
export interface Progress {
  /** How much of it counts: nothing beyond the target. */
  readonly added: number;
  readonly progress: number;
  readonly target: number;
  /** Whether every objective has reached its target with it. */
  readonly completes: boolean;
}

/** Null: the quest has no such objective. */
export function progressBy(
  objectives: readonly ObjectiveState[],
  key: string,
  amount: number,
): Progress | null {
  const objective = objectives.find((candidate) => candidate.key === key);
  if (!objective) return null;
  const { target } = objective;
  const added = Math.min(amount, target - objective.progress);
  const progress = objective.progress + added;
  const others = objectives.filter((other) => other !== objective);
  const completes = progress === target && others.every((other) => other.progress === other.target);
  return { added, progress, target, completes };
}
