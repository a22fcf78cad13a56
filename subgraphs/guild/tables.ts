import { activityTables } from '@fellowship/activity';
import { commandTable } from '@fellowship/command';
import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  customType,
  doublePrecision,
  foreignKey,
  index,
  integer,
  pgSchema,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

/** What the guild subgraph owns. Every key leads with the tenant; row level security adds it to every read. */
export const guild = pgSchema('guild');

export const guildVisibility = guild.enum('guild_visibility', ['PUBLIC', 'COMMUNITY', 'PRIVATE']);
export const guildRankKind = guild.enum('guild_rank_kind', [
  'LEADER',
  'OFFICER',
  'VETERAN',
  'MEMBER',
  'RECRUIT',
]);
export const guildPermission = guild.enum('guild_permission', [
  'READ',
  'MEMBERS_READ',
  'PAGE_READ',
  'CHAT',
  'BANK_DEPOSIT',
  'INVITE',
  'BANK_WITHDRAW',
  'KICK',
  'REVIEW_APPLICATIONS',
  'OFFICER_CHAT',
  'MODERATE_CHAT',
  'PAGE_EDIT',
  'NEWS_CREATE',
  'MANAGE_EVENTS',
  'READ_AUDIT',
  'PROMOTE',
  'MANAGE_RANKS',
  'MANAGE_BANK',
  'EDIT_INFO',
  'DISBAND',
]);

/** Text in the order of its bytes whatever the database's locale, so that a prefix is a range of an index. */
const bytewise = customType<{ data: string }>({ dataType: () => 'text collate "C"' });

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
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    uniqueIndex('guilds_one_name').on(table.tenantId, table.communityId, table.nameKey),
    uniqueIndex('guilds_one_slug').on(table.tenantId, table.communityId, table.slug),
    index('guilds_by_name').on(table.tenantId, table.nameKey, table.id),
    check('guilds_max_members', sql`${table.maxMembers} between 1 and 1000`),
    check('guilds_member_count', sql`${table.memberCount} between 1 and ${table.maxMembers}`),
  ],
);

export const ranks = guild.table(
  'ranks',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    id: uuid().notNull(),
    /** LEADER 5 to RECRUIT 1. A guild's own ranks have fractions between, so system levels never move. */
    level: doublePrecision().notNull(),
    name: text().notNull(),
    /** Null: one of the guild's own. */
    kind: guildRankKind(),
    permissions: guildPermission().array().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    uniqueIndex('ranks_one_level').on(table.tenantId, table.guildId, table.level),
    uniqueIndex('ranks_one_kind').on(table.tenantId, table.guildId, table.kind),
    check('ranks_level', sql`${table.level} between 1 and 5`),
  ],
);

/** Current members; who leaves is deleted. */
export const members = guild.table(
  'members',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    playerId: uuid('player_id').notNull(),
    rankId: uuid('rank_id').notNull(),
    joinedAt: moment('joined_at').notNull(),
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

export const { activity, heads, relays } = activityTables(guild);
export const commands = commandTable(guild);
