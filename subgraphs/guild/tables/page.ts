import { moment, tenantId } from '@fellowship/postgres';
import { foreignKey, index, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytewise } from './columns.ts';
import { guilds } from './guilds.ts';
import { guild } from './schema.ts';

/** A guild's page. Until its first edit there is none, which reads as an empty one of version 0. */
export const pages = guild.table(
  'pages',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    version: integer().notNull(),
    headline: text().notNull(),
    /** Markdown. */
    body: text().notNull(),
    /** In the order they were given. */
    tags: text().array().notNull(),
    media: jsonb().$type<readonly MediaItem[]>().notNull(),
    editorId: uuid('editor_id').notNull(),
    updatedAt: moment('updated_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
  ],
);

export interface MediaItem {
  readonly url: string;
  readonly caption: string;
}

/** The tags of pages once more, with the guild's `nameKey`: so that guilds with a tag are read by name from an index. */
export const tags = guild.table(
  'tags',
  {
    tenantId: tenantId(),
    tag: text().notNull(),
    nameKey: bytewise('name_key').notNull(),
    guildId: uuid('guild_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.tag, table.nameKey, table.guildId] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    index('tags_of_guild').on(table.tenantId, table.guildId),
  ],
);
