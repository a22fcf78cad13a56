import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { check, foreignKey, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { parties } from './parties.ts';
import { party } from './schema.ts';

export const messages = party.table(
  'messages',
  {
    tenantId: tenantId(),
    id: uuid().notNull(),
    partyId: uuid('party_id').notNull(),
    /** 1, 2, 3 in each party, in the order of posting: taken under the party's lock. */
    number: integer().notNull(),
    authorId: uuid('author_id').notNull(),
    /** Null once deleted. */
    body: text(),
    postedAt: moment('posted_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    uniqueIndex('messages_of_party').on(table.tenantId, table.partyId, table.number),
    check('messages_body', sql`char_length(${table.body}) between 1 and 2000`),
    check('messages_deleted', sql`(${table.body} is null) = (${table.deletedAt} is not null)`),
  ],
);
