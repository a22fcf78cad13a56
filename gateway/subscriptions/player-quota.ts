import type { Viewer } from '@fellowship/identity';
import { refuse } from '../errors.ts';

export interface PlayerQuota {
  /** Takes one and returns how to give it back. Throws `Refused` (TOO_MANY_SUBSCRIPTIONS) when none is left. */
  take(viewer: Viewer): () => void;
}

/** How many of something one player may have at a time in this process, over all connections. */
export function createPlayerQuota(most: number): PlayerQuota {
  const taken = new Map<string, number>();
  return {
    take({ tenantId, playerId }) {
      const player = `${tenantId} ${playerId}`;
      const before = taken.get(player) ?? 0;
      if (before >= most) {
        return refuse('TOO_MANY_SUBSCRIPTIONS', `One player may run ${most} subscriptions at a time`);
      }
      taken.set(player, before + 1);
      return () => {
        const left = (taken.get(player) ?? 1) - 1;
        if (left > 0) taken.set(player, left);
        else taken.delete(player);
      };
    },
  };
}
