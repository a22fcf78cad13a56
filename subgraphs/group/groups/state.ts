import { idOf } from '@fellowship/graphql';
import type { Tx } from '../context.ts';
import { deny } from '../denials.ts';
import { lockOrganization } from '../organizations/queries.ts';
import type { GroupRow } from '../rows.ts';
import { visibleGroups } from './queries.ts';

/**
 * Locks the organization of a group that the actor sees, and reads the group again behind the lock. Groups have
 * no lock of their own: whatever changes one holds its organization. GROUP_NOT_FOUND to all who don't see it,
 * whether it exists or not.
 */
export async function enterGroup(tx: Tx, groupId: string, actorId: string): Promise<GroupRow> {
  const id = idOf(groupId) ?? deny('GROUP_NOT_FOUND');
  const seen = { ids: [id], viewerId: actorId };
  const [before] = await visibleGroups(tx, seen);
  if (!before) deny('GROUP_NOT_FOUND');
  const [, [group]] = await Promise.all([
    lockOrganization(tx, before.organizationId),
    visibleGroups(tx, seen),
  ]);
  return group ?? deny('GROUP_NOT_FOUND');
}
