import type { Context } from '../context.ts';
import { onlookerOf } from '../guilds/visibility.ts';
import { membersByKeys } from '../membership/queries.ts';
import type { GuildChannel } from '../schema.generated.ts';
import { maySpeak } from './rules.ts';

/** Whether the viewer has a channel now: read anew, for a subscription, which outlives what its request has loaded. */
export async function stillHears(
  { reads, viewer }: Context,
  guildId: string,
  channel: GuildChannel,
): Promise<boolean> {
  const keys = [{ guildId, playerId: viewer.playerId }];
  const [member] = await membersByKeys(reads, { ...onlookerOf(viewer), keys });
  return maySpeak(member ?? null, channel) === null;
}
