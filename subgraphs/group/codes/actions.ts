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
import { addToGroup, lockByCode, openedByCode } from './queries.ts';

/**
 * Returns the group's id, here and below. Many join at once, so nothing is held while it is decided; the statement that
 * adds the player then holds what it was decided on, unchanged, or all is decided again, and then behind a lock. So what
 * was found of the group is the reply's too: nobody has to read it once more.
 */
export const joinGroup = (context: Context, input: GroupJoinInput): Promise<string> =>
  context.command('groupJoin', input, async (tx) => {
    const { playerId } = context.viewer;
    const code = codeFrom(input.code) ?? deny('INVITE_NOT_FOUND', ['code']);
    const by = { code, playerId };
    const opened = tx.again ? await lockByCode(tx, by) : await openedByCode(context.reads, by);
    const { role, isMember, version, ...group } = opened ?? deny('INVITE_NOT_FOUND', ['code']);
    if (isMember) deny('ALREADY_A_MEMBER');
    const { id: groupId, organizationId } = group;
    const key = { organizationId, playerId };
    // First, since it locks the organization: the order of all who change it.
    addToGroup(tx, { ...key, groupId, version, role, now: tx.now });
    if (role === null) admit(tx, key);
    tellGroup(tx, { type: 'group.member.added', data: { ...key, groupId } });
    tx.onCommit(() => context.loaders.group.prime(groupId, { ...group, viewerRole: role ?? 'MEMBER' }));
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
