import type { Page } from '@fellowship/pagination';
import { narrowQuery, query, type Reads } from '@fellowship/postgres';
import { and, asc, eq, sql } from 'drizzle-orm';
import { alias, unionAll } from 'drizzle-orm/pg-core';
import { afterId, afterMoment, byId, byMoment, limit, parentId, parents } from '../paging.ts';
import type { GroupMemberRow, GroupRow } from '../rows.ts';
import { groupMembers, groups } from '../tables/index.ts';
import { inOrganization, moderates, moderatesNot, own, seesGroup, seesMember } from '../visibility.ts';

/** A group as it is, whoever looks. */
export const bareGroupColumns = {
  id: groups.id,
  organizationId: groups.organizationId,
  name: groups.name,
  description: groups.description,
  inviteCode: groups.inviteCode,
  creatorId: groups.creatorId,
  createdAt: groups.createdAt,
  updatedAt: groups.updatedAt,
};

/** A group as the viewer sees it; needs `own`. */
export const groupColumns = { ...bareGroupColumns, viewerRole: own.role };

const memberColumns = {
  organizationId: groupMembers.organizationId,
  groupId: groupMembers.groupId,
  playerId: groupMembers.playerId,
  joinedAt: groupMembers.joinedAt,
};

const visible = query('groups_visible', (db) =>
  db
    .select(groupColumns)
    .from(groups)
    .innerJoin(own, inOrganization(groups.organizationId))
    .where(and(sql`${groups.id} = any(${sql.placeholder('ids')}::uuid[])`, seesGroup(db))),
);

/** Those of the groups that the viewer may see. */
export const visibleGroups = (
  reads: Reads,
  by: { ids: readonly string[]; viewerId: string },
): Promise<GroupRow[]> => reads.run(visible, by);

const ofOrganizations = query('groups_of_organizations', (db) => {
  const mine = alias(groupMembers, 'mine');
  const everyGroup = db
    .select(bareGroupColumns)
    .from(groups)
    .where(and(eq(groups.organizationId, own.organizationId), afterId(groups.id)))
    .orderBy(asc(groups.id))
    .limit(limit)
    .as('every_group');
  const asModerator = db
    .select({ ...everyGroup._.selectedFields, viewerRole: own.role })
    .from(own)
    .crossJoinLateral(everyGroup)
    .where(and(inOrganization(parentId), moderates));
  const asMember = db
    .select(groupColumns)
    .from(mine)
    .innerJoin(groups, eq(groups.id, mine.groupId))
    .innerJoin(own, inOrganization(mine.organizationId))
    .where(
      and(
        eq(mine.organizationId, parentId),
        moderatesNot,
        eq(mine.playerId, own.playerId),
        afterId(mine.groupId),
      ),
    )
    .orderBy(asc(mine.groupId))
    .limit(limit);
  const page = unionAll(asModerator, asMember).as('page');
  return db.select(page._.selectedFields).from(parents).crossJoinLateral(page).orderBy(asc(page.id));
});

interface PageOfEach {
  readonly parentIds: readonly string[];
  readonly viewerId: string;
  readonly page: Page;
}

/** A page of each organization's groups, the oldest first, as the viewer may see them, and one row more. */
export const groupsOfOrganizations = (
  reads: Reads,
  { parentIds, viewerId, page }: PageOfEach,
): Promise<GroupRow[]> => reads.run(ofOrganizations, { parentIds, viewerId, ...byId(page) });

const ofPlayers = narrowQuery('groups_of_players', (db, pick) => {
  const page = db
    .select({ ...pick(groupColumns), id: groups.id, playerId: groupMembers.playerId })
    .from(groupMembers)
    .innerJoin(groups, eq(groups.id, groupMembers.groupId))
    .innerJoin(own, inOrganization(groups.organizationId))
    .where(
      and(
        eq(groupMembers.playerId, parentId),
        seesMember(groupMembers.playerId),
        afterId(groupMembers.groupId),
      ),
    )
    .orderBy(asc(groupMembers.groupId))
    .limit(limit)
    .as('page');
  return db.select(page._.selectedFields).from(parents).crossJoinLateral(page).orderBy(asc(page.id));
});

/** A page of the groups each player is in, the oldest first, where the viewer may see them in it, and one row more. */
export const groupsOfPlayers = (
  reads: Reads,
  { parentIds, viewerId, page }: PageOfEach,
): Promise<(GroupRow & { playerId: string })[]> =>
  reads.run(ofPlayers(page.columns), { parentIds, viewerId, ...byId(page) });

const membersOf = query('members_of_groups', (db) => {
  const after = afterMoment(groupMembers.joinedAt, groupMembers.playerId);
  const everyone = db
    .select(memberColumns)
    .from(groupMembers)
    .where(and(eq(groupMembers.groupId, groups.id), after))
    .orderBy(asc(groupMembers.joinedAt), asc(groupMembers.playerId))
    .limit(limit)
    .as('everyone');
  const asModerator = db
    .select(everyone._.selectedFields)
    .from(groups)
    .innerJoin(own, inOrganization(groups.organizationId))
    .crossJoinLateral(everyone)
    .where(and(eq(groups.id, parentId), moderates));
  const asMember = db
    .select(memberColumns)
    .from(groupMembers)
    .innerJoin(own, inOrganization(groupMembers.organizationId))
    .where(
      and(eq(groupMembers.groupId, parentId), moderatesNot, eq(groupMembers.playerId, own.playerId), after),
    );
  const page = unionAll(asModerator, asMember).as('page');
  return db
    .select(page._.selectedFields)
    .from(parents)
    .crossJoinLateral(page)
    .orderBy(asc(page.joinedAt), asc(page.playerId));
});

/** A page of each group's members, longest-standing first, as the viewer may see them, and one row more. */
export const membersOfGroups = (
  reads: Reads,
  { parentIds, viewerId, page }: PageOfEach,
): Promise<GroupMemberRow[]> => reads.run(membersOf, { parentIds, viewerId, ...byMoment(page) });

const idsOf = query('group_ids_of_organization', (db) =>
  db
    .select({ id: groups.id })
    .from(groups)
    .where(eq(groups.organizationId, sql.placeholder('organizationId')))
    .orderBy(asc(groups.id)),
);

/** The ids of all groups of an organization. Asks nobody's leave. */
export async function groupIdsOfOrganization(reads: Reads, organizationId: string): Promise<string[]> {
  return (await reads.run(idsOf, { organizationId })).map(({ id }) => id);
}
