import { and, eq, sql } from 'drizzle-orm';
import type { Tx } from '../context.ts';
import { moderatorsAlone, tellEvent } from '../events.ts';
import { eventNow } from '../organization-events/queries.ts';
import type { RegistrationRow } from '../rows.ts';
import { organizationEvents, registrations } from '../tables/index.ts';
import { deleteUnseenRegistrations, groupsThatShow, promoteNextInLine } from './queries.ts';
import { promotions } from './rules.ts';

// A registration is held as long as its holder sees the event. So whatever takes sight away ends with a release, in
// the same transaction: leaving a group, being removed, a smaller role, an event that is hidden or bound elsewhere.

/** Takes the registrations of a player, or for events, whose holders don't see the event any more. */
export async function releaseUnseen(
  tx: Tx,
  of: { organizationId: string } & ({ playerId: string } | { eventIds: readonly string[] }),
): Promise<void> {
  const by = { eventIds: [], playerId: null, ...of };
  await released(tx, await deleteUnseenRegistrations(tx, by));
}

/** Takes all registrations of a player in an organization, which they are about to be taken out of. */
export async function releaseAll(
  tx: Tx,
  { organizationId, playerId }: { organizationId: string; playerId: string },
): Promise<void> {
  const held = await tx.db
    .delete(registrations)
    .where(and(eq(registrations.organizationId, organizationId), eq(registrations.playerId, playerId)))
    .returning();
  await released(tx, held);
}

/** Counts registrations that are deleted, tells of them, and moves up who waits. */
export async function released(tx: Tx, deleted: readonly RegistrationRow[]): Promise<void> {
  for (const [eventId, ofEvent] of Map.groupBy(deleted, (row) => row.eventId)) {
    const registered = ofEvent.filter(({ status }) => status === 'REGISTERED').length;
    await count(tx, eventId, { registered: -registered, waiting: registered - ofEvent.length });
    for (const { organizationId, playerId } of ofEvent) {
      const data = { organizationId, eventId, playerId };
      tellEvent(tx, { type: 'organization.event.unregistered', data }, moderatorsAlone);
    }
    await promote(tx, eventId);
  }
}

/** Moves up who waits, in order, while there is room; each hears it in a log that they read. */
export async function promote(tx: Tx, eventId: string): Promise<void> {
  const event = await eventNow(tx, eventId);
  const free = promotions(event, tx.now);
  if (free === 0) return;
  const promoted = await promoteNextInLine(tx, { eventId, count: free });
  await count(tx, eventId, { registered: promoted.length, waiting: -promoted.length });
  const playerIds = promoted.map(({ playerId }) => playerId);
  const shown = Map.groupBy(await groupsThatShow(tx, { eventId, playerIds }), (row) => row.playerId);
  for (const { organizationId, playerId } of promoted) {
    const groupIds = (shown.get(playerId) ?? []).map(({ groupId }) => groupId);
    const data = { organizationId, eventId, playerId };
    tellEvent(tx, { type: 'organization.event.promoted', data }, { isPublic: event.isPublic, groupIds });
  }
}

/** Adds to an event's counts. */
export async function count(
  tx: Tx,
  eventId: string,
  more: { readonly registered: number; readonly waiting: number },
): Promise<void> {
  const { registeredCount, waitingCount } = organizationEvents;
  await tx.db
    .update(organizationEvents)
    .set({
      registeredCount: sql`${registeredCount} + ${more.registered}`,
      waitingCount: sql`${waitingCount} + ${more.waiting}`,
    })
    .where(eq(organizationEvents.id, eventId));
}
