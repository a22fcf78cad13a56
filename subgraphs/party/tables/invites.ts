import { moment, tenantId } from '@fellowship/postgres';
import { foreignKey, index, primaryKey, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { isPending } from './conditions.ts';
import { parties } from './parties.ts';
import { party } from './schema.ts';

export const partyInviteStatus = party.enum('party_invite_status', [
  'PENDING',
  'ACCEPTED',
  'DECLINED',
  'CANCELLED',
  'EXPIRED',
]);

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
