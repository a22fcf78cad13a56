import type { ActivityRow } from '@fellowship/activity';
import type { PartyRole } from './schema.generated.ts';

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

/** An event in the log, e.g. `PartyEventRow<'party:role-set'>`. */
export type PartyEventRow<Type extends PartyEvent['type'] = PartyEvent['type']> = ActivityRow<
  Extract<PartyEvent, { type: Type }>
>;

/** The log of a party, which its members read. */
export const partyLog = (partyId: string): string => `party:${partyId}`;

/** The log of what concerns a player, which only the player reads. */
export const inboxLog = (playerId: string): string => `player:${playerId}`;

/** Events after which a member may have lost the party. */
export const endsMembership: ReadonlySet<PartyEvent['type']> = new Set([
  'party:member-left',
  'party:member-kicked',
  'party:disbanded',
]);
