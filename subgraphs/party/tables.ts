import { activityTables } from '@fellowship/activity';
import { commandTable } from '@fellowship/command';
import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
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
import type { LootRounds } from './loot/rules.ts';

/** What the party subgraph owns. Every key leads with the tenant; row level security adds it to every read. */
export const party = pgSchema('party');

export const partyStatus = party.enum('party_status', ['ACTIVE', 'DISBANDED']);
export const partyJoinPolicy = party.enum('party_join_policy', ['INVITE_ONLY', 'OPEN']);
export const partyRole = party.enum('party_role', ['TANK', 'HEALER', 'DPS']);
export const partyInviteStatus = party.enum('party_invite_status', [
  'PENDING',
  'ACCEPTED',
  'DECLINED',
  'CANCELLED',
  'EXPIRED',
]);
export const partyLootMode = party.enum('party_loot_mode', [
  'NEED_GREED',
  'PERSONAL',
  'MASTER_LOOTER',
  'FREE_FOR_ALL',
]);
/** In order of worth. */
export const partyLootQuality = party.enum('party_loot_quality', [
  'POOR',
  'COMMON',
  'UNCOMMON',
  'RARE',
  'EPIC',
  'LEGENDARY',
]);
export const partyLootItemStatus = party.enum('party_loot_item_status', [
  'ROLLING',
  'UNASSIGNED',
  'FREE',
  'AWARDED',
]);
export const partyLootVote = party.enum('party_loot_vote', ['NEED', 'GREED', 'PASS']);
export const deadlineKind = party.enum('deadline_kind', ['LOOT_ROLL', 'INVITE', 'READY_CHECK']);

type Columns<Name extends string> = Readonly<Record<Name, AnyPgColumn>>;

// The conditions of partial indexes. Queries say them in these words: with the status as a parameter (`eq`), a
// plan that is kept for any parameters can't know that the index has the rows. Measured: it reads the table.
export const isRolling = ({ status }: Columns<'status'>) => sql`${status} = 'ROLLING'`;
export const isPending = ({ status }: Columns<'status'>) => sql`${status} = 'PENDING'`;
export const isActive = ({ status }: Columns<'status'>) => sql`${status} = 'ACTIVE'`;
export const hasEnded = ({ status }: Columns<'status'>) => sql`${status} <> 'ACTIVE'`;
export const isWaiting = ({ status }: Columns<'status'>) => sql`${status} = 'WAITING'`;
export const isOpen = ({ status }: Columns<'status'>) => sql`${status} = 'OPEN'`;

/** How many members a party has. */
const membersOf = (table: Columns<'tanks' | 'healers' | 'dps' | 'undecided'>) =>
  sql`${table.tanks} + ${table.healers} + ${table.dps} + ${table.undecided}`;

/** Whether whoever wants to can join: what the finder shows, in the words of the indexes it reads. */
export const joinable = (
  table: Columns<'status' | 'joinPolicy' | 'maxMembers' | 'tanks' | 'healers' | 'dps' | 'undecided'>,
) =>
  sql`${table.status} = 'ACTIVE' and ${table.joinPolicy} = 'OPEN' and ${membersOf(table)} < ${table.maxMembers}`;

/** How loot is given out; copied to each drop, which keeps what it dropped under. */
const lootSettings = () => ({
  lootMode: partyLootMode('loot_mode').notNull().default('NEED_GREED'),
  /** Items below it are free for all. */
  lootThreshold: partyLootQuality('loot_threshold').notNull().default('UNCOMMON'),
  /** As the leader chose; null, or no longer a member: the leader. */
  masterLooterId: uuid('master_looter_id'),
  rollSeconds: integer('roll_seconds').notNull().default(60),
});

export const parties = party.table(
  'parties',
  {
    tenantId: tenantId(),
    id: uuid().notNull(),
    /** A member for as long as the party is active; then null. */
    leaderId: uuid('leader_id'),
    status: partyStatus().notNull().default('ACTIVE'),
    joinPolicy: partyJoinPolicy('join_policy').notNull(),
    maxMembers: integer('max_members').notNull(),
    ...lootSettings(),
    /** The key of the activity it is for. */
    goal: text(),
    note: text(),
    /** Its members by what they play, counted again whenever one comes, goes or changes: the finder's filter. */
    tanks: integer().notNull().default(0),
    healers: integer().notNull().default(0),
    dps: integer().notNull().default(0),
    undecided: integer().notNull().default(0),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    check('parties_max_members', sql`${table.maxMembers} between 2 and 5`),
    check('parties_room', sql`${membersOf(table)} <= ${table.maxMembers}`),
    index('parties_joinable').on(table.tenantId, table.id).where(joinable(table)),
    index('parties_joinable_for').on(table.tenantId, table.goal, table.id).where(joinable(table)),
    check('parties_leader', sql`(${table.status} = 'ACTIVE') = (${table.leaderId} is not null)`),
  ],
);

/** Current members; who leaves is deleted. The key is the rule: one active party a player. */
export const members = party.table(
  'members',
  {
    tenantId: tenantId(),
    playerId: uuid('player_id').notNull(),
    partyId: uuid('party_id').notNull(),
    role: partyRole(),
    joinedAt: moment('joined_at').notNull(),
    /** Who joined before whom: two can join in the same millisecond, but not at once (the party is locked). */
    standing: bigint({ mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
  },
  (table) => [
    primaryKey({ name: 'members_one_party', columns: [table.tenantId, table.playerId] }),
    foreignKey({ columns: [table.tenantId, table.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    index('members_of_party').on(table.tenantId, table.partyId, table.standing),
  ],
);

export const invites = party.table(
  'invites',
  {
    tenantId: tenantId(),
    /** UUID version 7: the order of ids is the order of time. */
    id: uuid().notNull(),
    partyId: uuid('party_id').notNull(),
    playerId: uuid('player_id').notNull(),
    inviterId: uuid('inviter_id').notNull(),
    /** As last written. One that is PENDING past `expiresAt` has expired. */
    status: partyInviteStatus().notNull().default('PENDING'),
    createdAt: moment('created_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    uniqueIndex('invites_one_pending')
      .on(table.tenantId, table.partyId, table.playerId)
      .where(isPending(table)),
    index('invites_of_player').on(table.tenantId, table.playerId, table.id).where(isPending(table)),
  ],
);

export const messages = party.table(
  'messages',
  {
    tenantId: tenantId(),
    id: uuid().notNull(),
    partyId: uuid('party_id').notNull(),
    /** 1, 2, 3 in each party, in the order of posting: taken under the party's lock. */
    number: integer().notNull(),
    authorId: uuid('author_id').notNull(),
    /** Null once deleted. */
    body: text(),
    postedAt: moment('posted_at').notNull(),
    deletedAt: moment('deleted_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    uniqueIndex('messages_of_party').on(table.tenantId, table.partyId, table.number),
    check('messages_body', sql`char_length(${table.body}) between 1 and 2000`),
    check('messages_deleted', sql`(${table.body} is null) = (${table.deletedAt} is not null)`),
  ],
);

export const partyQuestStatus = party.enum('party_quest_status', ['ACTIVE', 'COMPLETED', 'ABANDONED']);

export const quests = party.table(
  'quests',
  {
    tenantId: tenantId(),
    /** UUID version 7: the order of ids is the order of time. */
    id: uuid().notNull(),
    partyId: uuid('party_id').notNull(),
    /** What the game calls it. */
    key: text().notNull(),
    title: text().notNull(),
    sharerId: uuid('sharer_id').notNull(),
    status: partyQuestStatus().notNull().default('ACTIVE'),
    sharedAt: moment('shared_at').notNull(),
    /** When it was completed or abandoned. */
    endedAt: moment('ended_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    uniqueIndex('quests_shared_once').on(table.tenantId, table.partyId, table.key).where(isActive(table)),
    index('quests_ended').on(table.tenantId, table.partyId, table.id).where(hasEnded(table)),
    check('quests_end', sql`(${table.status} = 'ACTIVE') = (${table.endedAt} is null)`),
  ],
);

export const questObjectives = party.table(
  'quest_objectives',
  {
    tenantId: tenantId(),
    questId: uuid('quest_id').notNull(),
    key: text().notNull(),
    /** Its place among the quest's objectives, from 0. */
    place: integer().notNull(),
    title: text().notNull(),
    target: integer().notNull(),
    progress: integer().notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.questId, table.key] }),
    foreignKey({ columns: [table.tenantId, table.questId], foreignColumns: [quests.tenantId, quests.id] }),
    check('quest_objectives_progress', sql`${table.progress} between 0 and ${table.target}`),
  ],
);

/** What services reported. The key is the rule: each report once. */
export const questReports = party.table(
  'quest_reports',
  {
    tenantId: tenantId(),
    id: text().notNull(),
    /** Null only within the transaction that counts it. */
    questId: uuid('quest_id'),
    objectiveKey: text('objective_key').notNull(),
    playerId: uuid('player_id').notNull(),
    /** As reported; what went beyond the target was not counted. */
    amount: integer().notNull(),
    reportedAt: moment('reported_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.questId], foreignColumns: [quests.tenantId, quests.id] }),
  ],
);

export const partyQueueStatus = party.enum('party_queue_status', ['WAITING', 'MATCHED', 'LEFT']);

/** A party's times in the queue. */
export const queueEntries = party.table(
  'queue_entries',
  {
    tenantId: tenantId(),
    /** UUID version 7: the order of ids is the order of time. */
    id: uuid().notNull(),
    partyId: uuid('party_id').notNull(),
    /** The key of the activity it waits for. */
    activity: text().notNull(),
    status: partyQueueStatus().notNull().default('WAITING'),
    /** The matchmaker's own. */
    matchId: text('match_id'),
    enteredAt: moment('entered_at').notNull(),
    endedAt: moment('ended_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    index('queue_entries_of_party').on(table.tenantId, table.partyId, table.id),
    uniqueIndex('queue_entries_one_waiting').on(table.tenantId, table.partyId).where(isWaiting(table)),
    uniqueIndex('queue_entries_one_match').on(table.tenantId, table.partyId, table.matchId),
    check('queue_entries_match', sql`(${table.status} = 'MATCHED') = (${table.matchId} is not null)`),
    check('queue_entries_end', sql`(${table.status} = 'WAITING') = (${table.endedAt} is null)`),
  ],
);

export const partyReadyCheckStatus = party.enum('party_ready_check_status', [
  'OPEN',
  'PASSED',
  'FAILED',
  'CANCELLED',
]);
export const partyReadyAnswer = party.enum('party_ready_answer', ['READY', 'NOT_READY']);

export const readyChecks = party.table(
  'ready_checks',
  {
    tenantId: tenantId(),
    /** UUID version 7: the order of ids is the order of time. */
    id: uuid().notNull(),
    partyId: uuid('party_id').notNull(),
    starterId: uuid('starter_id').notNull(),
    /** As last written. One that is OPEN past `expiresAt` has failed. */
    status: partyReadyCheckStatus().notNull().default('OPEN'),
    startedAt: moment('started_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    finishedAt: moment('finished_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    index('ready_checks_of_party').on(table.tenantId, table.partyId, table.id),
    uniqueIndex('ready_checks_one_open').on(table.tenantId, table.partyId).where(isOpen(table)),
    check('ready_checks_finish', sql`(${table.status} = 'OPEN') = (${table.finishedAt} is null)`),
  ],
);

/** Whom a ready check asks: the members there were when it started and have not gone since. */
export const readyAnswers = party.table(
  'ready_answers',
  {
    tenantId: tenantId(),
    readyCheckId: uuid('ready_check_id').notNull(),
    playerId: uuid('player_id').notNull(),
    /** The member's place in the party, from 0, longest-standing first. */
    place: integer().notNull(),
    /** Null until answered. */
    answer: partyReadyAnswer(),
    answeredAt: moment('answered_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.readyCheckId, table.playerId] }),
    foreignKey({
      columns: [table.tenantId, table.readyCheckId],
      foreignColumns: [readyChecks.tenantId, readyChecks.id],
    }),
    check('ready_answers_answered', sql`(${table.answer} is null) = (${table.answeredAt} is null)`),
  ],
);

export const lootDrops = party.table(
  'loot_drops',
  {
    tenantId: tenantId(),
    /** UUID version 7: the order of ids is the order of time. */
    id: uuid().notNull(),
    partyId: uuid('party_id').notNull(),
    /** The reporting service's. The key is the rule: reported twice, a drop is one drop. */
    reportId: text('report_id').notNull(),
    source: text().notNull(),
    ...lootSettings(),
    /** SHA-256 of the seed, hexadecimal. */
    commitment: text().notNull(),
    /** 32 bytes, hexadecimal. A secret until `revealedAt`: only what resolves rolls reads it before. */
    seed: text().notNull(),
    /** When nothing was left to roll for. */
    revealedAt: moment('revealed_at'),
    droppedAt: moment('dropped_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({ columns: [table.tenantId, table.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    uniqueIndex('loot_drops_one_report').on(table.tenantId, table.partyId, table.reportId),
    index('loot_drops_of_party').on(table.tenantId, table.partyId, table.id),
  ],
);

export const lootItems = party.table(
  'loot_items',
  {
    tenantId: tenantId(),
    id: uuid().notNull(),
    dropId: uuid('drop_id').notNull(),
    partyId: uuid('party_id').notNull(),
    /** Its place in the report. */
    place: integer().notNull(),
    itemKey: text('item_key').notNull(),
    name: text().notNull(),
    quality: partyLootQuality().notNull(),
    /** How this item is given out: as the drop's, or FREE_FOR_ALL below its threshold. */
    mode: partyLootMode().notNull(),
    status: partyLootItemStatus().notNull(),
    /** Until when players vote, where they do. */
    rollsUntil: moment('rolls_until'),
    /** Every round of dice: the first, then one a tie. */
    rounds: jsonb().$type<LootRounds>().notNull().default([]),
    winnerId: uuid('winner_id'),
    awardedAt: moment('awarded_at'),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.id] }),
    foreignKey({
      columns: [table.tenantId, table.dropId],
      foreignColumns: [lootDrops.tenantId, lootDrops.id],
    }),
    index('loot_items_of_drop').on(table.tenantId, table.dropId, table.place),
    index('loot_items_rolling').on(table.tenantId, table.partyId).where(isRolling(table)),
    check('loot_items_winner', sql`(${table.status} = 'AWARDED') = (${table.winnerId} is not null)`),
  ],
);

/** Who may have an item: the members at the drop, as far as the report lets them. The key is the rule: one vote. */
export const lootCandidates = party.table(
  'loot_candidates',
  {
    tenantId: tenantId(),
    itemId: uuid('item_id').notNull(),
    playerId: uuid('player_id').notNull(),
    mayNeed: boolean('may_need').notNull(),
    vote: partyLootVote(),
    /** Went from the party while the item was rolled for, and lost the vote. */
    left: boolean().notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.itemId, table.playerId] }),
    foreignKey({
      columns: [table.tenantId, table.itemId],
      foreignColumns: [lootItems.tenantId, lootItems.id],
    }),
  ],
);

/** When what is open ends by itself. Not what closes it: a row may come late, or for what has ended already. */
export const deadlines = party.table(
  'deadlines',
  {
    tenantId: tenantId(),
    kind: deadlineKind().notNull(),
    id: uuid().notNull(),
    partyId: uuid('party_id').notNull(),
    dueAt: moment('due_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.tenantId, table.kind, table.id] }),
    foreignKey({ columns: [table.tenantId, table.partyId], foreignColumns: [parties.tenantId, parties.id] }),
    index('deadlines_due').on(table.dueAt),
  ],
);

export const { activity, heads, relays } = activityTables(party);
export const commands = commandTable(party);
