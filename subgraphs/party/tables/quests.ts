import { moment, tenantId } from '@fellowship/postgres';
import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { hasEnded, isActive } from './conditions.ts';
import { parties } from './parties.ts';
import { party } from './schema.ts';

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
