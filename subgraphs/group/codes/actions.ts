import { eq } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { tellGroup } from '../events.ts';
import { enterGroup } from '../groups/state.ts';
import { admit } from '../members/actions.ts';
import { mayModerate } from '../organizations/rules.ts';
import type { GroupRow } from '../rows.ts';
import type { GroupCodeRegenerateInput, GroupJoinInput } from '../schema.generated.ts';
import { groups } from '../tables/index.ts';
import { codeFrom } from './code.ts';
import { withNewCode } from './new-code.ts';
import { addToGroup, openedByCode } from './queries.ts';

/**
 * Returns the group's id, here and below. Many join at once, so nothing is held while it is decided; the statement that
 * adds the player then holds what it was decided on, or all is decided again. What was found of the group is the
 * reply's: nobody has to read it once more.
 */
export async function joinGroup(context: Context, input: GroupJoinInput): Promise<string> {
  const { playerId } = context.viewer;
  let joined: GroupRow | undefined;
  const id = await context.command('groupJoin', input, async (tx) => {
    const code = codeFrom(input.code) ?? deny('INVITE_NOT_FOUND', ['code']);
    const opened = await openedByCode(context.reads, { code, playerId });
    const { role, isMember, ...group } = opened ?? deny('INVITE_NOT_FOUND', ['code']);
    if (isMember) deny('ALREADY_A_MEMBER');
    const { id: groupId, organizationId } = group;
    const key = { organizationId, playerId };
    addToGroup(tx, { ...key, groupId, code, now: tx.now });
    if (role === null) admit(tx, key);
    tellGroup(tx, { type: 'group.member.added', data: { ...key, groupId } });
    joined = { ...group, viewerRole: role ?? 'MEMBER' };
    return groupId;
  });
  if (joined) context.loaders.group.prime(id, joined);
  return id;
}

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
