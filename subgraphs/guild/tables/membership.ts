import { moment, tenantId } from '@fellowship/postgres';
import { foreignKey, index, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { guilds } from './guilds.ts';
import { ranks } from './ranks.ts';
import { guild } from './schema.ts';

/** Current members; who leaves is deleted. */
export const members = guild.table(
  'members',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    playerId: uuid('player_id').notNull(),
    rankId: uuid('rank_id').notNull(),
    joinedAt: moment('joined_at').notNull(),
    /** What the officers say among themselves. Null: nothing. */
    note: text(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId, table.playerId] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    foreignKey({
      name: 'members_rank',
      columns: [table.tenantId, table.guildId, table.rankId],
      foreignColumns: [ranks.tenantId, ranks.guildId, ranks.id],
    }),
    index('members_of_guild').on(table.tenantId, table.guildId, table.joinedAt, table.playerId),
    index('members_of_player').on(table.tenantId, table.playerId, table.joinedAt, table.guildId),
  ],
);
