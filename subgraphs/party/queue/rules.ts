import type { PartyErrorCode, PartyRoleNeed } from '../schema.generated.ts';

/** `missing`: what the party lacks for the activity. */
export function mayEnter(waiting: boolean, missing: readonly PartyRoleNeed[]): PartyErrorCode | null {
  if (waiting) return 'ALREADY_QUEUED';
  return missing.length > 0 ? 'COMPOSITION_INCOMPLETE' : null;
}

/** A match is for the entry that waits, and where it names one, for that alone. */
export function mayMatch(waitingId: string | null, entryId: string | null): PartyErrorCode | null {
  return waitingId !== null && (entryId === null || entryId === waitingId) ? null : 'NOT_QUEUED';
}

/** `1 HEALER, 2 DPS` */
export const inWords = (missing: readonly PartyRoleNeed[]): string =>
  missing.map(({ role, count }) => `${count} ${role}`).join(', ');
