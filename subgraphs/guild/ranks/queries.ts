import { query, type Reads } from '@fellowship/postgres';
import { and, desc, eq, sql } from 'drizzle-orm';
import { type Onlooker, seen } from '../guilds/visibility.ts';
import type { RankRow } from '../rows.ts';
import { guilds, ranks } from '../tables/index.ts';

/** A rank, also as a part of what refers to it. */
export const rankColumns = {
  guildId: ranks.guildId,
  id: ranks.id,
  level: ranks.level,
  name: ranks.name,
  kind: ranks.kind,
  permissions: ranks.permissions,
  bankCurrencyLimit: ranks.bankCurrencyLimit,
  bankItemLimit: ranks.bankItemLimit,
};

const ofGuilds = query('ranks_of_guilds', (db) =>
  db
    .select(rankColumns)
    .from(ranks)
    .innerJoin(guilds, eq(guilds.id, ranks.guildId))
    .where(and(sql`${ranks.guildId} = any(${sql.placeholder('guildIds')}::uuid[])`, seen(db)))
    .orderBy(desc(ranks.level)),
);

/** All ranks of those guilds that the viewer may see, highest first. */
export const ranksOfGuilds = (
  reads: Reads,
  by: Onlooker & { guildIds: readonly string[] },
): Promise<RankRow[]> => reads.run(ofGuilds, { ...by });
