import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { foreignKey, index, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { guilds } from './guilds.ts';
import { guild } from './schema.ts';

export const guildApplicationStatus = guild.enum('guild_application_status', [
  'PENDING',
  'APPROVED',
  'REJECTED',
  'WITHDRAWN',
]);

/** Applications, decided ones too. Members are ACTIVE (`members`), PENDING (here) or BANNED (`bans`). */
export const applications = guild.table(
  'applications',
  {
    tenantId: tenantId(),
    /** UUID version 7: the order of ids is the order of time. */
    id: uuid().notNull(),
    guildId: uuid('guild_id').notNull(),
    playerId: uuid('player_id').notNull(),
    status: guildApplicationStatus().notNull(),
    message: text().notNull(),
    /** Why it was rejected. */
    reason: text(),
    /** Who approved or rejected it. */
    deciderId: uuid('decider_id'),
    createdAt: moment('created_at').notNull(),
    decidedAt: moment('decided_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    uniqueIndex('applications_one_pending')
      .on(table.tenantId, table.guildId, table.playerId)
      .where(sql`${table.status} = 'PENDING'`),
    index('applications_of_guild')
      .on(table.tenantId, table.guildId, table.id)
      .where(sql`${table.status} = 'PENDING'`),
    index('applications_of_player').on(table.tenantId, table.playerId, table.id),
  ],
);
