import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { guilds } from './guilds.ts';
import { guild } from './schema.ts';

export const guildChannel = guild.enum('guild_channel', ['GUILD', 'OFFICER']);

export const messages = guild.table(
  'messages',
  {
    tenantId: tenantId(),
    /** UUID version 7: the order of ids is the order of time. */
    id: uuid().notNull(),
    guildId: uuid('guild_id').notNull(),
    channel: guildChannel().notNull(),
    authorId: uuid('author_id').notNull(),
    /** Null: deleted. What was said is not kept. */
    body: text(),
    createdAt: moment('created_at').notNull(),
    deletedAt: moment('deleted_at'),
    deletedBy: uuid('deleted_by'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    index('messages_of_channel').on(table.tenantId, table.guildId, table.channel, table.id),
    check('messages_deleted', sql`(${table.body} is null) = (${table.deletedAt} is not null)`),
  ],
);
