import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { check, foreignKey, primaryKey, text, unique, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { organizations } from './organizations.ts';
import { socialGroup } from './schema.ts';

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
