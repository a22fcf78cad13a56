import { type Builder, query, type Reads } from '@fellowship/postgres';
import { and, asc, type Column, eq, exists, gt, or, type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { MemberRow, PartyRow } from '../rows.ts';
import type { PartyRole } from '../schema.generated.ts';
import {
  invites,
  isOpen,
  isPending,
  isRolling,
  isWaiting,
  lootItems,
  members,
  parties,
  queueEntries,
  readyChecks,
} from '../tables/index.ts';

export const partyColumns = {
  id: parties.id,
  leaderId: parties.leaderId,
  status: parties.status,
  joinPolicy: parties.joinPolicy,
  maxMembers: parties.maxMembers,
  lootMode: parties.lootMode,
  lootThreshold: parties.lootThreshold,
  masterLooterId: parties.masterLooterId,
  rollSeconds: parties.rollSeconds,
  goal: parties.goal,
  note: parties.note,
  tanks: parties.tanks,
  healers: parties.healers,
  dps: parties.dps,
  undecided: parties.undecided,
  createdAt: parties.createdAt,
};

const memberColumns = {
  playerId: members.playerId,
  partyId: members.partyId,
  role: members.role,
  joinedAt: members.joinedAt,
};

const viewer = sql.placeholder('viewerId');
const own = alias(members, 'own');

/** Whether the viewer (the parameter `viewerId`) is in the party. What only members see is seen by this. */
export const isOwn = (db: Builder, partyId: Column) =>
  exists(
    db
      .select({ one: sql`1` })
      .from(own)
      .where(and(eq(own.partyId, partyId), eq(own.playerId, viewer))),
  );

/** A member sees the party; an active OPEN one is seen by all. */
const seen = (db: Builder) =>
  or(and(eq(parties.status, 'ACTIVE'), eq(parties.joinPolicy, 'OPEN')), isOwn(db, parties.id));

/** Who has an invitation waiting sees the party too. */
const invited = (db: Builder) =>
  exists(
    db
      .select({ one: sql`1` })
      .from(invites)
      .where(
        and(
          eq(invites.partyId, parties.id),
          eq(invites.playerId, viewer),
          isPending(invites),
          gt(invites.expiresAt, sql.placeholder('now')),
        ),
      ),
  );

const visible = query('parties_visible', (db) =>
  db
    .select(partyColumns)
    .from(parties)
    .where(and(sql`${parties.id} = any(${sql.placeholder('ids')}::uuid[])`, or(seen(db), invited(db)))),
);

/** Those of the parties that the viewer may see. */
export const visibleParties = (
  reads: Reads,
  by: { ids: readonly string[]; viewerId: string; now: Date },
): Promise<PartyRow[]> => reads.run(visible, by);

const ofPlayers = query('parties_of_players', (db) =>
  db
    .select({ ...partyColumns, playerId: members.playerId })
    .from(members)
    .innerJoin(parties, eq(parties.id, members.partyId))
    .where(and(sql`${members.playerId} = any(${sql.placeholder('playerIds')}::uuid[])`, seen(db))),
);

/** The players' parties, where the viewer is in the same one or it is OPEN. */
export const partiesOfPlayers = (
  reads: Reads,
  by: { playerIds: readonly string[]; viewerId: string },
): Promise<(PartyRow & { playerId: string })[]> => reads.run(ofPlayers, by);

const membersOf = query('members_of_parties', (db) =>
  db
    .select(memberColumns)
    .from(members)
    .where(sql`${members.partyId} = any(${sql.placeholder('partyIds')}::uuid[])`)
    .orderBy(asc(members.standing)),
);

/** All members of the parties, longest-standing first. Asks nobody's leave: give it parties that may be seen. */
export const membersOfParties = (reads: Reads, partyIds: readonly string[]): Promise<MemberRow[]> =>
  reads.run(membersOf, { partyIds });

const lock = query('party_lock', (db) =>
  db
    .select(partyColumns)
    .from(parties)
    .where(eq(parties.id, sql.placeholder('id')))
    .for('update'),
);

/** A party that nobody else can change until the transaction ends. */
export async function lockParty(tx: Reads, id: string): Promise<PartyRow | undefined> {
  const [party] = await tx.run(lock, { id });
  return party;
}

const insert = query('member_insert', (db) =>
  db.insert(members).values({
    playerId: sql.placeholder('playerId'),
    partyId: sql.placeholder('partyId'),
    role: sql.placeholder('role'),
    joinedAt: sql.placeholder('now'),
  }),
);

/** Violates `members_one_party` when the player is in a party already. */
export async function insertMember(
  tx: Reads,
  row: { partyId: string; playerId: string; role: PartyRole | null; now: Date },
): Promise<void> {
  await tx.run(insert, row);
}

const remove = query('member_delete', (db) =>
  db
    .delete(members)
    .where(
      and(eq(members.partyId, sql.placeholder('partyId')), eq(members.playerId, sql.placeholder('playerId'))),
    ),
);

export async function deleteMember(tx: Reads, by: { partyId: string; playerId: string }): Promise<void> {
  await tx.run(remove, by);
}

const openIn = query('party_open', (db) => {
  const any = (rows: SQLWrapper) => sql<boolean>`${exists(rows)}`;
  const one = { one: sql`1` };
  const id = sql.placeholder('id');
  return db
    .select({
      rolls: any(
        db
          .select(one)
          .from(lootItems)
          .where(and(eq(lootItems.partyId, id), isRolling(lootItems))),
      ),
      readyCheck: any(
        db
          .select(one)
          .from(readyChecks)
          .where(and(eq(readyChecks.partyId, id), isOpen(readyChecks))),
      ),
      wait: any(
        db
          .select(one)
          .from(queueEntries)
          .where(and(eq(queueEntries.partyId, id), isWaiting(queueEntries))),
      ),
    })
    .from(sql`(select) as party`);
});

/** What is open in a party: in most nothing is. */
export interface OpenInParty {
  readonly rolls: boolean;
  readonly readyCheck: boolean;
  readonly wait: boolean;
}

export async function openInParty(tx: Reads, id: string): Promise<OpenInParty> {
  const [open] = await tx.run(openIn, { id });
  return open ?? { rolls: true, readyCheck: true, wait: true };
}

/** The names differ from the party's own: Drizzle writes columns without their table here. */
const recount = query('party_recount', (db) => {
  const playing = (role: SQL) => sql`(count(*) filter (where ${members.role} ${role}))::integer`;
  const counted = db
    .select({
      tanks: playing(sql`= 'TANK'`).as('tank_count'),
      healers: playing(sql`= 'HEALER'`).as('healer_count'),
      dps: playing(sql`= 'DPS'`).as('dps_count'),
      undecided: playing(sql`is null`).as('undecided_count'),
    })
    .from(members)
    .where(eq(members.partyId, sql.placeholder('id')))
    .as('counted');
  const { tanks, healers, dps, undecided } = counted;
  return db
    .update(parties)
    .set({ tanks: sql`${tanks}`, healers: sql`${healers}`, dps: sql`${dps}`, undecided: sql`${undecided}` })
    .from(counted)
    .where(eq(parties.id, sql.placeholder('id')));
});

/** Writes into the party, which is locked, how many of its members play what. */
export async function recountMembers(tx: Reads, id: string): Promise<void> {
  await tx.run(recount, { id });
}
