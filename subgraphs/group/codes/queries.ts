import { query, type Reads, type Transaction } from '@fellowship/postgres';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { InviteRow } from '../rows.ts';
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

const lock = query('organization_lock_by_code', (db) => {
  const ofCode = db
    .select({ id: groups.organizationId })
    .from(groups)
    .where(eq(groups.inviteCode, sql.placeholder('code')));
  return db
    .select({ id: organizations.id })
    .from(organizations)
    .where(inArray(organizations.id, ofCode))
    .for('update');
});

const opened = query('group_opened_by_code', (db) =>
  db
    .select({
      groupId: groups.id,
      organizationId: groups.organizationId,
      role: organizationMembers.role,
      joinedAt: groupMembers.joinedAt,
    })
    .from(groups)
    .leftJoin(
      organizationMembers,
      and(
        eq(organizationMembers.organizationId, groups.organizationId),
        eq(organizationMembers.playerId, sql.placeholder('playerId')),
      ),
    )
    .leftJoin(
      groupMembers,
      and(eq(groupMembers.groupId, groups.id), eq(groupMembers.playerId, sql.placeholder('playerId'))),
    )
    .where(eq(groups.inviteCode, sql.placeholder('code'))),
);

/** A group, and what the player is in it and in its organization; null: nothing. */
export interface OpenedGroup {
  readonly groupId: string;
  readonly organizationId: string;
  readonly role: OrganizationRole | null;
  readonly joinedAt: Date | null;
}

/**
 * Locks the organization of a code's group and looks behind the lock what the code still opens: a code that was
 * replaced meanwhile opens nothing.
 */
export async function lockByCode(
  tx: Reads,
  by: { readonly code: string; readonly playerId: string },
): Promise<OpenedGroup | null> {
  const [, [group = null]] = await Promise.all([tx.run(lock, by), tx.run(opened, by)]);
  return group;
}

const join = query('group_join', (db) =>
  db.insert(groupMembers).values({
    organizationId: sql.placeholder('organizationId'),
    groupId: sql.placeholder('groupId'),
    playerId: sql.placeholder('playerId'),
    joinedAt: sql.placeholder('now'),
  }),
);

/** Adds who is not in the group, whose organization is locked, with the commit. */
export function addToGroup(
  tx: Transaction,
  row: { organizationId: string; groupId: string; playerId: string; now: Date },
): void {
  tx.runLast(join, row);
}
