import type { Viewer } from '@fellowship/identity';
import type { Builder } from '@fellowship/postgres';
import { and, eq, exists, isNull, notExists, or, sql } from 'drizzle-orm';
import { alias, type PgColumn } from 'drizzle-orm/pg-core';
import type { GuildPermission } from '../schema.generated.ts';
import { bans, guilds, members, ranks } from '../tables/index.ts';

/** Who looks: the values of the placeholders in `seen`. */
export interface Onlooker {
  readonly viewerId: string;
  readonly communities: readonly string[];
}

export const onlookerOf = ({ playerId, communities }: Viewer): Onlooker => ({
  viewerId: playerId,
  communities,
});

const own = alias(members, 'own');

const ownRank = alias(ranks, 'own_rank');
const ownBan = alias(bans, 'own_ban');
const whole = alias(guilds, 'whole');

/** Whether a guild has no ban on the viewer. */
export const notBanned = (db: Builder) =>
  notExists(
    db
      .select({ one: sql`1` })
      .from(ownBan)
      .where(and(eq(ownBan.guildId, guilds.id), eq(ownBan.playerId, sql.placeholder('viewerId')))),
  );

/** Whether a guild is open to the viewer by its visibility alone: PUBLIC, or COMMUNITY and one of theirs. */
const open = or(
  eq(guilds.visibility, 'PUBLIC'),
  and(
    eq(guilds.visibility, 'COMMUNITY'),
    sql`${guilds.communityId} = any(${sql.placeholder('communities')}::uuid[])`,
  ),
);

/**
 * Whether the viewer may see a row of `guilds`: PUBLIC is for the whole tenant, COMMUNITY for players of the
 * community, and members see their guild whatever it is. Nobody sees an archived one, nor who is banned from it.
 * Every read of guilds and what is in them has this.
 */
export const seen = (db: Builder) =>
  and(
    isNull(guilds.archivedAt),
    or(
      open,
      exists(
        db
          .select({ one: sql`1` })
          .from(own)
          .where(and(eq(own.guildId, guilds.id), eq(own.playerId, sql.placeholder('viewerId')))),
      ),
    ),
    notBanned(db),
  );

/**
 * The same for what members see by a permission of their rank, and others by the guild's visibility: the list of
 * members, the page.
 */
export const seenWith = (db: Builder, permission: GuildPermission) =>
  and(isNull(guilds.archivedAt), or(open, entitled(db, guilds.id, permission)), notBanned(db));

/** Who looks at what is for an office: the values of the placeholders in `entitled`. */
export type Entitled = Pick<Onlooker, 'viewerId'>;

/** Whether the viewer is a member of the guild that `guildId` names, with a permission, and it is not archived. */
export const entitled = (db: Builder, guildId: PgColumn, permission: GuildPermission) =>
  exists(
    db
      .select({ one: sql`1` })
      .from(own)
      .innerJoin(ownRank, and(eq(ownRank.guildId, own.guildId), eq(ownRank.id, own.rankId)))
      .innerJoin(whole, and(eq(whole.id, own.guildId), isNull(whole.archivedAt)))
      .where(
        and(
          eq(own.guildId, guildId),
          eq(own.playerId, sql.placeholder('viewerId')),
          sql`${permission} = any(${ownRank.permissions})`,
        ),
      ),
  );
