import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { groups } from './groups.ts';
import { organizations } from './organizations.ts';
import { socialGroup } from './schema.ts';

export const organizationEvents = socialGroup.table(
  'organization_events',
  {
    tenantId: tenantId(),
    id: uuid().notNull(),
    organizationId: uuid('organization_id').notNull(),
    name: text().notNull(),
    description: text(),
    startsAt: moment('starts_at').notNull(),
    endsAt: moment('ends_at').notNull(),
    timeZone: text('time_zone').notNull(),
    isPublic: boolean('is_public').notNull(),
    /** Null: any number. */
    capacity: integer(),
    /** Counted with every registration, behind the organization's lock: the lists show them for nothing. */
    registeredCount: integer('registered_count').notNull().default(0),
    waitingCount: integer('waiting_count').notNull().default(0),
    /** The place of who comes next, ever growing. */
    nextPlace: integer('next_place').notNull().default(1),
    cancelledAt: moment('cancelled_at'),
    creatorId: uuid('creator_id').notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({
      name: 'organization_events_organization',
      columns: [table.tenantId, table.organizationId],
      foreignColumns: [organizations.tenantId, organizations.id],
    }),
    /** For the foreign keys of bindings and registrations. */
    unique('organization_events_of_organization').on(table.tenantId, table.organizationId, table.id),
    index('organization_events_in_order').on(table.tenantId, table.organizationId, table.startsAt, table.id),
    check('organization_events_name', sql`char_length(${table.name}) between 1 and 100`),
    check('organization_events_description', sql`char_length(${table.description}) between 1 and 2000`),
    check('organization_events_times', sql`${table.startsAt} < ${table.endsAt}`),
    check('organization_events_capacity', sql`${table.registeredCount} between 0 and ${table.capacity}`),
    check('organization_events_waiting', sql`${table.waitingCount} >= 0`),
  ],
);

/** The groups an event is bound to, which are of its organization. */
export const eventGroups = socialGroup.table(
  'organization_event_groups',
  {
    tenantId: tenantId(),
    organizationId: uuid('organization_id').notNull(),
    eventId: uuid('event_id').notNull(),
    groupId: uuid('group_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.eventId, table.groupId] }),
    foreignKey({
      name: 'organization_event_groups_event',
      columns: [table.tenantId, table.organizationId, table.eventId],
      foreignColumns: [organizationEvents.tenantId, organizationEvents.organizationId, organizationEvents.id],
    }),
    foreignKey({
      name: 'organization_event_groups_group',
      columns: [table.tenantId, table.organizationId, table.groupId],
      foreignColumns: [groups.tenantId, groups.organizationId, groups.id],
    }),
    index('organization_event_groups_of_group').on(table.tenantId, table.groupId, table.eventId),
  ],
);
