import { query, type Reads } from '@fellowship/postgres';
import { and, eq, sql } from 'drizzle-orm';
import { groupMembers, groups, organizations } from '../tables.ts';

/** What a code invites to. */
export interface InvitedTo {
  readonly code: string;
  readonly groupId: string;
  readonly groupName: string;
  readonly organizationId: string;
  readonly organizationName: string;
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
