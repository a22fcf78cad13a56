import type { Tx } from '../context.ts';
import { type Audience, tellEvent } from '../events.ts';

/** Tells of an event that is hidden where it was seen before and is not any more. */
export function hide(
  tx: Tx,
  data: { readonly organizationId: string; readonly eventId: string },
  before: Audience,
  after: Audience,
): void {
  const lost: Audience = {
    isPublic: before.isPublic && !after.isPublic,
    groupIds: before.groupIds.filter((id) => !after.groupIds.includes(id)),
  };
  if (!lost.isPublic && lost.groupIds.length === 0) return;
  tellEvent(tx, { type: 'organization.event.hidden', data }, lost);
}
