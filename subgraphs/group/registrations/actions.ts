import { and, eq, sql } from 'drizzle-orm';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { moderatorsAlone, tellEvent } from '../events.ts';
import { isOpen } from '../organization-events/rules.ts';
import { enterEvent } from '../organization-events/state.ts';
import type {
  OrganizationEventRegisterInput,
  OrganizationEventUnregisterInput,
} from '../schema.generated.ts';
import { organizationEvents, registrations } from '../tables/index.ts';
import { registrationsOfPlayer } from './queries.ts';
import { count, released } from './release.ts';
import { seat } from './rules.ts';

/** Returns the event's id, as does the next. */
export const register = (context: Context, input: OrganizationEventRegisterInput): Promise<string> =>
  context.command('organizationEventRegister', input, async (tx) => {
    const { playerId } = context.viewer;
    const event = await enterEvent(tx, input.organizationEventId, playerId);
    const [own] = await registrationsOfPlayer(tx, { eventIds: [event.id], playerId });
    const given = seat(event, own?.status ?? null, input.waitingList, tx.now);
    if ('denied' in given) return deny(given.denied);
    const { status } = given;
    const key = { organizationId: event.organizationId, eventId: event.id, playerId };
    const place = await takePlace(tx, event.id);
    await tx.db.insert(registrations).values({ ...key, status, place, registeredAt: tx.now });
    const waits = status === 'WAITING';
    await count(tx, event.id, { registered: waits ? 0 : 1, waiting: waits ? 1 : 0 });
    tellEvent(tx, { type: 'organization.event.registered', data: { ...key, status } }, moderatorsAlone);
    return event.id;
  });

export const unregister = (context: Context, input: OrganizationEventUnregisterInput): Promise<string> =>
  context.command('organizationEventUnregister', input, async (tx) => {
    const { playerId } = context.viewer;
    const event = await enterEvent(tx, input.organizationEventId, playerId);
    denyIf(isOpen(event, tx.now));
    const held = await tx.db
      .delete(registrations)
      .where(and(eq(registrations.eventId, event.id), eq(registrations.playerId, playerId)))
      .returning();
    if (held.length === 0) deny('NOT_REGISTERED');
    await released(tx, held);
    return event.id;
  });

/** The next place in the order of an event. */
async function takePlace(tx: Tx, eventId: string): Promise<number> {
  const [row] = await tx.db
    .update(organizationEvents)
    .set({ nextPlace: sql`${organizationEvents.nextPlace} + 1` })
    .where(eq(organizationEvents.id, eventId))
    .returning({ next: organizationEvents.nextPlace });
  if (!row) throw new Error(`There is no event ${eventId}`);
  return row.next - 1;
}
