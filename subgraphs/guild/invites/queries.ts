import type { Page } from '@fellowship/pagination';
import { type Builder, query, type Reads } from '@fellowship/postgres';
import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import { type Entitled, entitled, notBanned } from '../guilds/visibility.ts';
import { rankColumns } from '../ranks/queries.ts';
import type { InvitePreviewRow, InviteRow } from '../rows.ts';
import { guilds, invites, ranks } from '../tables/index.ts';
import { inviteStatus } from './rules.ts';

const columns = {
  id: invites.id,
  guildId: invites.guildId,
  code: invites.code,
  creatorId: invites.creatorId,
  uses: invites.uses,
  maxUses: invites.maxUses,
  expiresAt: invites.expiresAt,
  revokedAt: invites.revokedAt,
  createdAt: invites.createdAt,
  rank: rankColumns,
};

const ofRank = and(eq(ranks.guildId, invites.guildId), eq(ranks.id, invites.rankId));

/** Invites are for members whose rank has INVITE. */
const shown = (db: Builder) => entitled(db, invites.guildId, 'INVITE');

/** Of an archived guild no code opens anything, nor does any for who is banned: as if there were none. */
const enterable = (db: Builder) => and(isNull(guilds.archivedAt), notBanned(db));

/** What `inviteStatus` calls OPEN. */
const open = and(
  isNull(invites.revokedAt),
  or(isNull(invites.maxUses), lt(invites.uses, invites.maxUses)),
  or(isNull(invites.expiresAt), gt(invites.expiresAt, sql.placeholder('now'))),
);

const byIds = query('invites_by_ids', (db) =>
  db
    .select(columns)
    .from(invites)
    .innerJoin(ranks, ofRank)
    .where(and(sql`${invites.id} = any(${sql.placeholder('ids')}::uuid[])`, shown(db))),
);

/** Those of the invites that the viewer may see. */
export const invitesByIds = async (
  reads: Reads,
  { now, ...by }: { ids: readonly string[]; viewerId: string; now: Date },
): Promise<InviteRow[]> => (await reads.run(byIds, by)).map((row) => withStatus(row, now));

const byCode = query('invite_by_code', (db) =>
  db
    .select({ ...columns, guildName: guilds.name })
    .from(invites)
    .innerJoin(ranks, ofRank)
    .innerJoin(guilds, eq(guilds.id, invites.guildId))
    .where(and(eq(invites.code, sql.placeholder('code')), enterable(db))),
);

/** Who holds a code, and when. */
interface ByCode extends Entitled {
  readonly code: string;
  readonly now: Date;
}

/** The invite with a code, open or not, for whoever has the code. */
export async function inviteByCode(
  reads: Reads,
  { now, ...by }: ByCode,
): Promise<(InviteRow & InvitePreviewRow) | null> {
  const [row] = await reads.run(byCode, by);
  return row ? { ...withStatus(row, now), guildName: row.guildName } : null;
}

const ofGuilds = query('invites_of_guilds', (db) => {
  // Drizzle gives a column of a subquery by its bare name, so it has one that no table here has.
  const ofThese = db
    .select({ id: sql<string>`guild`.as('guild') })
    .from(sql`unnest(${sql.placeholder('guildIds')}::uuid[]) as asked(guild)`)
    .as('of_these');
  const { rank: _, ...own } = columns;
  const page = db
    .select({ ...own, rankId: invites.rankId })
    .from(invites)
    .where(and(eq(invites.guildId, ofThese.id), shown(db), open, lt(invites.id, sql.placeholder('before'))))
    .orderBy(desc(invites.id))
    .limit(sql.placeholder('limit'))
    .as('page');
  return db
    .select({
      id: page.id,
      guildId: page.guildId,
      code: page.code,
      creatorId: page.creatorId,
      uses: page.uses,
      maxUses: page.maxUses,
      expiresAt: page.expiresAt,
      revokedAt: page.revokedAt,
      createdAt: page.createdAt,
      rank: rankColumns,
    })
    .from(ofThese)
    .innerJoinLateral(page, sql`true`)
    .innerJoin(ranks, and(eq(ranks.guildId, page.guildId), eq(ranks.id, page.rankId)))
    .orderBy(desc(page.id));
});

/** Sorts after every id. */
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * The same page of the open invites of each of the guilds, where the viewer may see them, newest first, and one
 * more row where there is a next page.
 */
export const openInvitesOfGuilds = async (
  reads: Reads,
  { page, now, ...by }: { guildIds: readonly string[]; viewerId: string; now: Date; page: Page },
): Promise<InviteRow[]> => {
  const values = { ...by, now, before: page.after?.[0] ?? lastId, limit: page.first + 1 };
  return (await reads.run(ofGuilds, values)).map((row) => withStatus(row, now));
};

function withStatus(row: Omit<InviteRow, 'status'> & { revokedAt: Date | null }, now: Date): InviteRow {
  const { revokedAt, ...invite } = row;
  return { ...invite, status: inviteStatus({ ...invite, revokedAt }, now) };
}
