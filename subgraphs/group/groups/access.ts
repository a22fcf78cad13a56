import type { Context } from '../context.ts';
import { visibleGroups } from './queries.ts';

/** Whether the viewer sees the group, read anew: for a subscription, which outlives what its request has loaded. */
export async function stillSeesGroup({ reads, viewer }: Context, groupId: string): Promise<boolean> {
  const groups = await visibleGroups(reads, { ids: [groupId], viewerId: viewer.playerId });
  return groups.length > 0;
}
