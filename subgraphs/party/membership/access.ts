import type { Context } from '../context.ts';
import { membersOfParties } from './queries.ts';

/** Whether the viewer is in the party, as this request sees it. */
export async function isMember({ loaders, viewer }: Context, partyId: string): Promise<boolean> {
  return (await loaders.membersOf.load(partyId)).some(({ playerId }) => playerId === viewer.playerId);
}

/** The same, read anew: for a subscription, which outlives what its request has loaded. */
export async function isStillMember({ reads, viewer }: Context, partyId: string): Promise<boolean> {
  return (await membersOfParties(reads, [partyId])).some(({ playerId }) => playerId === viewer.playerId);
}
