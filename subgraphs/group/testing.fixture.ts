import assert from 'node:assert/strict';
import type { Viewer } from '@fellowship/identity';
import { type Data, startSubgraph, type TestSubgraph, viewer } from '../../test/kit/subgraph.ts';
import type { InvitationDeps } from './codes/invitations.ts';
import { createSubgraph } from './server.ts';

export type TestGroup = Awaited<ReturnType<typeof startGroup>>;

/** The group subgraph on a database of its own, and its mutations as one-liners. */
export async function startGroup(invitations: InvitationDeps = {}) {
  const test = await startSubgraph('group', (deps) => createSubgraph({ ...deps, ...invitations }));
  const told = mutations(test);
  return { ...test, ...told, ...scenes(told), ...soundness(test) };
}

const organization = 'organization { id name description viewerRole }';
const member = 'member { player { id } role }';
const group = 'group { id name description inviteCode }';
const event = 'organizationEvent { id name isPublic capacity registeredCount waitingCount cancelledAt }';

function mutations({ mutation }: TestSubgraph) {
  return {
    found: mutation('organizationCreate', organization),
    changeOrganization: mutation('organizationUpdate', organization),
    deleteOrganization: mutation('organizationDelete', organization),
    addMember: mutation('organizationMemberAdd', member),
    setRole: mutation('organizationMemberRoleSet', member),
    removeMember: mutation('organizationMemberRemove', organization),
    leaveOrganization: mutation('organizationLeave', organization),
    create: mutation('groupCreate', group),
    change: mutation('groupUpdate', group),
    delete: mutation('groupDelete', group),
    leave: mutation('groupLeave', group),
    removeFromGroup: mutation('groupMemberRemove', group),
    join: mutation('groupJoin', group),
    regenerate: mutation('groupCodeRegenerate', group),
    createEvent: mutation('organizationEventCreate', event),
    changeEvent: mutation('organizationEventUpdate', event),
    cancelEvent: mutation('organizationEventCancel', event),
    register: mutation('organizationEventRegister', 'registration { player { id } status }'),
    unregister: mutation('organizationEventUnregister', event),
  };
}

/** What most tests begin with. */
function scenes(told: ReturnType<typeof mutations>) {
  const organizationOf = async (owner: Viewer): Promise<string> =>
    (await told.found(owner, { name: 'Northern League' })).organization.id;
  const groupOf = async (
    owner: Viewer,
    organizationId: string,
  ): Promise<{ id: string; inviteCode: string }> =>
    (await told.create(owner, { organizationId, name: 'Inner Circle' })).group;
  const eventOf = async (by: Viewer, organizationId: string, more: object = {}): Promise<string> => {
    const answer = await told.createEvent(by, { organizationId, ...someEvent(), ...more });
    assert.deepEqual(answer.errors, []);
    return answer.organizationEvent.id;
  };
  return {
    organizationOf,
    groupOf,
    /** Creates an event, tomorrow, and returns its id. */
    eventOf,
    /** An organization with an owner, a moderator, a member who is in its group, and one who is not. */
    async league() {
      const [owner, moderator, insider, outsider, stranger] = [
        viewer(),
        viewer(),
        viewer(),
        viewer(),
        viewer(),
      ];
      const organizationId = await organizationOf(owner);
      for (const { playerId } of [moderator, outsider])
        await told.addMember(owner, { organizationId, playerId });
      await told.setRole(owner, { organizationId, playerId: moderator.playerId, role: 'MODERATOR' });
      const { id: groupId, inviteCode: code } = await groupOf(owner, organizationId);
      await told.join(insider, { code });
      return { organizationId, groupId, code, owner, moderator, insider, outsider, stranger };
    },
  };
}

const hour = 3_600_000;

/** What an event needs: tomorrow, for two hours, seen by moderators alone. */
export const someEvent = () => ({
  name: 'Raid night',
  startsAt: new Date(Date.now() + 24 * hour),
  endsAt: new Date(Date.now() + 26 * hour),
  timeZone: 'Europe/Berlin',
});

function soundness({ database: { sql } }: TestSubgraph) {
  return {
    /** What must hold of the whole database at any time. */
    async expectSound(): Promise<void> {
      const owners = await sql`
        select o.id from social_group.organizations o
        left join social_group.organization_members m
          on m.tenant_id = o.tenant_id and m.organization_id = o.id and m.role = 'OWNER'
        group by o.tenant_id, o.id having count(m.player_id) <> 1`;
      assert.deepEqual([...owners], []);
      const miscounted = await sql`
        select e.id from social_group.organization_events e
        left join social_group.organization_event_registrations r on r.event_id = e.id
        group by e.tenant_id, e.id
        having e.registered_count <> count(*) filter (where r.status = 'REGISTERED')
          or e.waiting_count <> count(*) filter (where r.status = 'WAITING')
          or e.registered_count > e.capacity
          or (e.waiting_count > 0 and e.registered_count < e.capacity and e.cancelled_at is null and e.ends_at > now())
          or max(r.place) filter (where r.status = 'REGISTERED') > min(r.place) filter (where r.status = 'WAITING')`;
      assert.deepEqual([...miscounted], []);
      const unseen = await sql`
        select r.* from social_group.organization_event_registrations r
        join social_group.organization_events e on e.id = r.event_id
        join social_group.organization_members o
          on o.organization_id = r.organization_id and o.player_id = r.player_id
        where o.role = 'MEMBER' and not e.is_public and not exists (
          select 1 from social_group.organization_event_groups b
          join social_group.group_members m on m.group_id = b.group_id
          where b.event_id = e.id and m.player_id = r.player_id)`;
      assert.deepEqual([...unseen], []);
      const gaps = await sql`
        select subject from social_group.activity group by tenant_id, subject
        having min(sequence) <> 1 or max(sequence) <> count(*)`;
      assert.deepEqual([...gaps], []);
    },
  };
}

export const codesOf = ({ errors }: Data): string[] => errors.map(({ code }: Data) => code);
export const times = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
