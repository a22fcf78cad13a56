import { idOf } from '@fellowship/graphql';
import type { Viewer } from '@fellowship/identity';
import type { Reads } from '@fellowship/postgres';
import type { Tx } from '../context.ts';
import { deny } from '../denials.ts';
import { membersByKeys } from '../membership/queries.ts';
import type { GuildRow, MemberRow } from '../rows.ts';
import { lockGuild, visibleGuilds } from './queries.ts';
import { onlookerOf } from './visibility.ts';

/** A guild that the actor sees, locked, with the members that a command is about. */
export interface LockedGuild {
  readonly guild: GuildRow;
  /** Null when the actor is not a member. */
  readonly actor: MemberRow | null;
  /** Null when no other player was named, or they are not a member. */
  readonly target: MemberRow | null;
}

/**
 * Locks a guild for a command. Every command on a guild begins here, so commands on one guild take turns, and
 * what the rules see is what will be changed. GUILD_NOT_FOUND for one that the actor can't see, whether it exists
 * or not. Reads the actor and the target only: a guild's size costs nothing.
 */
export async function enterGuild(
  tx: Tx,
  viewer: Viewer,
  guildId: string,
  targetId?: string | null,
): Promise<LockedGuild> {
  const id = idOf(guildId);
  if (id === null) deny('GUILD_NOT_FOUND');
  const target = targetId ? idOf(targetId) : null;
  const players = target === null ? [viewer.playerId] : [viewer.playerId, target];
  const onlooker = onlookerOf(viewer);
  // Sent together: one connection keeps their order, and each statement sees what was committed when it starts,
  // so the reads see the guild as it is once the lock is ours.
  const [, [guild], members] = await Promise.all([
    lockGuild(tx, id),
    visibleGuilds(tx, { ...onlooker, ids: [id] }),
    membersByKeys(tx, { ...onlooker, keys: players.map((playerId) => ({ guildId: id, playerId })) }),
  ]);
  if (!guild) deny('GUILD_NOT_FOUND');
  const member = (playerId: string | null) => members.find((row) => row.playerId === playerId) ?? null;
  return { guild, actor: member(viewer.playerId), target: member(target) };
}

/**
 * The same without holding it, for what changes neither the guild nor anything counted in it and many do at once:
 * talking. Whoever loses their rank at this very moment may still get a last word in.
 */
export async function visitGuild(
  reads: Reads,
  viewer: Viewer,
  guildId: string,
): Promise<Omit<LockedGuild, 'target'>> {
  const id = idOf(guildId);
  if (id === null) deny('GUILD_NOT_FOUND');
  const onlooker = onlookerOf(viewer);
  const [[guild], [actor]] = await Promise.all([
    visibleGuilds(reads, { ...onlooker, ids: [id] }),
    membersByKeys(reads, { ...onlooker, keys: [{ guildId: id, playerId: viewer.playerId }] }),
  ]);
  if (!guild) deny('GUILD_NOT_FOUND');
  return { guild, actor: actor ?? null };
}
