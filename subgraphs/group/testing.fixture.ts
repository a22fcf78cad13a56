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
  return { ...test, ...told, ...scenes(told), ...denials(test) };
}

const organization = 'organization { id name description viewerRole }';
const member = 'member { player { id } role }';
const group = 'group { id name description inviteCode }';
const event = 'organizationEvent { id name isPublic capacity registeredCount waitingCount cancelledAt }';
const errors = 'errors { code path }';

function mutations({ run }: TestSubgraph) {
  const mutate =
    (name: string, payload: string) =>
    async (as: Viewer, input: object): Promise<Data> => {
      const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
      const source = `mutation ($input: ${type}) { ${name}(input: $input) { ${payload} ${errors} } }`;
      return (await run(as, source, { input }))[name];
    };
  return {
    found: mutate('organizationCreate', organization),
    changeOrganization: mutate('organizationUpdate', organization),
    deleteOrganization: mutate('organizationDelete', organization),
    addMember: mutate('organizationMemberAdd', member),
    setRole: mutate('organizationMemberRoleSet', member),
    removeMember: mutate('organizationMemberRemove', organization),
    leaveOrganization: mutate('organizationLeave', organization),
    create: mutate('groupCreate', group),
    change: mutate('groupUpdate', group),
    delete: mutate('groupDelete', group),
    leave: mutate('groupLeave', group),
    removeFromGroup: mutate('groupMemberRemove', group),
    join: mutate('groupJoin', group),
    regenerate: mutate('groupCodeRegenerate', group),
    createEvent: mutate('organizationEventCreate', event),
    changeEvent: mutate('organizationEventUpdate', event),
    cancelEvent: mutate('organizationEventCancel', event),
    register: mutate('organizationEventRegister', 'registration { player { id } status }'),
    unregister: mutate('organizationEventUnregister', event),
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

function denials({ database: { sql } }: TestSubgraph) {
  /** Everything the subgraph holds. */
  const contents = async (): Promise<object> => ({
    organizations: await sql`select * from social_group.organizations order by id`,
    members: await sql`select * from social_group.organization_members order by organization_id, player_id`,
    groups: await sql`select * from social_group.groups order by id`,
    groupMembers: await sql`select * from social_group.group_members order by group_id, player_id`,
    events: await sql`select * from social_group.organization_events order by id`,
    bindings: await sql`select * from social_group.organization_event_groups order by event_id, group_id`,
    registrations: await sql`
      select * from social_group.organization_event_registrations order by event_id, place`,
    activity: await sql`select * from social_group.activity order by tenant_id, subject, sequence`,
    heads: await sql`select * from social_group.activity_heads order by tenant_id, subject`,
    commands: await sql`select * from social_group.commands order by player_id, key`,
  });
  return {
    /** Runs what a rule forbids: the code is right, and nothing in the database has changed. */
    async expectDenied(code: string, attempt: () => Promise<Data>): Promise<void> {
      const before = await contents();
      assert.deepEqual(codesOf(await attempt()), [code]);
      assert.deepEqual(await contents(), before);
    },
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
