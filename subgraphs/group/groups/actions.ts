import { idOf } from '@fellowship/graphql';
import { and, eq } from 'drizzle-orm';
import { withNewCode } from '../codes/new-code.ts';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { tellGroup } from '../events.ts';
import { unbindGroup } from '../organization-events/unbind.ts';
import { mayDelete, mayModerate } from '../organizations/rules.ts';
import { enterOrganization } from '../organizations/state.ts';
import { releaseUnseen } from '../registrations/release.ts';
import type { GroupRow } from '../rows.ts';
import type {
  GroupCreateInput,
  GroupDeleteInput,
  GroupLeaveInput,
  GroupMemberRemoveInput,
  GroupUpdateInput,
} from '../schema.generated.ts';
import { groupMembers, groups } from '../tables/index.ts';
import { changesFrom, descriptionFrom, nameFrom } from '../texts.ts';
import { enterGroup } from './state.ts';

/** Returns the group's id, here and below. */
export const createGroup = (context: Context, input: GroupCreateInput): Promise<string> =>
  context.command('groupCreate', input, async (tx) => {
    const { playerId } = context.viewer;
    const { id: organizationId, viewerRole } = await enterOrganization(tx, input.organizationId, playerId);
    denyIf(mayModerate(viewerRole));
    const id = context.newId();
    const name = nameFrom(input.name);
    const description = descriptionFrom(input.description);
    const times = { createdAt: tx.now, updatedAt: tx.now };
    await withNewCode(tx, context.invitations.randomInt, (inviteCode) =>
      tx.db
        .insert(groups)
        .values({ id, organizationId, name, description, inviteCode, creatorId: playerId, ...times }),
    );
    tellGroup(tx, { type: 'group.created', data: { organizationId, groupId: id } });
    return id;
  });

export const updateGroup = (context: Context, input: GroupUpdateInput): Promise<string> =>
  context.command('groupUpdate', input, async (tx) => {
    const group = await enterGroup(tx, input.groupId, context.viewer.playerId);
    denyIf(mayModerate(group.viewerRole));
    await tx.db
      .update(groups)
      .set({ ...changesFrom(input), updatedAt: tx.now })
      .where(eq(groups.id, group.id));
    tellGroup(tx, { type: 'group.updated', data: ofGroup(group) });
    return group.id;
  });

export const deleteGroup = (context: Context, input: GroupDeleteInput): Promise<string> =>
  context.command('groupDelete', input, async (tx) => {
    const group = await enterGroup(tx, input.groupId, context.viewer.playerId);
    denyIf(mayDelete(group.viewerRole));
    await tx.db.delete(groupMembers).where(eq(groupMembers.groupId, group.id));
    await unbindGroup(tx, ofGroup(group));
    await tx.db.delete(groups).where(eq(groups.id, group.id));
    tellGroup(tx, { type: 'group.deleted', data: ofGroup(group) });
    return group.id;
  });

export const leaveGroup = (context: Context, input: GroupLeaveInput): Promise<string> =>
  context.command('groupLeave', input, async (tx) => {
    const group = await enterGroup(tx, input.groupId, context.viewer.playerId);
    await takeOut(tx, group, context.viewer.playerId, 'left');
    return group.id;
  });

export const removeGroupMember = (context: Context, input: GroupMemberRemoveInput): Promise<string> =>
  context.command('groupMemberRemove', input, async (tx) => {
    const group = await enterGroup(tx, input.groupId, context.viewer.playerId);
    denyIf(mayModerate(group.viewerRole));
    const playerId = idOf(input.playerId) ?? deny('NOT_A_MEMBER', ['playerId']);
    await takeOut(tx, group, playerId, 'removed');
    return group.id;
  });

async function takeOut(tx: Tx, group: GroupRow, playerId: string, how: 'left' | 'removed'): Promise<void> {
  const out = await tx.db
    .delete(groupMembers)
    .where(and(eq(groupMembers.groupId, group.id), eq(groupMembers.playerId, playerId)))
    .returning({ playerId: groupMembers.playerId });
  if (out.length === 0) deny('NOT_A_MEMBER');
  tellGroup(tx, { type: `group.member.${how}`, data: { ...ofGroup(group), playerId } });
  await releaseUnseen(tx, { organizationId: group.organizationId, playerId });
}

const ofGroup = ({ id, organizationId }: GroupRow) => ({ organizationId, groupId: id });
