import type { Writes } from '@fellowship/command';
import type { Page } from '@fellowship/pagination';
import { query, type Reads } from '@fellowship/postgres';
import { and, asc, eq, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { afterId, afterMoment, byId, byMoment, limit, parentId, parents } from '../paging.ts';
import type { OrganizationMemberRow } from '../rows.ts';
import type { OrganizationRole } from '../schema.generated.ts';
import { organizationMembers } from '../tables/index.ts';
import { inOrganization, moderates, moderatesNot, own, seesMember } from '../visibility.ts';

const columns = {
  organizationId: organizationMembers.organizationId,
  playerId: organizationMembers.playerId,
  role: organizationMembers.role,
  joinedAt: organizationMembers.joinedAt,
};

const visible = query('organization_member_visible', (db) =>
  db
    .select(columns)
    .from(organizationMembers)
    .innerJoin(own, inOrganization(organizationMembers.organizationId))
    .where(
      and(
        eq(organizationMembers.organizationId, sql.placeholder('organizationId')),
        eq(organizationMembers.playerId, sql.placeholder('playerId')),
        seesMember(organizationMembers.playerId),
      ),
    ),
);

/** A member, if the viewer may see them. */
export async function visibleMember(
  reads: Reads,
  by: { organizationId: string; playerId: string; viewerId: string },
): Promise<OrganizationMemberRow | null> {
  const [member = null] = await reads.run(visible, by);
  return member;
}

const ofOrganizations = query('members_of_organizations', (db) => {
  const after = afterMoment(organizationMembers.joinedAt, organizationMembers.playerId);
  const everyone = db
    .select(columns)
    .from(organizationMembers)
    .where(and(eq(organizationMembers.organizationId, own.organizationId), after))
    .orderBy(asc(organizationMembers.joinedAt), asc(organizationMembers.playerId))
    .limit(limit)
    .as('everyone');
  const asModerator = db
    .select(everyone._.selectedFields)
    .from(own)
    .crossJoinLateral(everyone)
    .where(and(inOrganization(parentId), moderates));
  const asMember = db
    .select(columns)
    .from(organizationMembers)
    .innerJoin(own, inOrganization(organizationMembers.organizationId))
    .where(
      and(
        eq(organizationMembers.organizationId, parentId),
        moderatesNot,
        eq(organizationMembers.playerId, own.playerId),
        after,
      ),
    );
  const page = unionAll(asModerator, asMember).as('page');
  return db
    .select(page._.selectedFields)
    .from(parents)
    .crossJoinLateral(page)
    .orderBy(asc(page.joinedAt), asc(page.playerId));
});

/** A page of each organization's members, longest-standing first, as the viewer may see them, and one row more. */
export const membersOfOrganizations = (
  reads: Reads,
  { parentIds, viewerId, page }: { parentIds: readonly string[]; viewerId: string; page: Page },
): Promise<OrganizationMemberRow[]> => reads.run(ofOrganizations, { parentIds, viewerId, ...byMoment(page) });

const ofPlayers = query('organization_memberships_of_players', (db) => {
  const page = db
    .select(columns)
    .from(organizationMembers)
    .innerJoin(own, inOrganization(organizationMembers.organizationId))
    .where(
      and(
        eq(organizationMembers.playerId, parentId),
        seesMember(organizationMembers.playerId),
        afterId(organizationMembers.organizationId),
      ),
    )
    .orderBy(asc(organizationMembers.organizationId))
    .limit(limit)
    .as('page');
  return db
    .select(page._.selectedFields)
    .from(parents)
    .crossJoinLateral(page)
    .orderBy(asc(page.organizationId));
});

/** A page of each player's memberships, by age of organization, as the viewer may see them, and one row more. */
export const membershipsOfPlayers = (
  reads: Reads,
  { parentIds, viewerId, page }: { parentIds: readonly string[]; viewerId: string; page: Page },
): Promise<OrganizationMemberRow[]> => reads.run(ofPlayers, { parentIds, viewerId, ...byId(page) });

const add = query('organization_member_add', (db) =>
  db.insert(organizationMembers).values({
    organizationId: sql.placeholder('organizationId'),
    playerId: sql.placeholder('playerId'),
    role: sql.placeholder('role'),
    joinedAt: sql.placeholder('now'),
  }),
);

/** Adds who is not in the organization, with the event. It is locked, or by what is written before this. */
export function addToOrganization(
  tx: Writes,
  row: { organizationId: string; playerId: string; role: OrganizationRole; now: Date },
): void {
  tx.write(add, row);
}

const role = query('organization_role', (db) =>
  db
    .select({ role: organizationMembers.role })
    .from(organizationMembers)
    .where(
      and(
        eq(organizationMembers.organizationId, sql.placeholder('organizationId')),
        eq(organizationMembers.playerId, sql.placeholder('playerId')),
      ),
    ),
);

/** A player's role in an organization; null: no member. Asks nobody's leave. */
export async function roleOf(
  reads: Reads,
  by: { organizationId: string; playerId: string },
): Promise<OrganizationRole | null> {
  const [member] = await reads.run(role, by);
  return member?.role ?? null;
}
