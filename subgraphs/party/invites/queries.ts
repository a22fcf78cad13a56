import type { Page } from '@fellowship/pagination';
import { query, type Reads } from '@fellowship/postgres';
import { and, desc, eq, gt, lt, or, sql } from 'drizzle-orm';
import type { InviteRow } from '../rows.ts';
import { invites, isPending } from '../tables/index.ts';
import { inviteStatus } from './rules.ts';

const columns = {
  id: invites.id,
  partyId: invites.partyId,
  playerId: invites.playerId,
  inviterId: invites.inviterId,
  status: invites.status,
  createdAt: invites.createdAt,
  expiresAt: invites.expiresAt,
};

const pending = and(isPending(invites), gt(invites.expiresAt, sql.placeholder('now')));

const byId = query('invites_by_id', (db) =>
  db
    .select(columns)
    .from(invites)
    .where(sql`${invites.id} = any(${sql.placeholder('ids')}::uuid[])`),
);

/** Invitations with the status they have now. Asks nobody's leave: check who asks. */
export async function invitesById(
  reads: Reads,
  { ids, now }: { ids: readonly string[]; now: Date },
): Promise<InviteRow[]> {
  const rows = await reads.run(byId, { ids });
  return rows.map((row) => ({ ...row, status: inviteStatus(row, now) }));
}

const ofParties = query('invites_of_parties', (db) =>
  db
    .select(columns)
    .from(invites)
    .where(and(sql`${invites.partyId} = any(${sql.placeholder('partyIds')}::uuid[])`, pending))
    .orderBy(desc(invites.id)),
);

/** Pending invitations of the parties, newest first. */
export const pendingOfParties = (
  reads: Reads,
  by: { partyIds: readonly string[]; now: Date },
): Promise<InviteRow[]> => reads.run(ofParties, by);

const ofPlayer = query('invites_of_player', (db) =>
  db
    .select(columns)
    .from(invites)
    .where(
      and(
        eq(invites.playerId, sql.placeholder('playerId')),
        pending,
        or(sql`${sql.placeholder('after')}::uuid is null`, lt(invites.id, sql.placeholder('after'))),
      ),
    )
    .orderBy(desc(invites.id))
    .limit(sql.placeholder('limit')),
);

/** A page of a player's pending invitations, newest first, and one more row when there is a next page. */
export const pendingOfPlayer = (
  reads: Reads,
  { playerId, now, page }: { playerId: string; now: Date; page: Page },
): Promise<InviteRow[]> =>
  reads.run(ofPlayer, { playerId, now, after: page.after?.[0] ?? null, limit: page.first + 1 });
