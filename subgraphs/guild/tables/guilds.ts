import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { bytewise } from './columns.ts';
import { guild } from './schema.ts';

export const guildVisibility = guild.enum('guild_visibility', ['PUBLIC', 'COMMUNITY', 'PRIVATE']);

export const guilds = guild.table(
  'guilds',
  {
    tenantId: tenantId(),
    id: uuid().notNull(),
    communityId: uuid('community_id').notNull(),
    name: text().notNull(),
    /**
     * The name as names are compared and sorted: `nameKey` of guilds/names.ts. Not `lower(name)`: with a database
     * in the locale C, as many are, that was tried to leave `СТРАЖ` as it is.
     */
    nameKey: bytewise('name_key').notNull(),
    /** Lower case. */
    slug: text().notNull(),
    description: text().notNull(),
    visibility: guildVisibility().notNull(),
    recruiting: boolean().notNull(),
    /** The member with the rank LEADER. */
    leaderId: uuid('leader_id').notNull(),
    /** How many members there are. Counted here, under the guild's lock, so that no read counts them. */
    memberCount: integer('member_count').notNull(),
    maxMembers: integer('max_members').notNull(),
    createdAt: moment('created_at').notNull(),
    /** Null: it is not. An archived guild's name and slug are free for others. */
    archivedAt: moment('archived_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('guilds_one_name')
      .on(table.tenantId, table.communityId, table.nameKey)
      .where(sql`${table.archivedAt} is null`),
    uniqueIndex('guilds_one_slug')
      .on(table.tenantId, table.communityId, table.slug)
      .where(sql`${table.archivedAt} is null`),
    index('guilds_by_name').on(table.tenantId, table.nameKey, table.id),
    index('guilds_recruiting').on(table.tenantId, table.nameKey, table.id).where(sql`${table.recruiting}`),
    index('guilds_recruiting_of_community')
      .on(table.tenantId, table.communityId, table.nameKey, table.id)
      .where(sql`${table.recruiting}`),
    check('guilds_max_members', sql`${table.maxMembers} between 1 and 1000`),
    check('guilds_member_count', sql`${table.memberCount} between 1 and ${table.maxMembers}`),
  ],
);
