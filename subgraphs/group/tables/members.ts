import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { foreignKey, index, primaryKey, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { groups } from './groups.ts';
import { organizations } from './organizations.ts';
import { socialGroup } from './schema.ts';

export const organizationRole = socialGroup.enum('organization_role', ['OWNER', 'MODERATOR', 'MEMBER']);

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
