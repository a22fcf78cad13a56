import { eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { tellGroup } from '../events.ts';
import { enterGroup } from '../groups/state.ts';
import { admit } from '../members/actions.ts';
import { mayModerate } from '../organizations/rules.ts';
import type { GroupCodeRegenerateInput, GroupJoinInput } from '../schema.generated.ts';
import { groups } from '../tables/index.ts';
import { codeFrom } from './code.ts';
import { withNewCode } from './new-code.ts';
import { addToGroup, lockByCode } from './queries.ts';

/** Returns the group's id, here and below. */
export const joinGroup = (context: Context, input: GroupJoinInput): Promise<string> =>
  context.command('groupJoin', input, async (tx) => {
    const { playerId } = context.viewer;
    const code = codeFrom(input.code) ?? deny('INVITE_NOT_FOUND', ['code']);
    const group = (await lockByCode(tx, { code, playerId })) ?? deny('INVITE_NOT_FOUND', ['code']);
    if (group.joinedAt) deny('ALREADY_A_MEMBER');
    const { groupId, organizationId, role } = group;
    const key = { organizationId, playerId };
    if (role === null) admit(tx, key);
    addToGroup(tx, { ...key, groupId, now: tx.now });
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
