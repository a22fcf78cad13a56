import { activityTables } from '@fellowship/activity';
import { commandTable } from '@fellowship/command';
import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  customType,
  date,
  doublePrecision,
  foreignKey,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { GuildAuditAction } from './schema.generated.ts';

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

export const guildApplicationStatus = guild.enum('guild_application_status', [
  'PENDING',
  'APPROVED',
  'REJECTED',
  'WITHDRAWN',
]);
export const guildPostKind = guild.enum('guild_post_kind', ['NEWS', 'RECRUITMENT']);

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
    /** How much currency a holder may withdraw in a UTC day. Null: no limit. */
    bankCurrencyLimit: bigint('bank_currency_limit', { mode: 'bigint' }),
    /** The same for items of all kinds together. */
    bankItemLimit: bigint('bank_item_limit', { mode: 'bigint' }),
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

/** Made with the bank's first movement. */
export const banks = guild.table(
  'banks',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    /** In the currency's smallest unit. */
    currency: bigint({ mode: 'bigint' }).notNull(),
    /** How many entries the ledger has, and so the number of the last one. */
    entries: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    check('banks_currency', sql`${table.currency} >= 0`),
  ],
);

export const bankTabs = guild.table(
  'bank_tabs',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    id: uuid().notNull(),
    name: text().notNull(),
    nameKey: text('name_key').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    uniqueIndex('bank_tabs_one_name').on(table.tenantId, table.guildId, table.nameKey),
  ],
);

/** What is in a tab now; a kind of item that is gone has no row. */
export const bankItems = guild.table(
  'bank_items',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    tabId: uuid('tab_id').notNull(),
    key: bytewise().notNull(),
    quantity: bigint({ mode: 'bigint' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId, table.tabId, table.key] }),
    foreignKey({
      name: 'bank_items_tab',
      columns: [table.tenantId, table.guildId, table.tabId],
      foreignColumns: [bankTabs.tenantId, bankTabs.guildId, bankTabs.id],
    }),
    check('bank_items_quantity', sql`${table.quantity} > 0`),
  ],
);

/** Every movement of the bank, numbered without gaps. Append-only: the database refuses anything else. */
export const bankLedger = guild.table(
  'bank_ledger',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    sequence: bigint({ mode: 'number' }).notNull(),
    playerId: uuid('player_id').notNull(),
    /** Null, as is the item's key: a movement of currency. */
    tabId: uuid('tab_id'),
    itemKey: text('item_key'),
    /** Deposits above zero, withdrawals below. */
    amount: bigint({ mode: 'bigint' }).notNull(),
    /** What there was of it afterwards. */
    balance: bigint({ mode: 'bigint' }).notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId, table.sequence] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [banks.tenantId, banks.guildId] }),
    check('bank_ledger_item', sql`(${table.tabId} is null) = (${table.itemKey} is null)`),
    check('bank_ledger_amount', sql`${table.amount} <> 0`),
    check('bank_ledger_balance', sql`${table.balance} >= 0 and ${table.balance} >= ${table.amount}`),
  ],
);

/** What a player withdrew on a UTC day, which the limits are held against whatever rank they had. */
export const bankWithdrawals = guild.table(
  'bank_withdrawals',
  {
    tenantId: tenantId(),
    guildId: uuid('guild_id').notNull(),
    playerId: uuid('player_id').notNull(),
    day: date({ mode: 'string' }).notNull(),
    currency: bigint({ mode: 'bigint' }).notNull(),
    items: bigint({ mode: 'bigint' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.guildId, table.playerId, table.day] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [banks.tenantId, banks.guildId] }),
  ],
);

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

export const calendarEvents = guild.table(
  'calendar_events',
  {
    tenantId: tenantId(),
    id: uuid().notNull(),
    guildId: uuid('guild_id').notNull(),
    title: text().notNull(),
    description: text().notNull(),
    /** When it takes place first. */
    startsAt: moment('starts_at').notNull(),
    durationMinutes: integer('duration_minutes').notNull(),
    /** IANA name: repeats are at the same time of day there. */
    timeZone: text('time_zone').notNull(),
    /** An iCalendar RRULE. Null: takes place once. */
    recurrence: text(),
    /** When the last occurrence starts. Null: never, or too far off to tell. */
    lastStartsAt: moment('last_starts_at'),
    /** Starts of occurrences that were called off, as ISO strings. */
    excluded: text().array().notNull(),
    creatorId: uuid('creator_id').notNull(),
    createdAt: moment('created_at').notNull(),
    cancelledAt: moment('cancelled_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.guildId], foreignColumns: [guilds.tenantId, guilds.id] }),
    index('calendar_single')
      .on(table.tenantId, table.guildId, table.startsAt, table.id)
      .where(sql`${table.recurrence} is null and ${table.cancelledAt} is null`),
    index('calendar_recurring')
      .on(table.tenantId, table.guildId, table.lastStartsAt)
      .where(sql`${table.recurrence} is not null and ${table.cancelledAt} is null`),
  ],
);

export const attendance = guild.enum('guild_attendance', ['GOING', 'MAYBE', 'DECLINED']);

/** How many answered what to an occurrence. Counted here, under the guild's lock, so that no read counts them. */
export const calendarCounts = guild.table(
  'calendar_counts',
  {
    tenantId: tenantId(),
    eventId: uuid('event_id').notNull(),
    startsAt: moment('starts_at').notNull(),
    going: integer().notNull(),
    maybe: integer().notNull(),
    declined: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.eventId, table.startsAt] }),
    foreignKey({
      name: 'calendar_counts_event',
      columns: [table.tenantId, table.eventId],
      foreignColumns: [calendarEvents.tenantId, calendarEvents.id],
    }),
    check(
      'calendar_counts_positive',
      sql`${table.going} >= 0 and ${table.maybe} >= 0 and ${table.declined} >= 0`,
    ),
  ],
);

export const calendarResponses = guild.table(
  'calendar_responses',
  {
    tenantId: tenantId(),
    eventId: uuid('event_id').notNull(),
    startsAt: moment('starts_at').notNull(),
    playerId: uuid('player_id').notNull(),
    attendance: attendance().notNull(),
    respondedAt: moment('responded_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.eventId, table.startsAt, table.playerId] }),
    foreignKey({
      name: 'calendar_responses_event',
      columns: [table.tenantId, table.eventId],
      foreignColumns: [calendarEvents.tenantId, calendarEvents.id],
    }),
    index('calendar_responses_of_player').on(table.tenantId, table.playerId, table.startsAt),
  ],
);

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

export const { activity, heads, relays } = activityTables(guild);
export const commands = commandTable(guild);
