import { eq } from 'drizzle-orm';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { tellGroup } from '../events.ts';
import { enterGroup } from '../groups/state.ts';
import { admit } from '../members/actions.ts';
import { roleOf } from '../members/queries.ts';
import { lockOrganization } from '../organizations/queries.ts';
import { mayModerate } from '../organizations/rules.ts';
import type { GroupCodeRegenerateInput, GroupJoinInput } from '../schema.generated.ts';
import { groupMembers, groups } from '../tables.ts';
import { codeFrom } from './code.ts';
import { withNewCode } from './new-code.ts';
import { groupByCode, type InvitedTo, isInGroup } from './queries.ts';

/** Returns the group's id, here and below. */
export const joinGroup = (context: Context, input: GroupJoinInput): Promise<string> =>
  context.command('groupJoin', input, async (tx) => {
    const { playerId } = context.viewer;
    const { groupId, organizationId } = await enterByCode(tx, input.code);
    if (await isInGroup(tx, { groupId, playerId })) deny('ALREADY_A_MEMBER');
    const key = { organizationId, playerId };
    if ((await roleOf(tx, key)) === null) await admit(tx, key);
    await tx.db.insert(groupMembers).values({ ...key, groupId, joinedAt: tx.now });
    tellGroup(tx, { type: 'group.member.added', data: { ...key, groupId } });
    return groupId;
  });

export const regenerateCode = (context: Context, input: GroupCodeRegenerateInput): Promise<string> =>
  context.command('groupCodeRegenerate', input, async (tx) => {
    const { id, organizationId, viewerRole } = await enterGroup(tx, input.groupId, context.viewer.playerId);
    denyIf(mayModerate(viewerRole));
    await withNewCode(tx, context.invitations.randomInt, (inviteCode) =>
      tx.db.update(groups).set({ inviteCode }).where(eq(groups.id, id)),
    );
    tellGroup(tx, { type: 'group.code.regenerated', data: { organizationId, groupId: id } });
    return id;
  });

/** Locks the organization of a code's group, and looks behind the lock whether the code still opens it. */
async function enterByCode(tx: Tx, input: string): Promise<InvitedTo> {
  const code = codeFrom(input) ?? deny('INVITE_NOT_FOUND', ['code']);
  const before = await groupByCode(tx, code);
  if (before) await lockOrganization(tx, before.organizationId);
  const group = before && (await groupByCode(tx, code));
  return group ?? deny('INVITE_NOT_FOUND', ['code']);
}
