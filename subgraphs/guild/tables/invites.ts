import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { ranks } from './ranks.ts';
import { guild } from './schema.ts';

export const invites = guild.table(
  'invites',
  {
    tenantId: tenantId(),
    /** UUID version 7: the order of ids is the order of time. */
    id: uuid().notNull(),
    guildId: uuid('guild_id').notNull(),
    code: text().notNull(),
    creatorId: uuid('creator_id').notNull(),
    rankId: uuid('rank_id').notNull(),
    uses: integer().notNull().default(0),
    /** Null: any number. */
    maxUses: integer('max_uses'),
    /** Null: never. */
    expiresAt: moment('expires_at'),
    revokedAt: moment('revoked_at'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({
      name: 'invites_rank',
      columns: [table.tenantId, table.guildId, table.rankId],
      foreignColumns: [ranks.tenantId, ranks.guildId, ranks.id],
    }),
    uniqueIndex('invites_one_code').on(table.tenantId, table.code),
    index('invites_of_guild')
      .on(table.tenantId, table.guildId, table.id)
      .where(sql`${table.revokedAt} is null`),
    check('invites_uses', sql`${table.uses} between 0 and coalesce(${table.maxUses}, ${table.uses})`),
  ],
);
