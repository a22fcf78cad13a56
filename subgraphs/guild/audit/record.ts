import type { Context, Tx } from '../context.ts';
import type { GuildAuditAction } from '../schema.generated.ts';
import { audit } from '../tables/index.ts';

/** Fields of something as they were, or are: anything that survives JSON. */
export type Snapshot = Readonly<Record<string, unknown>>;

/** An act of office, by whoever the command is from. */
export interface ActOfOffice {
  readonly guildId: string;
  readonly action: GuildAuditAction;
  /** The player it was done to. */
  readonly targetId?: string;
  /** The thing it was done to. */
  readonly subjectId?: string;
  readonly reason?: string | null;
  /** The fields before; unchanged ones may be among them: readers see those that differ. */
  readonly before?: Snapshot;
  readonly after?: Snapshot;
}

/** Writes an act of office into the guild's audit log: in the command's transaction, so both happen or neither. */
export async function record(
  tx: Tx,
  { viewer, newId }: Pick<Context, 'viewer' | 'newId'>,
  { guildId, action, targetId, subjectId, reason, before = {}, after = {} }: ActOfOffice,
): Promise<void> {
  await tx.db.insert(audit).values({
    id: newId(),
    guildId,
    action,
    actorId: viewer.playerId,
    targetId: targetId ?? null,
    subjectId: subjectId ?? null,
    reason: reason ?? null,
    before,
    after,
    occurredAt: tx.now,
  });
}
