import type { Page } from '@fellowship/pagination';
import { query, type Reads } from '@fellowship/postgres';
import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Activities } from '../composition/activities.ts';
import { wantedFor } from '../composition/rules.ts';
import { partyColumns } from '../membership/queries.ts';
import { belowId, fromNewestId, limit } from '../paging.ts';
import type { PartyRow } from '../rows.ts';
import type { PartyRole } from '../schema.generated.ts';
import { joinable, parties } from '../tables/index.ts';

const role = sql.placeholder('role');

/** How many play the role that is asked for; null when none is. */
const playing = sql`case ${role}::party.party_role
  when 'TANK' then ${parties.tanks} when 'HEALER' then ${parties.healers} when 'DPS' then ${parties.dps} end`;

/** How many of it the party's goal takes. */
const wanted = sql`coalesce((${sql.placeholder('wanted')}::jsonb ->> ${parties.goal})::integer,
  ${sql.placeholder('wantedWithoutGoal')}::integer)`;

/**
 * Reads down an index of nothing but parties that can be joined, so that those that are full or closed, however
 * many, cost nothing. A role is looked for on the way: most parties with room lack the roles that are looked for.
 */
const finder = (name: string, ofActivity?: SQL) =>
  query(name, (db) =>
    db
      .select(partyColumns)
      .from(parties)
      .where(
        and(
          joinable(parties),
          ofActivity,
          sql`(${role}::party.party_role is null or ${playing} < ${wanted})`,
          belowId(parties.id),
        ),
      )
      .orderBy(desc(parties.id))
      .limit(limit),
  );

const ofAny = finder('parties_joinable');
const ofActivity = finder('parties_joinable_for', eq(parties.goal, sql.placeholder('activity')));

/** A page of the parties that whoever wants to can join, newest first, and one row more. */
export function joinableParties(
  reads: Reads,
  by: { activity: string | null; role: PartyRole | null; activities: Activities; page: Page },
): Promise<PartyRow[]> {
  const { activity, role, activities, page } = by;
  const of = (goal: string | null) => (role === null ? 0 : wantedFor(activities, goal)[role]);
  const wanted = Object.fromEntries([...activities.keys()].map((goal) => [goal, of(goal)]));
  return reads.run(activity === null ? ofAny : ofActivity, {
    activity,
    role,
    wanted: JSON.stringify(wanted),
    wantedWithoutGoal: of(null),
    ...fromNewestId(page),
  });
}
