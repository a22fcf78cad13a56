import type { ActivityRow, Affected } from '@fellowship/activity';
import type { LootEvent } from './loot/events.ts';
import type {
  PartyJoinPolicy,
  PartyQueueLeaveReason,
  PartyReadyAnswer,
  PartyReadyCheckStatus,
  PartyRole,
} from './schema.generated.ts';

/** Every event the party subgraph publishes, spelled as on the bus. */
export type PartyEvent =
  | { readonly type: 'party:created'; readonly data: OfParty }
  | { readonly type: 'party:member-joined'; readonly data: OfPlayer & { readonly role: PartyRole | null } }
  | { readonly type: 'party:member-left'; readonly data: OfPlayer }
  | { readonly type: 'party:member-kicked'; readonly data: OfPlayer }
  | { readonly type: 'party:leader-changed'; readonly data: OfPlayer }
  | { readonly type: 'party:role-set'; readonly data: OfPlayer & { readonly role: PartyRole | null } }
  | { readonly type: 'party:invite-sent'; readonly data: OfInvite }
  | { readonly type: 'party:invite-accepted'; readonly data: OfInvite }
  | { readonly type: 'party:invite-declined'; readonly data: OfInvite }
  | { readonly type: 'party:invite-cancelled'; readonly data: OfInvite }
  | { readonly type: 'party:invite-expired'; readonly data: OfInvite }
  | { readonly type: 'party:updated'; readonly data: OfSettings }
  | { readonly type: 'party:message-posted'; readonly data: OfMessage }
  | { readonly type: 'party:message-deleted'; readonly data: OfMessage }
  | { readonly type: 'party:quest-shared'; readonly data: OfQuest }
  | { readonly type: 'party:quest-progressed'; readonly data: OfProgress }
  | { readonly type: 'party:quest-completed'; readonly data: OfQuest }
  | { readonly type: 'party:quest-abandoned'; readonly data: OfQuest }
  | { readonly type: 'party:ready-check-started'; readonly data: OfReadyCheck }
  | { readonly type: 'party:ready-check-answered'; readonly data: OfReadyCheck & OfAnswer }
  | { readonly type: 'party:ready-check-finished'; readonly data: OfReadyCheck & OfOutcome }
  | { readonly type: 'party:queue-entered'; readonly data: OfQueue & OfGroup }
  | { readonly type: 'party:queue-left'; readonly data: OfQueue & { readonly reason: PartyQueueLeaveReason } }
  | { readonly type: 'party:match-found'; readonly data: OfQueue & { readonly matchId: string } }
  | LootEvent
  | { readonly type: 'party:disbanded'; readonly data: OfParty };

interface OfParty {
  readonly partyId: string;
}

interface OfPlayer extends OfParty {
  readonly playerId: string;
}

interface OfInvite extends OfPlayer {
  readonly inviteId: string;
}

interface OfSettings extends OfParty {
  readonly joinPolicy: PartyJoinPolicy;
  readonly maxMembers: number;
  readonly goal: string | null;
}

/** Never the text: a message that is deleted leaves none behind. */
interface OfMessage extends OfParty {
  readonly messageId: string;
}

interface OfQuest extends OfParty {
  readonly questId: string;
  readonly questKey: string;
}

interface OfProgress extends OfQuest {
  readonly playerId: string;
  readonly objectiveKey: string;
  readonly added: number;
  readonly progress: number;
  readonly target: number;
}

interface OfReadyCheck extends OfParty {
  readonly readyCheckId: string;
}

interface OfAnswer {
  readonly playerId: string;
  readonly answer: PartyReadyAnswer;
}

interface OfOutcome {
  readonly status: Exclude<PartyReadyCheckStatus, 'OPEN'>;
}

interface OfQueue extends OfParty {
  readonly entryId: string;
  readonly activity: string;
}

/** Whom the matchmaker finds a match for. */
interface OfGroup {
  readonly members: readonly { readonly playerId: string; readonly role: PartyRole | null }[];
}

/** An event in the log, e.g. `PartyEventRow<'party:role-set'>`. */
export type PartyEventRow<Type extends PartyEvent['type'] = PartyEvent['type']> = ActivityRow<
  Extract<PartyEvent, { type: Type }>
>;

/** The log of a party, which its members read. */
export const partyLog = (partyId: string): string => `party:${partyId}`;

/** The log of what concerns a player, which only the player reads. */
export const inboxLog = (playerId: string): string => `player:${playerId}`;

/** Whom an event of the party may have taken the party from. */
export function whoLeaves(event: PartyEventRow): Affected {
  switch (event.type) {
    case 'party:member-left':
    case 'party:member-kicked':
      return [event.data.playerId];
    case 'party:disbanded':
      return 'everyone';
    default:
      return [];
  }
}
