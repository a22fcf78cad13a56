import { idOf } from '@fellowship/graphql';
import type { Tx } from '../context.ts';
import { deny } from '../denials.ts';
import { lockOrganization } from '../organizations/queries.ts';
import type { EventRow } from '../rows.ts';
import { visibleEvents } from './queries.ts';

/**
 * Locks the organization of an event that the actor sees, and reads the event again behind the lock. Like groups,
 * events have no lock of their own: so nobody registers for what they lose sight of meanwhile, and the last place
 * goes to one. EVENT_NOT_FOUND to all who don't see it, whether it exists or not.
 */
export async function enterEvent(tx: Tx, eventId: string, actorId: string): Promise<EventRow> {
  const id = idOf(eventId) ?? deny('EVENT_NOT_FOUND');
  const seen = { ids: [id], viewerId: actorId };
  const [before] = await visibleEvents(tx, seen);
  if (!before) deny('EVENT_NOT_FOUND');
  await lockOrganization(tx, before.organizationId);
  const [event] = await visibleEvents(tx, seen);
  return event ?? deny('EVENT_NOT_FOUND');
}
