import type { Context } from '../context.ts';
import { onlookerOf } from '../guilds/visibility.ts';
import { membersByKeys } from './queries.ts';

/** Whether the viewer is in the guild, as this request sees it. */
export async function isMember({ loaders, viewer }: Context, guildId: string): Promise<boolean> {
  return (await loaders.member.load({ guildId, playerId: viewer.playerId })) !== null;
}

/** The same, read anew: for a subscription, which outlives what its request has loaded. */
export async function isStillMember({ reads, viewer }: Context, guildId: string): Promise<boolean> {
  const keys = [{ guildId, playerId: viewer.playerId }];
  return (await membersByKeys(reads, { ...onlookerOf(viewer), keys })).length > 0;
}
