import type { Player } from '../../kit/client.ts';
import { act, type Story } from './story.ts';

/** What an organization and its group go through, heard by its owner, a moderator and members in and out of the group. */
export async function group({ players, open }: Story): Promise<void> {
  const [ada, bea, cyd] = await players('Ada', 'Bea', 'Cyd');
  const [dan, eve, fay] = await players('Dan', 'Eve', 'Fay');
  const { organization } = await act(ada, 'organizationCreate', { name: 'Guildhall' }, 'organization { id }');
  const organizationId: string = organization.id;
  const add = ({ id: playerId }: Player) => ({ organizationId, playerId });
  for (const player of [bea, cyd, dan])
    await act(ada, 'organizationMemberAdd', add(player), 'member { role }');
  await act(ada, 'organizationMemberRoleSet', { ...add(bea), role: 'MODERATOR' }, 'member { role }');
  const created = await act(
    ada,
    'groupCreate',
    { organizationId, name: 'Council' },
    'group { id inviteCode }',
  );
  const groupId: string = created.group.id;
  await act(cyd, 'groupJoin', { code: created.group.inviteCode }, 'group { id }');
  await act(dan, 'groupJoin', { code: created.group.inviteCode }, 'group { id }');

  const ofGroup = {
    field: `groupActivity(groupId: "${groupId}")`,
    schema: 'social_group',
    subject: `group:${groupId}`,
    readers: [ada, bea, cyd, dan],
  };
  const ofAll = {
    field: `organizationActivity(organizationId: "${organizationId}")`,
    schema: 'social_group',
  };
  const moderated = { ...ofAll, subject: `moderation:${organizationId}`, readers: [ada, bea] };
  const known = { ...ofAll, subject: `organization:${organizationId}`, readers: [cyd, dan] };
  const logs = await Promise.all([ofGroup, moderated, known].map(open));
  const then = async (player: Player, name: string, input: object, payload = 'group { id }') => {
    const answer = await act(player, name, input, payload);
    for (const log of logs) await log.compare();
    return answer;
  };

  await then(
    ada,
    'organizationUpdate',
    { organizationId, description: 'By the river' },
    'organization { id }',
  );
  await then(ada, 'groupUpdate', { groupId, description: 'Of elders' });
  const { group } = await then(ada, 'groupCodeRegenerate', { groupId }, 'group { inviteCode }');
  const code: string = group.inviteCode;
  await then(eve, 'groupJoin', { code });
  await then(eve, 'groupLeave', { groupId });
  await then(fay, 'groupJoin', { code });
  await then(bea, 'groupMemberRemove', { groupId, playerId: fay.id });
  await then(eve, 'organizationLeave', { organizationId }, 'organization { id }');
  await then(ada, 'organizationMemberRemove', add(fay), 'organization { id }');

  const plan = {
    organizationId,
    name: 'Supper',
    groupIds: [groupId],
    isPublic: true,
    startsAt: '2131-05-04T20:30:00+02:00',
    endsAt: '2131-05-04T23:30:00+02:00',
    timeZone: 'Europe/Berlin',
    capacity: 1,
  };
  const { organizationEvent } = await then(ada, 'organizationEventCreate', plan, 'organizationEvent { id }');
  const on = { organizationEventId: organizationEvent.id as string };
  for (const player of [cyd, dan])
    await then(player, 'organizationEventRegister', on, 'registration { status }');
  await then(cyd, 'organizationEventUnregister', on, 'organizationEvent { id }');
  await then(ada, 'organizationEventUpdate', { ...on, name: 'Feast' }, 'organizationEvent { id }');
  await then(ada, 'organizationEventUpdate', { ...on, isPublic: false }, 'organizationEvent { id }');
  await then(
    ada,
    'organizationEventUpdate',
    { ...on, isPublic: true, groupIds: [] },
    'organizationEvent { id }',
  );
  await then(ada, 'organizationEventCancel', on, 'organizationEvent { id }');

  for (const log of logs) await log.compareAll();

  await act(ada, 'groupDelete', { groupId }, 'group { id }');
  await logs[0]?.compareLast();
  for (const log of logs.slice(1)) await log.compare();
  // Their roles change by it, and with them the logs they read.
  await act(ada, 'organizationMemberRoleSet', { ...add(bea), role: 'OWNER' }, 'member { role }');
  for (const log of logs.slice(1)) await log.compare();
  await act(bea, 'organizationDelete', { organizationId }, 'organization { id }');
  for (const log of logs.slice(1)) await log.compareLast();
}
