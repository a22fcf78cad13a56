import { activityTables } from '@fellowship/activity';
import { commandTable } from '@fellowship/command';
import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgSchema,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

/** What the group subgraph owns. Every key leads with the tenant; row level security adds it to every read. */
export const socialGroup = pgSchema('social_group');

export const organizationRole = socialGroup.enum('organization_role', ['OWNER', 'MODERATOR', 'MEMBER']);

export const organizations = socialGroup.table(
  'organizations',
  {
    tenantId: tenantId(),
    /** UUID version 7, as of groups: the order of ids is the order of time. */
    id: uuid().notNull(),
    name: text().notNull(),
    description: text(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    check('organizations_name', sql`char_length(${table.name}) between 1 and 100`),
    check('organizations_description', sql`char_length(${table.description}) between 1 and 2000`),
  ],
);

export const organizationMembers = socialGroup.table(
  'organization_members',
  {
    tenantId: tenantId(),
    organizationId: uuid('organization_id').notNull(),
    playerId: uuid('player_id').notNull(),
    role: organizationRole().notNull(),
    joinedAt: moment('joined_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.organizationId, table.playerId] }),
    foreignKey({
      name: 'organization_members_organization',
      columns: [table.tenantId, table.organizationId],
      foreignColumns: [organizations.tenantId, organizations.id],
    }),
    uniqueIndex('organization_members_one_owner')
      .on(table.tenantId, table.organizationId)
      .where(sql`${table.role} = 'OWNER'`),
    index('organization_members_in_order').on(
      table.tenantId,
      table.organizationId,
      table.joinedAt,
      table.playerId,
    ),
    index('organization_members_of_player').on(table.tenantId, table.playerId, table.organizationId),
  ],
);

export const groups = socialGroup.table(
  'groups',
  {
    tenantId: tenantId(),
    id: uuid().notNull(),
    organizationId: uuid('organization_id').notNull(),
    name: text().notNull(),
    description: text(),
    inviteCode: text('invite_code').notNull(),
    creatorId: uuid('creator_id').notNull(),
    createdAt: moment('created_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({
      name: 'groups_organization',
      columns: [table.tenantId, table.organizationId],
      foreignColumns: [organizations.tenantId, organizations.id],
    }),
    /** For the members' foreign key; lists an organization's groups, too. */
    unique('groups_of_organization').on(table.tenantId, table.organizationId, table.id),
    /** The one key without the tenant: no two groups of the whole system share a code. */
    uniqueIndex('groups_invite_code').on(table.inviteCode),
    check('groups_name', sql`char_length(${table.name}) between 1 and 100`),
    check('groups_description', sql`char_length(${table.description}) between 1 and 2000`),
  ],
);

/** The foreign keys are the rule: who is in a group is in its organization. */
export const groupMembers = socialGroup.table(
  'group_members',
  {
    tenantId: tenantId(),
    organizationId: uuid('organization_id').notNull(),
    groupId: uuid('group_id').notNull(),
    playerId: uuid('player_id').notNull(),
    joinedAt: moment('joined_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.groupId, table.playerId] }),
    foreignKey({
      name: 'group_members_group',
      columns: [table.tenantId, table.organizationId, table.groupId],
      foreignColumns: [groups.tenantId, groups.organizationId, groups.id],
    }),
    foreignKey({
      name: 'group_members_are_organization_members',
      columns: [table.tenantId, table.organizationId, table.playerId],
      foreignColumns: [
        organizationMembers.tenantId,
        organizationMembers.organizationId,
        organizationMembers.playerId,
      ],
    }),
    index('group_members_in_order').on(table.tenantId, table.groupId, table.joinedAt, table.playerId),
    index('group_members_of_player').on(table.tenantId, table.playerId, table.groupId),
  ],
);

export const registrationStatus = socialGroup.enum('registration_status', ['REGISTERED', 'WAITING']);

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

export const { activity, heads, relays } = activityTables(socialGroup);
export const commands = commandTable(socialGroup);
