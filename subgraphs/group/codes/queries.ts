import { query, type Reads } from '@fellowship/postgres';
import { and, eq, sql } from 'drizzle-orm';
import type { InviteRow } from '../rows.ts';
import { groupMembers, groups, organizations } from '../tables.ts';

/** What a code invites to. */
export interface InvitedTo extends InviteRow {
  readonly groupId: string;
  readonly organizationId: string;
}

const byCode = query('group_by_code', (db) =>
  db
    .select({
      code: groups.inviteCode,
      groupId: groups.id,
      groupName: groups.name,
      organizationId: organizations.id,
      organizationName: organizations.name,
    })
    .from(groups)
    .innerJoin(organizations, eq(organizations.id, groups.organizationId))
    .where(eq(groups.inviteCode, sql.placeholder('code'))),
);

/** Asks nobody's leave: the code is the key. That of another tenant's group opens nothing. */
export async function groupByCode(reads: Reads, code: string): Promise<InvitedTo | null> {
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

const inGroup = query('player_in_group', (db) =>
  db
    .select({ one: sql`1` })
    .from(groupMembers)
    .where(
      and(
        eq(groupMembers.groupId, sql.placeholder('groupId')),
        eq(groupMembers.playerId, sql.placeholder('playerId')),
      ),
    ),
);

export async function isInGroup(reads: Reads, by: { groupId: string; playerId: string }): Promise<boolean> {
  return (await reads.run(inGroup, by)).length > 0;
}
