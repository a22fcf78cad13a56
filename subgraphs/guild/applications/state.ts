import { and, eq } from 'drizzle-orm';
import type { Tx } from '../context.ts';
import type { MemberKey } from '../membership/queries.ts';
import { applications } from '../tables/index.ts';

/** Ends the application that a player may have at a locked guild: they came in another way, or may not any more. */
export async function endPending(
  tx: Tx,
  { guildId, playerId }: MemberKey,
  end: { status: 'WITHDRAWN' | 'REJECTED'; deciderId?: string },
): Promise<void> {
  await tx.db
    .update(applications)
    .set({ ...end, decidedAt: tx.now })
    .where(
      and(
        eq(applications.guildId, guildId),
        eq(applications.playerId, playerId),
        eq(applications.status, 'PENDING'),
      ),
    );
}
