import { moment, tenantId } from '@fellowship/postgres';
import { foreignKey, index, primaryKey, uuid } from 'drizzle-orm/pg-core';
import { parties } from './parties.ts';
import { party } from './schema.ts';

export const deadlineKind = party.enum('deadline_kind', ['LOOT_ROLL', 'INVITE', 'READY_CHECK']);

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
