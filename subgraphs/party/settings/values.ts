import type { Activities } from '../composition/activities.ts';
import { deny } from '../denials.ts';
import { linesFrom, numberFrom } from '../texts.ts';

/** The longest note, in characters. */
const longestNote = 200;

// What players set about a party, as it is kept.

export const maxMembersFrom = (input: number): number => numberFrom(input, [2, 5], ['maxMembers']);

export function goalFrom(activities: Activities, input: string | null): string | null {
  if (input !== null && !activities.has(input)) deny('ACTIVITY_NOT_FOUND', ['goal']);
  return input;
}

/** Null when there is none, or only spaces. */
export const noteFrom = (input: string | null): string | null =>
  input === null || input.trim() === '' ? null : linesFrom(input, longestNote, ['note']);
