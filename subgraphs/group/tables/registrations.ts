import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, primaryKey, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { organizationMembers } from './members.ts';
import { organizationEvents } from './organization-events.ts';
import { socialGroup } from './schema.ts';

export const registrationStatus = socialGroup.enum('registration_status', ['REGISTERED', 'WAITING']);

/** Who is registered is in the organization, says the foreign key; and sees the event, see registrations/release.ts. */
export const registrations = socialGroup.table(
  'organization_event_registrations',
  {
    tenantId: tenantId(),
    organizationId: uuid('organization_id').notNull(),
    eventId: uuid('event_id').notNull(),
    playerId: uuid('player_id').notNull(),
    status: registrationStatus().notNull(),
    /** The order in which they came. Who waits came after all who take part. */
    place: integer().notNull(),
    registeredAt: moment('registered_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.eventId, table.playerId] }),
    foreignKey({
      name: 'organization_event_registrations_event',
      columns: [table.tenantId, table.organizationId, table.eventId],
      foreignColumns: [organizationEvents.tenantId, organizationEvents.organizationId, organizationEvents.id],
    }),
    foreignKey({
      name: 'organization_event_registrations_member',
      columns: [table.tenantId, table.organizationId, table.playerId],
      foreignColumns: [
        organizationMembers.tenantId,
        organizationMembers.organizationId,
        organizationMembers.playerId,
      ],
    }),
    uniqueIndex('organization_event_registrations_in_order').on(table.tenantId, table.eventId, table.place),
    /** Finds who is next without passing all who take part. */
    index('organization_event_registrations_waiting')
      .on(table.tenantId, table.eventId, table.place)
      .where(sql`${table.status} = 'WAITING'`),
    index('organization_event_registrations_of_player').on(
      table.tenantId,
      table.organizationId,
      table.playerId,
    ),
  ],
);
