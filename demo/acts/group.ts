import { granted, type Player, type Stage } from '../stage.ts';

/** Bea runs an organization with a private group, and Cyd joins it by its code. */
export async function group(stage: Stage, [, bea, cyd]: readonly Player[]): Promise<void> {
  if (!bea || !cyd) throw new Error('The group needs three players');
  stage.tell('Bea opens an organization with a private group and watches it.');
  const { organization } = granted(
    await bea.mutate('organizationCreate', { name: 'The Guildhall' }, 'organization { id }'),
  );
  const input = { organizationId: organization.id, name: 'Council' };
  const created = granted(await bea.mutate('groupCreate', input, 'group { id inviteCode inviteUrl }'));
  const { id: groupId, inviteCode, inviteUrl } = created.group;
  const watch = await stage.watch(
    bea,
    'subscription ($groupId: ID!) { groupActivity(groupId: $groupId) { __typename actor { id } } }',
    { groupId },
  );

  stage.tell(`Cyd is told the code ${inviteCode} (${inviteUrl}) and joins.`);
  granted(await cyd.mutate('groupJoin', { code: inviteCode.toLowerCase() }, 'group { name }'));
  await watch.saw('GroupMemberAdded');
}
