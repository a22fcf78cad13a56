import { areAll, defineLoaders, type Makers, many, one, PrimedLoader } from '@fellowship/graphql';
import type { Viewer } from '@fellowship/identity';
import { paged } from '@fellowship/pagination';
import type { Reads } from '@fellowship/postgres';
import DataLoader from 'dataloader';
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

/** What a request may read, for whom. */
interface Scope {
  readonly reads: Reads;
  readonly viewerId: string;
}

/** What others prime. */
interface Primed {
  readonly group: PrimedLoader<GroupRow | null>;
  readonly event: PrimedLoader<EventRow | null>;
}

/** One statement a kind, whatever the number of things. All give only what the viewer sees. */
const makers = {
  group: ({ reads, viewerId }) =>
    new PrimedLoader<GroupRow | null>(async (ids) =>
      one(ids, await visibleGroups(reads, { ids, viewerId }), (row) => row.id),
    ),
  event: ({ reads, viewerId }) =>
    new PrimedLoader<EventRow | null>(async (ids) =>
      one(ids, await visibleEvents(reads, { ids, viewerId }), (row) => row.id),
    ),
  organization: ({ reads, viewerId }) =>
    new DataLoader<string, OrganizationRow | null>(async (ids) =>
      one(ids, await visibleOrganizations(reads, { ids, viewerId }), (row) => row.id),
    ),
  /** An organization's members, longest-standing first. */
  membersOf: ({ reads, viewerId }) =>
    paged(async (parentIds, page) =>
      many(
        parentIds,
        await membersOfOrganizations(reads, { parentIds, viewerId, page }),
        (row) => row.organizationId,
      ),
    ),
  /** A player's memberships in organizations. */
  membershipsOf: ({ reads, viewerId }) =>
    paged(async (parentIds, page) =>
      many(
        parentIds,
        await membershipsOfPlayers(reads, { parentIds, viewerId, page }),
        (row) => row.playerId,
      ),
    ),
  /** An organization's groups. */
  groupsOf: ({ reads, viewerId }, loaders) =>
    paged(async (parentIds, page) => {
      const rows = await groupsOfOrganizations(reads, { parentIds, viewerId, page });
      for (const row of rows) loaders.group.prime(row.id, row);
      return many(parentIds, rows, (row) => row.organizationId);
    }),
  /** The groups a player is in. */
  groupsOfPlayer: ({ reads, viewerId }, loaders) =>
    paged(async (parentIds, page) => {
      const rows = await groupsOfPlayers(reads, { parentIds, viewerId, page });
      if (areAll(page.columns)) for (const row of rows) loaders.group.prime(row.id, row);
      return many(parentIds, rows, (row) => row.playerId);
    }),
  /** An organization's events. */
  eventsOf: ({ reads, viewerId }, loaders) =>
    paged(async (parentIds, page: EventPage) => {
      const rows = await eventsOfOrganizations(reads, { parentIds, viewerId, page });
      for (const row of rows) loaders.event.prime(row.id, row);
      return many(parentIds, rows, (row) => row.organizationId);
    }),
  /** The events bound to a group. */
  eventsOfGroup: ({ reads, viewerId }, loaders) =>
    paged(async (parentIds, page: EventPage) => {
      const rows = await eventsOfGroups(reads, { parentIds, viewerId, page });
      for (const row of rows) loaders.event.prime(row.id, row);
      return many(parentIds, rows, (row) => row.groupId);
    }),
  /** The groups an event is bound to. */
  groupsOfEvent: ({ reads, viewerId }, loaders) =>
    new DataLoader<string, GroupRow[]>(async (eventIds) => {
      const rows = await groupsOfEvents(reads, { eventIds, viewerId });
      for (const row of rows) loaders.group.prime(row.id, row);
      return many(eventIds, rows, (row) => row.eventId);
    }),
  /** The viewer's own registration for an event. */
  viewerRegistration: ({ reads, viewerId }) =>
    new DataLoader<string, RegistrationRow | null>(async (eventIds) =>
      one(
        eventIds,
        await registrationsOfPlayer(reads, { eventIds, playerId: viewerId }),
        (row) => row.eventId,
      ),
    ),
  /** An event's registrations, in the order of the list. */
  registrationsOf: ({ reads, viewerId }) =>
    paged(async (parentIds, page) =>
      many(
        parentIds,
        await registrationsOfEvents(reads, { parentIds, viewerId, page }),
        (row) => row.eventId,
      ),
    ),
  /** A group's members, longest-standing first. */
  groupMembersOf: ({ reads, viewerId }) =>
    paged(async (parentIds, page) =>
      many(parentIds, await membersOfGroups(reads, { parentIds, viewerId, page }), (row) => row.groupId),
    ),
} satisfies Makers<Scope, Primed>;

const loadersOf = defineLoaders<Scope, typeof makers>(makers);

/** Made anew for every request. */
export const createLoaders = (reads: Reads, { playerId: viewerId }: Viewer) => loadersOf({ reads, viewerId });

export type Loaders = ReturnType<typeof createLoaders>;
