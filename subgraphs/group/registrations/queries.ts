import type { Page } from '@fellowship/pagination';
import { query, type Reads } from '@fellowship/postgres';
import { and, asc, eq, inArray, notExists, or, sql } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { afterNumber, byNumber, limit, parentId, parents } from '../paging.ts';
import type { RegistrationRow } from '../rows.ts';
import { eventGroups, groupMembers, organizationEvents, registrations } from '../tables/index.ts';
import { inOrganization, moderates, moderatesNot, own, seesEvent } from '../visibility.ts';

const columns = {
  organizationId: registrations.organizationId,
  eventId: registrations.eventId,
  playerId: registrations.playerId,
  status: registrations.status,
  place: registrations.place,
  registeredAt: registrations.registeredAt,
};

const ofPlayer = query('registrations_of_player', (db) =>
  db
    .select(columns)
    .from(registrations)
    .where(
      and(
        sql`${registrations.eventId} = any(${sql.placeholder('eventIds')}::uuid[])`,
        eq(registrations.playerId, sql.placeholder('playerId')),
      ),
    ),
);

/** A player's own registrations for events. Asks nobody's leave: one has none for what one does not see. */
export const registrationsOfPlayer = (
  reads: Reads,
  by: { eventIds: readonly string[]; playerId: string },
): Promise<RegistrationRow[]> => reads.run(ofPlayer, by);

const ofEvents = query('registrations_of_events', (db) => {
  const after = afterNumber(registrations.place);
  const everyone = db
    .select(columns)
    .from(registrations)
    .where(and(eq(registrations.eventId, organizationEvents.id), after))
    .orderBy(asc(registrations.place))
    .limit(limit)
    .as('everyone');
  const asModerator = db
    .select(everyone._.selectedFields)
    .from(organizationEvents)
    .innerJoin(own, inOrganization(organizationEvents.organizationId))
    .crossJoinLateral(everyone)
    .where(and(eq(organizationEvents.id, parentId), moderates));
  const asMember = db
    .select(columns)
    .from(registrations)
    .innerJoin(own, inOrganization(registrations.organizationId))
    .where(
      and(eq(registrations.eventId, parentId), moderatesNot, eq(registrations.playerId, own.playerId), after),
    );
  const page = unionAll(asModerator, asMember).as('page');
  return db.select(page._.selectedFields).from(parents).crossJoinLateral(page).orderBy(asc(page.place));
});

/** A page of each event's registrations, in the order of the list, as the viewer may see them, and one row more. */
export const registrationsOfEvents = (
  reads: Reads,
  { parentIds, viewerId, page }: { parentIds: readonly string[]; viewerId: string; page: Page },
): Promise<RegistrationRow[]> => reads.run(ofEvents, { parentIds, viewerId, ...byNumber(page) });

const deleteUnseen = query('registrations_delete_unseen', (db) =>
  db
    .delete(registrations)
    .where(
      and(
        eq(registrations.organizationId, sql.placeholder('organizationId')),
        or(
          sql`${registrations.eventId} = any(${sql.placeholder('eventIds')}::uuid[])`,
          eq(registrations.playerId, sql.placeholder('playerId')),
        ),
        notExists(
          db
            .select({ one: sql`1` })
            .from(organizationEvents)
            .innerJoin(own, inOrganization(organizationEvents.organizationId, registrations.playerId))
            .where(
              and(eq(organizationEvents.id, registrations.eventId), seesEvent(db, registrations.playerId)),
            ),
        ),
      ),
    )
    .returning(columns),
);

/** Deletes and returns those registrations, of these events or of this player, whose holders don't see the event. */
export const deleteUnseenRegistrations = (
  tx: Reads,
  by: { organizationId: string; eventIds: readonly string[]; playerId: string | null },
): Promise<RegistrationRow[]> => tx.run(deleteUnseen, by);

const promoteNext = query('registrations_promote', (db) =>
  db
    .update(registrations)
    .set({ status: 'REGISTERED' })
    .where(
      and(
        eq(registrations.eventId, sql.placeholder('eventId')),
        inArray(
          registrations.place,
          db
            .select({ place: sql`waiting.place` })
            .from(sql`${registrations} as waiting`)
            .where(sql`waiting.event_id = ${sql.placeholder('eventId')} and waiting.status = 'WAITING'`)
            .orderBy(sql`waiting.place`)
            .limit(sql.placeholder('count')),
        ),
      ),
    )
    .returning(columns),
);

/** Moves up the first `count` who wait, and returns them in that order. */
export async function promoteNextInLine(
  tx: Reads,
  by: { eventId: string; count: number },
): Promise<RegistrationRow[]> {
  return (await tx.run(promoteNext, by)).sort((a, b) => a.place - b.place);
}

const boundGroups = query('groups_that_show_event', (db) =>
  db
    .select({ playerId: groupMembers.playerId, groupId: groupMembers.groupId })
    .from(eventGroups)
    .innerJoin(groupMembers, eq(groupMembers.groupId, eventGroups.groupId))
    .where(
      and(
        eq(eventGroups.eventId, sql.placeholder('eventId')),
        sql`${groupMembers.playerId} = any(${sql.placeholder('playerIds')}::uuid[])`,
      ),
    )
    .orderBy(asc(groupMembers.groupId)),
);

/** The groups bound to an event that each of the players is in. Asks nobody's leave. */
export const groupsThatShow = (
  reads: Reads,
  by: { eventId: string; playerIds: readonly string[] },
): Promise<{ playerId: string; groupId: string }[]> => reads.run(boundGroups, by);
