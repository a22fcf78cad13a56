import type { PartyErrorCode, PartyReadyAnswer, PartyReadyCheckStatus } from '../schema.generated.ts';

/** A ready check as its rules see it: as last written. */
export interface ReadyCheckState {
  readonly status: PartyReadyCheckStatus;
  readonly expiresAt: Date;
}

/** What a member whom a ready check asks has answered. */
export interface AnswerState {
  readonly playerId: string;
  /** Null: nothing yet. */
  readonly answer: PartyReadyAnswer | null;
}

/** One that is open past its time has failed: had all answered, it would be over. */
export function statusAt({ status, expiresAt }: ReadyCheckState, now: Date): PartyReadyCheckStatus {
  return status === 'OPEN' && expiresAt <= now ? 'FAILED' : status;
}

/** `status`: as it is now. Answers are given once. */
export function mayRespond(
  status: PartyReadyCheckStatus,
  answers: readonly AnswerState[],
  playerId: string,
): PartyErrorCode | null {
  const asked = answers.find((answer) => answer.playerId === playerId);
  if (!asked) return 'NOT_ASKED';
  if (asked.answer !== null) return 'ALREADY_ANSWERED';
  return status === 'OPEN' ? null : 'READY_CHECK_OVER';
}

/** How a ready check ends with these answers. Null: it waits for more. */
export function outcomeOf(answers: readonly AnswerState[]): Exclude<PartyReadyCheckStatus, 'OPEN'> | null {
  if (answers.length === 0) return 'CANCELLED';
  if (answers.some(({ answer }) => answer === null)) return null;
  return answers.every(({ answer }) => answer === 'READY') ? 'PASSED' : 'FAILED';
}
