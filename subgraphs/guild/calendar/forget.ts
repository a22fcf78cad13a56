import { sql } from 'drizzle-orm';
import type { Tx } from '../context.ts';
import { calendarCounts, calendarEvents, calendarResponses } from '../tables/index.ts';

const dropped = (attendance: 'GOING' | 'MAYBE' | 'DECLINED') =>
  sql`case when gone.attendance = ${sql.raw(`'${attendance}'`)} then 1 else 0 end`;

/**
 * Takes back what a player answered to a locked guild's events that are to come: they are leaving it. In one
 * statement, whatever the number of answers.
 */
export async function forgetResponses(tx: Tx, guildId: string, playerId: string): Promise<void> {
  await tx.db.execute(sql`
    with gone as (
      delete from ${calendarResponses} as r using ${calendarEvents} as e
      where r.player_id = ${playerId} and r.starts_at > ${tx.now.toISOString()}::timestamptz
        and e.id = r.event_id and e.guild_id = ${guildId}
      returning r.event_id, r.starts_at, r.attendance)
    update ${calendarCounts} as c
    set going = going - ${dropped('GOING')}, maybe = maybe - ${dropped('MAYBE')},
      declined = declined - ${dropped('DECLINED')}
    from gone where c.event_id = gone.event_id and c.starts_at = gone.starts_at`);
}
