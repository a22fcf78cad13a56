import { Loader, many, one } from '@fellowship/graphql';
import type { Viewer } from '@fellowship/identity';
import { paged } from '@fellowship/pagination';
import type { Reads } from '@fellowship/postgres';
import { groupsOfOrganizations, groupsOfPlayers, membersOfGroups, visibleGroups } from './groups/queries.ts';
import { membershipsOfPlayers, membersOfOrganizations } from './members/queries.ts';
import {
  type EventPage,
  eventsOfGroups,
  eventsOfOrganizations,
  groupsOfEvents,
  visibleEvents,
} from './organization-events/queries.ts';
import { visibleOrganizations } from './organizations/queries.ts';
import { registrationsOfEvents, registrationsOfPlayer } from './registrations/queries.ts';
import type { EventRow, GroupRow, OrganizationRow, RegistrationRow } from './rows.ts';

/** One statement a kind, whatever the number of things; made anew for every request. All give only what the viewer sees. */
export function createLoaders(reads: Reads, { playerId: viewerId }: Viewer) {
  const group = new Loader<string, GroupRow | null>(async (ids) =>
    one(ids, await visibleGroups(reads, { ids, viewerId }), (row) => row.id),
  );
  const remember = (rows: readonly GroupRow[]) => {
    for (const row of rows) group.prime(row.id, row);
  };
  const event = new Loader<string, EventRow | null>(async (ids) =>
    one(ids, await visibleEvents(reads, { ids, viewerId }), (row) => row.id),
  );
  const rememberEvents = (rows: readonly EventRow[]) => {
    for (const row of rows) event.prime(row.id, row);
  };
  return {
    group,
    event,
    organization: new Loader<string, OrganizationRow | null>(async (ids) =>
      one(ids, await visibleOrganizations(reads, { ids, viewerId }), (row) => row.id),
    ),
    /** An organization's members, longest-standing first. */
    membersOf: paged(async (parentIds, page) =>
      many(
        parentIds,
        await membersOfOrganizations(reads, { parentIds, viewerId, page }),
        (row) => row.organizationId,
      ),
    ),
    /** A player's memberships in organizations. */
    membershipsOf: paged(async (parentIds, page) =>
      many(
        parentIds,
        await membershipsOfPlayers(reads, { parentIds, viewerId, page }),
        (row) => row.playerId,
      ),
    ),
    /** An organization's groups. */
    groupsOf: paged(async (parentIds, page) => {
      const rows = await groupsOfOrganizations(reads, { parentIds, viewerId, page });
      remember(rows);
      return many(parentIds, rows, (row) => row.organizationId);
    }),
    /** The groups a player is in. */
    groupsOfPlayer: paged(async (parentIds, page) => {
      const rows = await groupsOfPlayers(reads, { parentIds, viewerId, page });
      remember(rows);
      return many(parentIds, rows, (row) => row.playerId);
    }),
    /** An organization's events. */
    eventsOf: paged(async (parentIds, page: EventPage) => {
      const rows = await eventsOfOrganizations(reads, { parentIds, viewerId, page });
      rememberEvents(rows);
      return many(parentIds, rows, (row) => row.organizationId);
    }),
    /** The events bound to a group. */
    eventsOfGroup: paged(async (parentIds, page: EventPage) => {
      const rows = await eventsOfGroups(reads, { parentIds, viewerId, page });
      rememberEvents(rows);
      return many(parentIds, rows, (row) => row.groupId);
    }),
    /** The groups an event is bound to. */
    groupsOfEvent: new Loader<string, GroupRow[]>(async (eventIds) => {
      const rows = await groupsOfEvents(reads, { eventIds, viewerId });
      remember(rows);
      return many(eventIds, rows, (row) => row.eventId);
    }),
    /** The viewer's own registration for an event. */
    viewerRegistration: new Loader<string, RegistrationRow | null>(async (eventIds) =>
      one(
        eventIds,
        await registrationsOfPlayer(reads, { eventIds, playerId: viewerId }),
        (row) => row.eventId,
      ),
    ),
    /** An event's registrations, in the order of the list. */
    registrationsOf: paged(async (parentIds, page) =>
      many(
        parentIds,
        await registrationsOfEvents(reads, { parentIds, viewerId, page }),
        (row) => row.eventId,
      ),
    ),
    /** A group's members, longest-standing first. */
    groupMembersOf: paged(async (parentIds, page) =>
      many(parentIds, await membersOfGroups(reads, { parentIds, viewerId, page }), (row) => row.groupId),
    ),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
