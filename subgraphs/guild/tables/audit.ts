import { moment, tenantId } from '@fellowship/postgres';
import { foreignKey, index, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { GuildAuditAction } from '../schema.generated.ts';
import { guilds } from './guilds.ts';
import { guild } from './schema.ts';

/** Every act of office; written by `record` (audit/record.ts) alone. */
export const audit = guild.table(
  'audit',
  {
    tenantId: tenantId(),
    /** UUID version 7: the order of ids is the order of time. */
    id: uuid().notNull(),
    guildId: uuid('guild_id').notNull(),
    action: text().$type<GuildAuditAction>().notNull(),
    actorId: uuid('actor_id').notNull(),
    targetId: uuid('target_id'),
    subjectId: uuid('subject_id'),
    reason: text(),
    before: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
    after: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
    occurredAt: moment('occurred_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    index('audit_of_guild').on(table.tenantId, table.guildId, table.id),
  ],
);
