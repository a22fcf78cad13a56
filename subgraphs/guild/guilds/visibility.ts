import type { Viewer } from '@fellowship/identity';
import type { Builder } from '@fellowship/postgres';
import { and, eq, exists, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { guilds, members } from '../tables.ts';

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

/**
 * Whether the viewer may see a row of `guilds`: PUBLIC is for the whole tenant, COMMUNITY for players of the
 * community, and members see their guild whatever it is. Every read of guilds and what is in them has this.
 */
export const seen = (db: Builder) =>
  or(
    eq(guilds.visibility, 'PUBLIC'),
    and(
      eq(guilds.visibility, 'COMMUNITY'),
      sql`${guilds.communityId} = any(${sql.placeholder('communities')}::uuid[])`,
    ),
    exists(
      db
        .select({ one: sql`1` })
        .from(own)
        .where(and(eq(own.guildId, guilds.id), eq(own.playerId, sql.placeholder('viewerId')))),
    ),
  );
