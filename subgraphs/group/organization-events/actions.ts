import { eq } from 'drizzle-orm';
import type { Context, Tx } from '../context.ts';
import { deny, denyIf } from '../denials.ts';
import { type Audience, tellEvent } from '../events.ts';
import { mayModerate } from '../organizations/rules.ts';
import { enterOrganization } from '../organizations/state.ts';
import { promote, releaseUnseen } from '../registrations/release.ts';
import type { EventRow } from '../rows.ts';
import type {
  OrganizationEventCancelInput,
  OrganizationEventCreateInput,
  OrganizationEventUpdateInput,
} from '../schema.generated.ts';
import { eventGroups, organizationEvents } from '../tables/index.ts';
import { changesFrom, descriptionFrom, nameFrom } from '../texts.ts';
import { hide } from './audience.ts';
import { capacityFrom, checkTimes, groupIdsFrom, timeZoneFrom } from './input.ts';
import { countGroupsIn, groupIdsOfEvent } from './queries.ts';
import { isOpen, mayResize } from './rules.ts';
import { enterEvent } from './state.ts';

/** Returns the event's id, here and below. */
export const createEvent = (context: Context, input: OrganizationEventCreateInput): Promise<string> =>
  context.command('organizationEventCreate', input, async (tx) => {
    const { playerId } = context.viewer;
    const { id: organizationId, viewerRole } = await enterOrganization(tx, input.organizationId, playerId);
    denyIf(mayModerate(viewerRole));
    const id = context.newId();
    const { isPublic, startsAt, endsAt } = input;
    checkTimes({ startsAt, endsAt }, tx.now);
    const groupIds = groupIdsFrom(input.groupIds);
    await tx.db.insert(organizationEvents).values({
      id,
      organizationId,
      name: nameFrom(input.name),
      description: descriptionFrom(input.description),
      startsAt,
      endsAt,
      timeZone: timeZoneFrom(input.timeZone),
      isPublic,
      capacity: capacityFrom(input.capacity),
      creatorId: playerId,
      createdAt: tx.now,
      updatedAt: tx.now,
    });
    const data = { organizationId, eventId: id };
    await bind(tx, data, groupIds);
    tellEvent(tx, { type: 'organization.event.created', data }, { isPublic, groupIds });
    return id;
  });

export const updateEvent = (context: Context, input: OrganizationEventUpdateInput): Promise<string> =>
  context.command('organizationEventUpdate', input, async (tx) => {
    const event = await enterEvent(tx, input.organizationEventId, context.viewer.playerId);
    denyIf(mayModerate(event.viewerRole));
    denyIf(isOpen(event, tx.now));
    const changes = eventChangesFrom(input, event, tx.now);
    denyIf(mayResize(event.registeredCount, changes.capacity));
    await tx.db
      .update(organizationEvents)
      .set({ ...changes, updatedAt: tx.now })
      .where(eq(organizationEvents.id, event.id));
    await move(tx, event, changes.isPublic, input.groupIds);
    await promote(tx, event.id);
    return event.id;
  });

export const cancelEvent = (context: Context, input: OrganizationEventCancelInput): Promise<string> =>
  context.command('organizationEventCancel', input, async (tx) => {
    const event = await enterEvent(tx, input.organizationEventId, context.viewer.playerId);
    denyIf(mayModerate(event.viewerRole));
    denyIf(isOpen(event, tx.now));
    await tx.db
      .update(organizationEvents)
      .set({ cancelledAt: tx.now, updatedAt: tx.now })
      .where(eq(organizationEvents.id, event.id));
    const audience = { isPublic: event.isPublic, groupIds: await groupIdsOfEvent(tx, event.id) };
    tellEvent(tx, { type: 'organization.event.cancelled', data: dataOf(event) }, audience);
    return event.id;
  });

/** What an update makes of an event, checked as a whole: times that are each right may not fit. */
function eventChangesFrom(input: OrganizationEventUpdateInput, event: EventRow, now: Date) {
  const { startsAt, endsAt } = {
    startsAt: input.startsAt ?? event.startsAt,
    endsAt: input.endsAt ?? event.endsAt,
  };
  if (input.startsAt || input.endsAt) checkTimes({ startsAt, endsAt }, now);
  return {
    ...changesFrom(input),
    startsAt,
    endsAt,
    timeZone: input.timeZone ? timeZoneFrom(input.timeZone) : event.timeZone,
    isPublic: input.isPublic ?? event.isPublic,
    capacity: input.capacity === undefined ? event.capacity : capacityFrom(input.capacity),
  };
}

/**
 * Sets who sees an event, and tells: those who see it now that it changed, those who don't any more that it is
 * hidden. Takes the registrations of the latter.
 */
async function move(
  tx: Tx,
  event: EventRow,
  isPublic: boolean,
  input: readonly string[] | null | undefined,
): Promise<void> {
  const before: Audience = { isPublic: event.isPublic, groupIds: await groupIdsOfEvent(tx, event.id) };
  const groupIds = input ? groupIdsFrom(input) : before.groupIds;
  if (input) {
    await tx.db.delete(eventGroups).where(eq(eventGroups.eventId, event.id));
    await bind(tx, dataOf(event), groupIds);
  }
  const after: Audience = { isPublic, groupIds };
  tellEvent(tx, { type: 'organization.event.updated', data: dataOf(event) }, after);
  hide(tx, dataOf(event), before, after);
  await releaseUnseen(tx, { organizationId: event.organizationId, eventIds: [event.id] });
}

async function bind(
  tx: Tx,
  { organizationId, eventId }: ReturnType<typeof dataOf>,
  groupIds: readonly string[],
): Promise<void> {
  if (groupIds.length === 0) return;
  if ((await countGroupsIn(tx, { organizationId, ids: groupIds })) < groupIds.length) {
    deny('GROUP_NOT_FOUND', ['groupIds']);
  }
  await tx.db.insert(eventGroups).values(groupIds.map((groupId) => ({ organizationId, eventId, groupId })));
}

const dataOf = ({ id, organizationId }: EventRow) => ({ organizationId, eventId: id });
