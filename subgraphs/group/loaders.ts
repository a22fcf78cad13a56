import { many, one } from '@fellowship/graphql';
import type { Viewer } from '@fellowship/identity';
import type { Page } from '@fellowship/pagination';
import type { Reads } from '@fellowship/postgres';
import DataLoader from 'dataloader';
import { groupsOfOrganizations, groupsOfPlayers, membersOfGroups, visibleGroups } from './groups/queries.ts';
import { membershipsOfPlayers, membersOfOrganizations } from './members/queries.ts';
import { visibleOrganizations } from './organizations/queries.ts';
import type { GroupRow, OrganizationRow } from './rows.ts';

/** One statement a kind, whatever the number of things; made anew for every request. All give only what the viewer sees. */
export function createLoaders(reads: Reads, { playerId: viewerId }: Viewer) {
  const group = new DataLoader<string, GroupRow | null>(async (ids) =>
    one(ids, await visibleGroups(reads, { ids, viewerId }), (row) => row.id),
  );
  const remember = (rows: readonly GroupRow[]) => {
    for (const row of rows) group.prime(row.id, row);
  };
  return {
    group,
    organization: new DataLoader<string, OrganizationRow | null>(async (ids) =>
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
    /** A group's members, longest-standing first. */
    groupMembersOf: paged(async (parentIds, page) =>
      many(parentIds, await membersOfGroups(reads, { parentIds, viewerId, page }), (row) => row.groupId),
    ),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;

/** A loader for each page that is asked for: the rows of one parent are that page of its connection, and one more. */
function paged<Row>(load: (parentIds: readonly string[], page: Page) => Promise<Row[][]>) {
  const loaders = new Map<string, DataLoader<string, Row[]>>();
  return (page: Page): DataLoader<string, Row[]> => {
    const key = JSON.stringify(page);
    const loader = loaders.get(key) ?? new DataLoader<string, Row[]>((parentIds) => load(parentIds, page));
    loaders.set(key, loader);
    return loader;
  };
}
