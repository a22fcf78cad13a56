import { and, eq, notExists, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Tx } from '../context.ts';
import { tellEvent } from '../events.ts';
import { releaseUnseen } from '../registrations/release.ts';
import { eventGroups, organizationEvents } from '../tables/index.ts';
import { audiencesOfEvents } from './queries.ts';

/**
 * Takes a group that is deleted off its events, which stay: those bound to no other group become public inside the
 * organization. Who saw the others through this group alone loses the registration.
 */
export async function unbindGroup(
  tx: Tx,
  { organizationId, groupId }: { organizationId: string; groupId: string },
): Promise<void> {
  const unbound = await tx.db
    .delete(eventGroups)
    .where(eq(eventGroups.groupId, groupId))
    .returning({ eventId: eventGroups.eventId });
  const eventIds = unbound.map(({ eventId }) => eventId);
  if (eventIds.length === 0) return;
  const other = alias(eventGroups, 'other');
  await tx.db
    .update(organizationEvents)
    .set({ isPublic: true, updatedAt: tx.now })
    .where(
      and(
        sql`${organizationEvents.id} = any(${sql.param(eventIds)}::uuid[])`,
        eq(organizationEvents.isPublic, false),
        notExists(tx.db.select({ one: sql`1` }).from(other).where(eq(other.eventId, organizationEvents.id))),
      ),
    );
  for (const { eventId, ...audience } of await audiencesOfEvents(tx, { eventIds })) {
    tellEvent(tx, { type: 'organization.event.updated', data: { organizationId, eventId } }, audience);
  }
  await releaseUnseen(tx, { organizationId, eventIds });
}
