import { activityTables } from '@fellowship/activity';
import { commandTable } from '@fellowship/command';
import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
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

export const { activity, heads, relays } = activityTables(socialGroup);
export const commands = commandTable(socialGroup);
