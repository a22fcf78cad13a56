import { moment, tenantId } from '@fellowship/postgres';
import { foreignKey, index, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { guilds } from './guilds.ts';
import { guild } from './schema.ts';

export const bans = guild.table(
  'bans',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    playerId: uuid('player_id').notNull(),
    /** UUID version 7, made when they were banned: the order of ids is the order of time. */
    id: uuid().notNull(),
    bannerId: uuid('banner_id').notNull(),
    reason: text(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId, table.playerId] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    index('bans_of_guild').on(table.tenantId, table.guildId, table.id),
  ],
);
