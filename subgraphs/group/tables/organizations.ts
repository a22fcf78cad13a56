import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { check, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { socialGroup } from './schema.ts';

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
