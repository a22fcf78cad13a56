import { query, type Reads } from '@fellowship/postgres';
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { GuildPermission } from '../schema.generated.ts';
import { guilds, members, ranks } from '../tables/index.ts';

const permissions = query('access_permissions', (db) =>
  db
    .select({ permissions: ranks.permissions })
    .from(members)
    .innerJoin(guilds, and(eq(guilds.id, members.guildId), isNull(guilds.archivedAt)))
    .innerJoin(ranks, and(eq(ranks.guildId, members.guildId), eq(ranks.id, members.rankId)))
    .where(
      and(eq(members.guildId, sql.placeholder('guildId')), eq(members.playerId, sql.placeholder('playerId'))),
    ),
);

/** What a player may do in a guild, whoever asks: nothing when they are no member, or it is archived. */
export async function permissionsIn(
  reads: Reads,
  by: { guildId: string; playerId: string },
): Promise<readonly GuildPermission[]> {
  const [row] = await reads.run(permissions, by);
  return row?.permissions ?? [];
}
