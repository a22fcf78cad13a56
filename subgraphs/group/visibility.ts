import type { Builder } from '@fellowship/postgres';
import { and, type Column, eq, exists, ne, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { groupMembers, groups, organizationMembers } from './tables.ts';

// Who sees what, one predicate a type, for every way there: by id, in a list, as an entity, in a subscription.
// All stand on the viewer's own membership in the organization, joined as `own`; who has none sees nothing.

const viewer = sql.placeholder('viewerId');

export const own = alias(organizationMembers, 'own');

/** Joins `own`. Alone it is the predicate of organizations: members see them. */
export const inOrganization = (organizationId: Column) =>
  and(eq(own.organizationId, organizationId), eq(own.playerId, viewer));

const moderates = ne(own.role, 'MEMBER');

/** OWNER and MODERATOR see all groups of their organization; a MEMBER sees those they are in. */
export const seesGroup = (db: Builder) => {
  const mine = alias(groupMembers, 'mine');
  return or(
    moderates,
    exists(
      db
        .select({ one: sql`1` })
        .from(mine)
        .where(and(eq(mine.groupId, groups.id), eq(mine.playerId, viewer))),
    ),
  );
};

/** OWNER and MODERATOR see all members of their organization and its groups; a MEMBER sees themself. */
export const seesMember = (playerId: Column) => or(moderates, eq(playerId, viewer));
