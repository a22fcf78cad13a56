import type { Writes } from '@fellowship/command';
import { query, type Reads } from '@fellowship/postgres';
import { and, eq, sql } from 'drizzle-orm';
import { bareGroupColumns } from '../groups/queries.ts';
import type { GroupRow, InviteRow } from '../rows.ts';
import type { OrganizationRole } from '../schema.generated.ts';
import { groupMembers, groups, organizationMembers, organizations } from '../tables/index.ts';

const byCode = query('group_by_code', (db) =>
  db
    .select({
      code: groups.inviteCode,
      groupName: groups.name,
      organizationName: organizations.name,
    })
    .from(groups)
    .innerJoin(organizations, eq(organizations.id, groups.organizationId))
    .where(eq(groups.inviteCode, sql.placeholder('code'))),
);

/** Asks nobody's leave: the code is the key. That of another tenant's group opens nothing. */
export async function groupByCode(reads: Reads, code: string): Promise<InviteRow | null> {
  const [group = null] = await reads.run(byCode, { code });
  return group;
}

const byCodeAnywhere = query('invite_of_any_tenant', (db) =>
  db
    .select({
      code: sql<string>`code`,
      groupName: sql<string>`group_name`,
      organizationName: sql<string>`organization_name`,
    })
    .from(sql`social_group.invitation(${sql.placeholder('code')})`),
);

/**
 * What a code invites to, whosever group it is, for a visitor of the page that is behind `inviteUrl`: they have
 * no token, hence no tenant. The one read that crosses tenants, by one function in the database (see its
 * migration, drizzle/group/0001_invitation.sql) that gives two names to whoever knows a code.
 */
export async function inviteOfAnyTenant(reads: Reads, code: string): Promise<InviteRow | null> {
  const [invite = null] = await reads.run(byCodeAnywhere, { code });
  return invite;
}

const opened = query('group_opened_by_code', (db) => {
  const playerId = sql.placeholder('playerId');
  // Not joined: two outer joins took 83 us of the server's processor, these 45.
  const role = db
    .select({ role: organizationMembers.role })
    .from(organizationMembers)
    .where(
      and(
        eq(organizationMembers.organizationId, groups.organizationId),
        eq(organizationMembers.playerId, playerId),
      ),
    );
  const mine = db
    .select({ one: sql`1` })
    .from(groupMembers)
    .where(and(eq(groupMembers.groupId, groups.id), eq(groupMembers.playerId, playerId)));
  return db
    .select({
      ...bareGroupColumns,
      role: sql<OrganizationRole | null>`(${role})`.as('role'),
      isMember: sql<boolean>`exists (${mine})`.as('is_member'),
    })
    .from(groups)
    .where(eq(groups.inviteCode, sql.placeholder('code')));
});

/** A group, and what the player is in its organization and whether in it; null: nothing. */
export type OpenedGroup = Omit<GroupRow, 'viewerRole'> & {
  readonly role: OrganizationRole | null;
  readonly isMember: boolean;
};

/** What a code opens to a player, without holding it; null: nothing. */
export async function openedByCode(
  reads: Reads,
  by: { readonly code: string; readonly playerId: string },
): Promise<OpenedGroup | null> {
  const [group = null] = await reads.run(opened, by);
  return group;
}

const join = query('group_join', (db) => {
  // Locked in the order named: the organization first, as everywhere, and the group, whose code is then read as it is
  // behind both.
  const held = db
    .select({ id: groups.id })
    .from(organizations)
    .innerJoin(groups, eq(groups.organizationId, organizations.id))
    .where(and(eq(groups.id, sql.placeholder('groupId')), eq(groups.inviteCode, sql.placeholder('code'))))
    .for('update');
  return db.insert(groupMembers).values({
    organizationId: sql.placeholder('organizationId'),
    groupId: sql`(${held})`,
    playerId: sql.placeholder('playerId'),
    joinedAt: sql.placeholder('now'),
  });
});

/**
 * Adds who is not in the group, with the event, and holds its organization from then on. By the code: where that no
 * longer opens the group, there is no id to write, and the command begins again.
 */
export function addToGroup(
  tx: Writes,
  row: { organizationId: string; groupId: string; code: string; playerId: string; now: Date },
): void {
  tx.write(join, row);
}
