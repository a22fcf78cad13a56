import { idOf } from '@fellowship/graphql';
import { and, eq } from 'drizzle-orm';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { tellGroup, tellOrganization } from '../events.ts';
import { groupIdsOfOrganization } from '../groups/queries.ts';
import { enterOrganization } from '../organizations/state.ts';
import { releaseAll, releaseUnseen } from '../registrations/release.ts';
import type {
  OrganizationLeaveInput,
  OrganizationMemberAddInput,
  OrganizationMemberRemoveInput,
  OrganizationMemberRoleSetInput,
  OrganizationRole,
} from '../schema.generated.ts';
import { groupMembers, organizationMembers } from '../tables/index.ts';
import { addToOrganization, roleOf } from './queries.ts';
import { losesSight, mayAdd, mayLeave, mayRemove, maySetRole, type Target } from './rules.ts';

/** Names a member. */
export interface MemberKey {
  readonly organizationId: string;
  readonly playerId: string;
}

export const addMember = (context: Context, input: OrganizationMemberAddInput): Promise<MemberKey> =>
  context.command('organizationMemberAdd', input, async (tx) => {
    const { key, target, viewerRole } = await enterMember(tx, context, input, 'INVALID_INPUT');
    denyIf(mayAdd(viewerRole, target));
    admit(tx, key);
    return key;
  });

export const setRole = (context: Context, input: OrganizationMemberRoleSetInput): Promise<MemberKey> =>
  context.command('organizationMemberRoleSet', input, async (tx) => {
    const { key, target, viewerRole } = await enterMember(tx, context, input, 'NOT_A_MEMBER');
    denyIf(maySetRole(viewerRole, target, input.role));
    if (target.role === null || target.role === input.role) return key;
    if (input.role === 'OWNER') await transfer(tx, key, context.viewer.playerId);
    else await changeRole(tx, key, target.role, input.role);
    return key;
  });

/** Returns the organization's id, as does the next. */
export const removeMember = (context: Context, input: OrganizationMemberRemoveInput): Promise<string> =>
  context.command('organizationMemberRemove', input, async (tx) => {
    const { key, target, viewerRole } = await enterMember(tx, context, input, 'NOT_A_MEMBER');
    denyIf(mayRemove(viewerRole, target));
    if (target.role !== null) await dismiss(tx, key, target.role, 'removed');
    return key.organizationId;
  });

export const leaveOrganization = (context: Context, input: OrganizationLeaveInput): Promise<string> =>
  context.command('organizationLeave', input, async (tx) => {
    const { playerId } = context.viewer;
    const { id, viewerRole } = await enterOrganization(tx, input.organizationId, playerId);
    denyIf(mayLeave(viewerRole));
    await dismiss(tx, { organizationId: id, playerId }, viewerRole, 'left');
    return id;
  });

interface Entered {
  readonly key: MemberKey;
  readonly target: Target;
  readonly viewerRole: OrganizationRole;
}

/** Locks the organization and reads what the player is in it. `malformed`: what a playerId that is no id means. */
async function enterMember(
  tx: Tx,
  { viewer }: Context,
  input: { readonly organizationId: string; readonly playerId: string },
  malformed: 'INVALID_INPUT' | 'NOT_A_MEMBER',
): Promise<Entered> {
  const { id: organizationId, viewerRole } = await enterOrganization(
    tx,
    input.organizationId,
    viewer.playerId,
  );
  const playerId = idOf(input.playerId) ?? deny(malformed, ['playerId']);
  const key = { organizationId, playerId };
  const target = { isActor: playerId === viewer.playerId, role: await roleOf(tx, key) };
  return { key, target, viewerRole };
}

/** Makes a player a MEMBER, whom the rules let in and who is not in yet. */
export function admit(tx: Tx, key: MemberKey): void {
  const member = { ...key, role: 'MEMBER' } as const;
  addToOrganization(tx, { ...member, now: tx.now });
  tellOrganization(tx, { type: 'organization.member.added', data: member });
}

async function changeRole(
  tx: Tx,
  key: MemberKey,
  before: OrganizationRole,
  role: OrganizationRole,
): Promise<void> {
  await tx.db.update(organizationMembers).set({ role }).where(isMember(key));
  const blinded = losesSight(before, role) ? await groupIdsOfOrganization(tx, key.organizationId) : [];
  tellOrganization(tx, { type: 'organization.member.role.set', data: { ...key, role } }, blinded);
  if (losesSight(before, role)) await releaseUnseen(tx, key);
}

/** The old owner steps down first: the database allows no second one, not for a moment. */
async function transfer(tx: Tx, key: MemberKey, ownerId: string): Promise<void> {
  const owner = { organizationId: key.organizationId, playerId: ownerId };
  await tx.db.update(organizationMembers).set({ role: 'MODERATOR' }).where(isMember(owner));
  await tx.db.update(organizationMembers).set({ role: 'OWNER' }).where(isMember(key));
  tellOrganization(tx, { type: 'organization.owner.changed', data: key });
}

/** Takes a player out of the organization, out of all its groups and events. */
async function dismiss(
  tx: Tx,
  key: MemberKey,
  role: OrganizationRole,
  how: 'left' | 'removed',
): Promise<void> {
  const left = await tx.db
    .delete(groupMembers)
    .where(and(eq(groupMembers.organizationId, key.organizationId), eq(groupMembers.playerId, key.playerId)))
    .returning({ groupId: groupMembers.groupId });
  for (const { groupId } of left) tellGroup(tx, { type: `group.member.${how}`, data: { groupId, ...key } });
  await releaseAll(tx, key);
  await tx.db.delete(organizationMembers).where(isMember(key));
  const blinded = losesSight(role, null) ? await groupIdsOfOrganization(tx, key.organizationId) : [];
  tellOrganization(tx, { type: `organization.member.${how}`, data: key }, blinded);
}

const isMember = ({ organizationId, playerId }: MemberKey) =>
  and(eq(organizationMembers.organizationId, organizationId), eq(organizationMembers.playerId, playerId));
