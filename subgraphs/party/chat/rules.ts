import type { PartyState } from '../membership/rules.ts';
import type { PartyErrorCode } from '../schema.generated.ts';

/** A message as its rules see it. */
export interface MessageState {
  readonly authorId: string;
  readonly deletedAt: Date | null;
}

/** Authors take back what they said, the leader what anyone did. */
export function mayDelete(party: PartyState, message: MessageState, actorId: string): PartyErrorCode | null {
  if (message.authorId !== actorId && party.leaderId !== actorId) return 'NOT_AUTHOR';
  return message.deletedAt === null ? null : 'MESSAGE_DELETED';
}
