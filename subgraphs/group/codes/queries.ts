import type { Writes } from '@fellowship/command';
import { query, type Reads } from '@fellowship/postgres';
import { and, eq, inArray, sql } from 'drizzle-orm';
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

/** Which of a group's rows it is: another after each change. */
const version = sql<string>`${groups}.xmin::text`;

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
      version: version.as('version'),
      role: sql<OrganizationRole | null>`(${role})`.as('role'),
      isMember: sql<boolean>`exists (${mine})`.as('is_member'),
    })
    .from(groups)
    .where(eq(groups.inviteCode, sql.placeholder('code')));
});

/** A group, and what the player is in its organization and whether in it. */
export type OpenedGroup = Omit<GroupRow, 'viewerRole'> & {
  readonly version: string;
  readonly role: OrganizationRole | null;
  readonly isMember: boolean;
};

interface ByCode {
  readonly code: string;
  readonly playerId: string;
}

/** What a code opens to a player, without holding it; null: nothing. */
export async function openedByCode(reads: Reads, by: ByCode): Promise<OpenedGroup | null> {
  const [group = null] = await reads.run(opened, { ...by });
  return group;
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

/**
 * The same behind a lock of the organization of the code's group: a code that was replaced meanwhile opens nothing.
 */
export async function lockByCode(tx: Reads, by: ByCode): Promise<OpenedGroup | null> {
  const [, group] = await Promise.all([tx.run(lock, { code: by.code }), openedByCode(tx, by)]);
  return group;
}

/**
 * Adds a player by the group's id as it is behind locks, taken in the order named: the organization's first, as
 * everywhere. There is none, and the statement fails, where the group is not as it was read, or the player not what they
 * were in the organization.
 */
const join = (name: string, isMember: boolean) =>
  query(name, (db) => {
    const unchanged = [
      eq(groups.id, sql.placeholder('groupId')),
      sql`${groups}.xmin = ${sql.placeholder('version')}::text::xid`,
    ];
    const ofOrganization = db
      .select({ id: groups.id })
      .from(organizations)
      .innerJoin(groups, eq(groups.organizationId, organizations.id));
    const held = isMember
      ? ofOrganization
          .innerJoin(
            organizationMembers,
            and(
              eq(organizationMembers.organizationId, organizations.id),
              eq(organizationMembers.playerId, sql.placeholder('playerId')),
            ),
          )
          .where(and(...unchanged, eq(organizationMembers.role, sql.placeholder('role'))))
      : ofOrganization.where(and(...unchanged));
    return db.insert(groupMembers).values({
      organizationId: sql.placeholder('organizationId'),
      groupId: sql`(${held.for('update')})`,
      playerId: sql.placeholder('playerId'),
      joinedAt: sql.placeholder('now'),
    });
  });

const joinAsMember = join('group_join', true);
/** Whoever becomes a member of the organization first breaks its members' key. */
const joinAsStranger = join('group_join_as_stranger', false);

/** Adds who is not in the group, with the event, and holds its organization from then on. */
export function addToGroup(
  tx: Writes,
  {
    role,
    ...row
  }: {
    readonly organizationId: string;
    readonly groupId: string;
    readonly playerId: string;
    readonly now: Date;
  } & Pick<OpenedGroup, 'version' | 'role'>,
): void {
  if (role === null) tx.write(joinAsStranger, row);
  else tx.write(joinAsMember, { ...row, role });
}
