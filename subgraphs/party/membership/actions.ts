import { idOf } from '@fellowship/graphql';
import { violatedConstraint } from '@fellowship/postgres';
import { and, eq, gt } from 'drizzle-orm';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { inboxLog, partyLog } from '../events.ts';
import type {
  PartyCreateInput,
  PartyDisbandInput,
  PartyJoinInput,
  PartyKickInput,
  PartyLeaderTransferInput,
  PartyLeaveInput,
  PartyRole,
  PartyRoleSetInput,
} from '../schema.generated.ts';
import { goalFrom, maxMembersFrom, noteFrom } from '../settings/values.ts';
import { invites, members, parties } from '../tables/index.ts';
import { onDisband, onMemberGone, onMembersChanged } from './consequences.ts';
import { deleteMember, insertMember, openInParty, recountMembers } from './queries.ts';
import { departure, mayJoin, mayKick, mayLead, maySetRole, mayTransfer } from './rules.ts';
import { enterParty, type LockedParty } from './state.ts';

/** Forms a party of one. Returns its id. */
export const createParty = (context: Context, input: PartyCreateInput): Promise<string> =>
  context.command('partyCreate', input, async (tx) => {
    const { playerId } = context.viewer;
    const id = context.newId();
    await tx.db.insert(parties).values({
      id,
      leaderId: playerId,
      joinPolicy: input.joinPolicy ?? 'INVITE_ONLY',
      maxMembers: maxMembersFrom(input.maxMembers ?? 5),
      goal: goalFrom(context.activities, input.goal ?? null),
      note: noteFrom(input.note ?? null),
      createdAt: tx.now,
    });
    tx.emit({ type: 'party:created', subject: partyLog(id), data: { partyId: id } });
    await addMember(tx, id, playerId, input.role ?? null);
    return id;
  });

/** Returns the party's id, here and below. */
export const joinParty = (context: Context, input: PartyJoinInput): Promise<string> =>
  context.command('partyJoin', input, async (tx) => {
    const { playerId } = context.viewer;
    const party = await enterParty(tx, input.partyId, playerId, ({ joinPolicy }) => joinPolicy === 'OPEN');
    denyIf(mayJoin(party, playerId));
    await addMember(tx, party.id, playerId, input.role ?? null);
    return party.id;
  });

export const leaveParty = (context: Context, input: PartyLeaveInput): Promise<string> =>
  context.command('partyLeave', input, async (tx) => {
    const { playerId } = context.viewer;
    const party = await enterParty(tx, input.partyId, playerId);
    await removeMember(tx, party, playerId, 'party:member-left');
    return party.id;
  });

export const kickMember = (context: Context, input: PartyKickInput): Promise<string> =>
  context.command('partyKick', input, async (tx) => {
    const party = await enterParty(tx, input.partyId, context.viewer.playerId);
    const playerId = idOf(input.playerId) ?? deny('NOT_A_MEMBER', ['playerId']);
    denyIf(mayKick(party, context.viewer.playerId, playerId));
    await removeMember(tx, party, playerId, 'party:member-kicked');
    return party.id;
  });

export const transferLead = (context: Context, input: PartyLeaderTransferInput): Promise<string> =>
  context.command('partyLeaderTransfer', input, async (tx) => {
    const party = await enterParty(tx, input.partyId, context.viewer.playerId);
    const playerId = idOf(input.playerId) ?? deny('NOT_A_MEMBER', ['playerId']);
    denyIf(mayTransfer(party, context.viewer.playerId, playerId));
    await setLeader(tx, party.id, playerId);
    return party.id;
  });

export const setRole = (context: Context, input: PartyRoleSetInput): Promise<string> =>
  context.command('partyRoleSet', input, async (tx) => {
    const party = await enterParty(tx, input.partyId, context.viewer.playerId);
    const playerId = idOf(input.playerId) ?? deny('NOT_A_MEMBER', ['playerId']);
    denyIf(maySetRole(party, context.viewer.playerId, playerId));
    const role = input.role ?? null;
    await tx.db.update(members).set({ role }).where(eq(members.playerId, playerId));
    await recountMembers(tx, party.id);
    tx.emit({
      type: 'party:role-set',
      subject: partyLog(party.id),
      data: { partyId: party.id, playerId, role },
    });
    const before = party.members.find((member) => member.playerId === playerId)?.role;
    if (role !== before) await onMembersChanged(tx, party.id);
    return party.id;
  });

export const disbandParty = (context: Context, input: PartyDisbandInput): Promise<string> =>
  context.command('partyDisband', input, async (tx) => {
    const party = await enterParty(tx, input.partyId, context.viewer.playerId);
    denyIf(mayLead(party, context.viewer.playerId));
    await disband(tx, party.id);
    return party.id;
  });

/** Puts a player into a party that the rules let them into. The database holds them to one party. */
export async function addMember(
  tx: Tx,
  partyId: string,
  playerId: string,
  role: PartyRole | null,
): Promise<void> {
  tx.emit({ type: 'party:member-joined', subject: partyLog(partyId), data: { partyId, playerId, role } });
  try {
    await Promise.all([
      insertMember(tx, { partyId, playerId, role, now: tx.now }),
      recountMembers(tx, partyId),
      onMembersChanged(tx, partyId),
    ]);
  } catch (error) {
    if (violatedConstraint(error) === 'members_one_party') deny('ALREADY_IN_PARTY');
    throw error;
  }
}

async function removeMember(
  tx: Tx,
  party: LockedParty,
  playerId: string,
  type: 'party:member-left' | 'party:member-kicked',
): Promise<void> {
  const { id } = party;
  const next = departure(party, playerId);
  tx.emit({ type, subject: partyLog(id), data: { partyId: id, playerId } });
  if (next.kind === 'DISBANDS') return disband(tx, id);
  const [open] = await Promise.all([
    openInParty(tx, id),
    deleteMember(tx, { partyId: id, playerId }),
    recountMembers(tx, id),
  ]);
  if (next.kind === 'NEW_LEADER') await setLeader(tx, id, next.leaderId);
  await onMemberGone(tx, id, playerId, open);
}

async function setLeader(tx: Tx, partyId: string, leaderId: string): Promise<void> {
  await tx.db.update(parties).set({ leaderId }).where(eq(parties.id, partyId));
  tx.emit({
    type: 'party:leader-changed',
    subject: partyLog(partyId),
    data: { partyId, playerId: leaderId },
  });
}

const nobody = { tanks: 0, healers: 0, dps: 0, undecided: 0 };

/** Ends a party: members go, who was asked in hears that it no longer asks, and what is open in it ends. */
async function disband(tx: Tx, partyId: string): Promise<void> {
  await tx.db.delete(members).where(eq(members.partyId, partyId));
  const cancelled = await tx.db
    .update(invites)
    .set({ status: 'CANCELLED' })
    // One that expired is called off no more, though its deadline may not have been met yet.
    .where(and(eq(invites.partyId, partyId), eq(invites.status, 'PENDING'), gt(invites.expiresAt, tx.now)))
    .returning({ inviteId: invites.id, playerId: invites.playerId });
  for (const { inviteId, playerId } of cancelled) {
    const data = { partyId, inviteId, playerId };
    tx.emit({
      type: 'party:invite-cancelled',
      subject: partyLog(partyId),
      copies: [inboxLog(playerId)],
      data,
    });
  }
  await onDisband(tx, partyId);
  await tx.db
    .update(parties)
    .set({ status: 'DISBANDED', leaderId: null, ...nobody })
    .where(eq(parties.id, partyId));
  tx.emit({ type: 'party:disbanded', subject: partyLog(partyId), data: { partyId } });
}
