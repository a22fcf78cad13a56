import { idOf } from '@fellowship/graphql';
import { and, eq, lte, type SQL } from 'drizzle-orm';
import type { Context, Tx } from '../context.ts';
import type { EndByItself } from '../deadlines/deadline.ts';
import { setDeadline } from '../deadlines/schedule.ts';
import { deny, denyIf } from '../denials.ts';
import { inboxLog, type PartyEvent, partyLog } from '../events.ts';
import { addMember } from '../membership/actions.ts';
import { mayJoin, mayLead } from '../membership/rules.ts';
import { enterParty, type LockedParty, lockActiveParty } from '../membership/state.ts';
import type { InviteRow } from '../rows.ts';
import type {
  PartyInviteAcceptInput,
  PartyInviteCancelInput,
  PartyInviteDeclineInput,
  PartyInviteInput,
  PartyInviteStatus,
} from '../schema.generated.ts';
import { invites } from '../tables/index.ts';
import { invitesById } from './queries.ts';
import { inviteLifetime, mayAnswer, mayInvite } from './rules.ts';

/** Asks a player in. Returns the invitation's id. */
export const invitePlayer = (context: Context, input: PartyInviteInput): Promise<string> =>
  context.command('partyInvite', input, async (tx) => {
    const inviterId = context.viewer.playerId;
    const party = await enterParty(tx, input.partyId, inviterId);
    const playerId = idOf(input.playerId) ?? deny('INVALID_INPUT', ['playerId']);
    await expireInvites(tx, and(eq(invites.partyId, party.id), eq(invites.playerId, playerId)));
    const pending = await tx.db.$count(
      invites,
      and(eq(invites.partyId, party.id), eq(invites.playerId, playerId), eq(invites.status, 'PENDING')),
    );
    denyIf(mayInvite(party, inviterId, playerId, pending > 0));
    const id = context.newId();
    const expiresAt = new Date(tx.now.getTime() + inviteLifetime);
    await tx.db
      .insert(invites)
      .values({ id, partyId: party.id, playerId, inviterId, createdAt: tx.now, expiresAt });
    await setDeadline(tx, { kind: 'INVITE', id, partyId: party.id, dueAt: expiresAt });
    tell(tx, 'party:invite-sent', { id, partyId: party.id, playerId });
    return id;
  });

/** Returns the invitation's id. */
export const cancelInvite = (context: Context, input: PartyInviteCancelInput): Promise<string> =>
  context.command('partyInviteCancel', input, async (tx) => {
    const { playerId } = context.viewer;
    const { invite, party } = await enterInvite(tx, input.inviteId);
    if (!party.memberIds.includes(playerId)) deny('INVITE_NOT_FOUND');
    denyIf(mayLead(party, playerId) ?? mayAnswer(invite.status));
    await settle(tx, invite, 'CANCELLED');
    tell(tx, 'party:invite-cancelled', invite);
    return invite.id;
  });

/** Returns the invitation's id. */
export const declineInvite = (context: Context, input: PartyInviteDeclineInput): Promise<string> =>
  context.command('partyInviteDecline', input, async (tx) => {
    const { invite } = await enterOwnInvite(tx, input.inviteId, context.viewer.playerId);
    denyIf(mayAnswer(invite.status));
    await settle(tx, invite, 'DECLINED');
    tell(tx, 'party:invite-declined', invite);
    return invite.id;
  });

/** Returns the party's id. */
export const acceptInvite = (context: Context, input: PartyInviteAcceptInput): Promise<string> =>
  context.command('partyInviteAccept', input, async (tx) => {
    const { playerId } = context.viewer;
    const { invite, party } = await enterOwnInvite(tx, input.inviteId, playerId);
    denyIf(mayAnswer(invite.status) ?? mayJoin(party, playerId));
    await settle(tx, invite, 'ACCEPTED');
    tell(tx, 'party:invite-accepted', invite);
    await addMember(tx, party.id, playerId, input.role ?? null);
    return party.id;
  });

interface LockedInvite {
  readonly invite: InviteRow;
  readonly party: LockedParty;
}

/** INVITE_NOT_FOUND to whom it is not for, its party's members included. */
async function enterOwnInvite(tx: Tx, inviteId: string, playerId: string): Promise<LockedInvite> {
  const entered = await enterInvite(tx, inviteId);
  if (entered.invite.playerId !== playerId) deny('INVITE_NOT_FOUND');
  return entered;
}

/** Locks an invitation's party and reads the invitation again behind the lock. */
async function enterInvite(tx: Tx, inviteId: string): Promise<LockedInvite> {
  const id = idOf(inviteId);
  const [before] = id === null ? [] : await invitesById(tx, { ids: [id], now: tx.now });
  const party = before ? await lockActiveParty(tx, before.partyId) : null;
  if (!before || !party) deny('INVITE_NOT_FOUND');
  const [invite = before] = await invitesById(tx, { ids: [before.id], now: tx.now });
  return { invite, party };
}

/** An invitation's deadline. */
export const expireInvite: EndByItself = (tx, _party, id) => expireInvites(tx, eq(invites.id, id));

/**
 * Ends those of the invitations that wait past their time. A new one does so before its own deadline may have
 * been met: the index that keeps one pending invitation a player knows no time.
 */
async function expireInvites(tx: Tx, those: SQL | undefined): Promise<void> {
  const expired = await tx.db
    .update(invites)
    .set({ status: 'EXPIRED' })
    .where(and(those, eq(invites.status, 'PENDING'), lte(invites.expiresAt, tx.now)))
    .returning({ id: invites.id, partyId: invites.partyId, playerId: invites.playerId });
  for (const invite of expired) tell(tx, 'party:invite-expired', invite);
}

async function settle(tx: Tx, invite: InviteRow, status: PartyInviteStatus): Promise<void> {
  await tx.db.update(invites).set({ status }).where(eq(invites.id, invite.id));
}

type InviteEvent = Extract<PartyEvent['type'], `party:invite-${string}`>;

/** Tells the party, and the player's inbox. */
function tell(tx: Tx, type: InviteEvent, invite: { id: string; partyId: string; playerId: string }): void {
  const { id: inviteId, partyId, playerId } = invite;
  tx.emit({
    type,
    subject: partyLog(partyId),
    copies: [inboxLog(playerId)],
    ...(type === 'party:invite-expired' && { byItself: true }),
    data: { inviteId, partyId, playerId },
  });
}
