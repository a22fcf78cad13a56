import { moment, tenantId } from '@fellowship/postgres';
import { foreignKey, index, integer, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { guilds } from './guilds.ts';
import { guild } from './schema.ts';

export const guildPostKind = guild.enum('guild_post_kind', ['NEWS', 'RECRUITMENT']);

export const posts = guild.table(
  'posts',
  {
    tenantId: tenantId(),
    /** UUID version 7: the order of ids is the order of time. */
    id: uuid().notNull(),
    guildId: uuid('guild_id').notNull(),
    kind: guildPostKind().notNull(),
    title: text().notNull(),
    /** Markdown. */
    body: text().notNull(),
    version: integer().notNull(),
    authorId: uuid('author_id').notNull(),
    publishedAt: moment('published_at').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    index('posts_of_guild').on(table.tenantId, table.guildId, table.id),
  ],
);
