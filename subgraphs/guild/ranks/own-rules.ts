import { nameKey } from '../guilds/names.ts';
import type { GuildErrorCode, GuildPermission } from '../schema.generated.ts';
import { lacks, type MemberState, mayGrant, type RankState } from './rules.ts';

/** What a rank is to become. */
export type RankDraft = Pick<RankState, 'name' | 'level' | 'permissions'>;

/** The most ranks of its own that a guild has. */
export const mostOwnRanks = 20;

/** RECRUIT's level: a guild's own ranks stand above it. (Below LEADER they stand by being below whoever makes them.) */
export const lowest = 1;

/** `ranks`: the guild's. */
export function mayCreateRank(
  actor: MemberState | null,
  ranks: readonly RankState[],
  draft: RankDraft,
): GuildErrorCode | null {
  if (actor === null || lacks(actor, 'MANAGE_RANKS')) return 'MISSING_PERMISSION';
  if (draft.level >= actor.rank.level) return 'RANK_NOT_BELOW_YOU';
  if (!holds(actor, draft.permissions)) return 'PERMISSION_NOT_HELD';
  if (ranks.filter(({ kind }) => kind === null).length >= mostOwnRanks) return 'TOO_MANY_RANKS';
  return collides(ranks, draft);
}

/**
 * `rank`: null when the guild has no such rank. Permissions that you don't hold stay as they are: you neither give
 * nor take them.
 */
export function mayUpdateRank(
  actor: MemberState | null,
  rank: RankState | null,
  ranks: readonly RankState[],
  draft: RankDraft,
): GuildErrorCode | null {
  if (actor === null || lacks(actor, 'MANAGE_RANKS')) return 'MISSING_PERMISSION';
  if (rank === null) return 'RANK_NOT_FOUND';
  if (rank.kind === 'LEADER') return 'LEADER_RANK_FIXED';
  if (rank.level >= actor.rank.level) return 'RANK_NOT_BELOW_YOU';
  if (rank.kind !== null && draft.level !== rank.level) return 'SYSTEM_RANK';
  if (draft.level >= actor.rank.level) return 'RANK_NOT_BELOW_YOU';
  if (!holds(actor, difference(rank.permissions, draft.permissions))) return 'PERMISSION_NOT_HELD';
  return collides(
    ranks.filter(({ id }) => id !== rank.id),
    draft,
  );
}

/** `destination`: what the rank's members get. */
export function mayDeleteRank(
  actor: MemberState | null,
  rank: RankState | null,
  destination: RankState | null,
): GuildErrorCode | null {
  if (actor === null || lacks(actor, 'MANAGE_RANKS')) return 'MISSING_PERMISSION';
  if (rank === null || destination === null) return 'RANK_NOT_FOUND';
  if (rank.kind !== null) return 'SYSTEM_RANK';
  if (rank.level >= actor.rank.level) return 'RANK_NOT_BELOW_YOU';
  if (destination.id === rank.id) return 'DESTINATION_IS_DELETED';
  return mayGrant(actor, destination);
}

const holds = (actor: MemberState, permissions: readonly GuildPermission[]) =>
  permissions.every((permission) => lacks(actor, permission) === null);

const difference = (some: readonly GuildPermission[], others: readonly GuildPermission[]) => [
  ...new Set(some).symmetricDifference(new Set(others)),
];

function collides(others: readonly RankState[], { name, level }: RankDraft): GuildErrorCode | null {
  if (others.some((rank) => rank.level === level)) return 'RANK_LEVEL_TAKEN';
  return others.some((rank) => nameKey(rank.name) === nameKey(name)) ? 'RANK_NAME_TAKEN' : null;
}
