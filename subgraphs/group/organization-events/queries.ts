import type { Page } from '@fellowship/pagination';
import { query, type Reads } from '@fellowship/postgres';
import { and, asc, eq, sql } from 'drizzle-orm';
import type { Audience } from '../events.ts';
import { groupColumns } from '../groups/queries.ts';
import { afterMoment, byMoment, limit, parentId, parents } from '../paging.ts';
import type { EventRow, GroupRow } from '../rows.ts';
import { eventGroups, groups, organizationEvents } from '../tables/index.ts';
import { inOrganization, own, seesEvent, seesGroup } from '../visibility.ts';

const columns = {
  id: organizationEvents.id,
  organizationId: organizationEvents.organizationId,
  name: organizationEvents.name,
  description: organizationEvents.description,
  startsAt: organizationEvents.startsAt,
  endsAt: organizationEvents.endsAt,
  timeZone: organizationEvents.timeZone,
  isPublic: organizationEvents.isPublic,
  capacity: organizationEvents.capacity,
  registeredCount: organizationEvents.registeredCount,
  waitingCount: organizationEvents.waitingCount,
  cancelledAt: organizationEvents.cancelledAt,
  creatorId: organizationEvents.creatorId,
  createdAt: organizationEvents.createdAt,
  updatedAt: organizationEvents.updatedAt,
  viewerRole: own.role,
};

const visible = query('organization_events_visible', (db) =>
  db
    .select(columns)
    .from(organizationEvents)
    .innerJoin(own, inOrganization(organizationEvents.organizationId))
    .where(and(sql`${organizationEvents.id} = any(${sql.placeholder('ids')}::uuid[])`, seesEvent(db))),
);

/** Those of the events that the viewer may see. */
export const visibleEvents = (
  reads: Reads,
  by: { ids: readonly string[]; viewerId: string },
): Promise<EventRow[]> => reads.run(visible, by);

/** A page of events, of those that begin from a moment on and before another; null: no bound. */
export interface EventPage extends Page {
  readonly from: string | null;
  readonly to: string | null;
}

interface PageOfEach {
  readonly parentIds: readonly string[];
  readonly viewerId: string;
  readonly page: EventPage;
}

const inPage = and(
  sql`${organizationEvents.startsAt} >= ${sql.placeholder('from')}::timestamptz`,
  sql`${organizationEvents.startsAt} < ${sql.placeholder('to')}::timestamptz`,
  afterMoment(organizationEvents.startsAt, organizationEvents.id),
);
const inOrder = [asc(organizationEvents.startsAt), asc(organizationEvents.id)];

const valuesOf = ({ parentIds, viewerId, page }: PageOfEach) => ({
  parentIds,
  viewerId,
  from: page.from ?? '-infinity',
  to: page.to ?? 'infinity',
  ...byMoment(page),
});

const ofOrganizations = query('events_of_organizations', (db) => {
  const page = db
    .select(columns)
    .from(organizationEvents)
    .innerJoin(own, inOrganization(organizationEvents.organizationId))
    .where(and(eq(organizationEvents.organizationId, parentId), seesEvent(db), inPage))
    .orderBy(...inOrder)
    .limit(limit)
    .as('page');
  return db
    .select(page._.selectedFields)
    .from(parents)
    .crossJoinLateral(page)
    .orderBy(asc(page.startsAt), asc(page.id));
});

/** A page of each organization's events, the earliest first, as the viewer may see them, and one row more. */
export const eventsOfOrganizations = (reads: Reads, each: PageOfEach): Promise<EventRow[]> =>
  reads.run(ofOrganizations, valuesOf(each));

const ofGroups = query('events_of_groups', (db) => {
  const page = db
    .select({ ...columns, groupId: eventGroups.groupId })
    .from(eventGroups)
    .innerJoin(organizationEvents, eq(organizationEvents.id, eventGroups.eventId))
    .innerJoin(own, inOrganization(organizationEvents.organizationId))
    .where(and(eq(eventGroups.groupId, parentId), seesEvent(db), inPage))
    .orderBy(...inOrder)
    .limit(limit)
    .as('page');
  return db
    .select(page._.selectedFields)
    .from(parents)
    .crossJoinLateral(page)
    .orderBy(asc(page.startsAt), asc(page.id));
});

/** A page of the events bound to each group, the earliest first, as the viewer may see them, and one row more. */
export const eventsOfGroups = (reads: Reads, each: PageOfEach): Promise<(EventRow & { groupId: string })[]> =>
  reads.run(ofGroups, valuesOf(each));

const groupsOf = query('groups_of_events', (db) =>
  db
    .select({ ...groupColumns, eventId: eventGroups.eventId })
    .from(eventGroups)
    .innerJoin(groups, eq(groups.id, eventGroups.groupId))
    .innerJoin(own, inOrganization(groups.organizationId))
    .where(and(sql`${eventGroups.eventId} = any(${sql.placeholder('eventIds')}::uuid[])`, seesGroup(db)))
    .orderBy(asc(groups.id)),
);

/** The groups each event is bound to, the oldest first, as the viewer may see them. */
export const groupsOfEvents = (
  reads: Reads,
  by: { eventIds: readonly string[]; viewerId: string },
): Promise<(GroupRow & { eventId: string })[]> => reads.run(groupsOf, by);

const groupIdsOf = query('group_ids_of_event', (db) =>
  db
    .select({ groupId: eventGroups.groupId })
    .from(eventGroups)
    .where(eq(eventGroups.eventId, sql.placeholder('eventId')))
    .orderBy(asc(eventGroups.groupId)),
);

/** The ids of all groups an event is bound to. Asks nobody's leave. */
export async function groupIdsOfEvent(reads: Reads, eventId: string): Promise<string[]> {
  return (await reads.run(groupIdsOf, { eventId })).map(({ groupId }) => groupId);
}

const idsOfOrganization = query('groups_in_organization', (db) =>
  db
    .select({ id: groups.id })
    .from(groups)
    .where(
      and(
        eq(groups.organizationId, sql.placeholder('organizationId')),
        sql`${groups.id} = any(${sql.placeholder('ids')}::uuid[])`,
      ),
    ),
);

/** How many of these groups are the organization's. Asks nobody's leave. */
export async function countGroupsIn(
  reads: Reads,
  by: { organizationId: string; ids: readonly string[] },
): Promise<number> {
  return (await reads.run(idsOfOrganization, by)).length;
}

const audiences = query('audiences_of_events', (db) =>
  db
    .select({
      eventId: organizationEvents.id,
      isPublic: organizationEvents.isPublic,
      groupIds: sql<string[]>`array(
        select bound.group_id::text from ${eventGroups} as bound where bound.event_id = id order by 1)`,
    })
    .from(organizationEvents)
    .where(sql`${organizationEvents.id} = any(${sql.placeholder('eventIds')}::uuid[])`)
    .orderBy(asc(organizationEvents.id)),
);

/** Where each of the events is seen. Asks nobody's leave. */
export const audiencesOfEvents = (
  reads: Reads,
  by: { eventIds: readonly string[] },
): Promise<(Audience & { eventId: string })[]> => reads.run(audiences, by);

const now = query('organization_event_now', (db) =>
  db
    .select({
      id: organizationEvents.id,
      organizationId: organizationEvents.organizationId,
      isPublic: organizationEvents.isPublic,
      capacity: organizationEvents.capacity,
      registeredCount: organizationEvents.registeredCount,
      waitingCount: organizationEvents.waitingCount,
      endsAt: organizationEvents.endsAt,
      cancelledAt: organizationEvents.cancelledAt,
    })
    .from(organizationEvents)
    .where(eq(organizationEvents.id, sql.placeholder('eventId'))),
);

/** An event as it is now, for what follows from a change. Asks nobody's leave. */
export async function eventNow(reads: Reads, eventId: string) {
  const [event] = await reads.run(now, { eventId });
  if (!event) throw new Error(`There is no event ${eventId}`);
  return event;
}
