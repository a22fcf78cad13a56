import type { GuildErrorCode, GuildPermission, GuildRankKind } from '../schema.generated.ts';

/** A rank as rules see it. */
export interface RankState {
  readonly id: string;
  readonly name: string;
  readonly level: number;
  /** Null: one of the guild's own. */
  readonly kind: GuildRankKind | null;
  readonly permissions: readonly GuildPermission[];
}

/** A member as rules see them. */
export interface MemberState {
  readonly playerId: string;
  readonly rank: RankState;
}

/** Whether someone may do something at all. The one question that every act in a guild asks first. */
export function lacks(actor: MemberState | null, permission: GuildPermission): GuildErrorCode | null {
  return actor?.rank.permissions.includes(permission) ? null : 'MISSING_PERMISSION';
}

/** You act only on members strictly below you, so never on yourself. */
export function mayActOn(
  actor: MemberState | null,
  target: MemberState | null,
  permission: GuildPermission,
): GuildErrorCode | null {
  if (actor === null || lacks(actor, permission)) return 'MISSING_PERMISSION';
  if (target === null) return 'NOT_A_MEMBER';
  return target.rank.level < actor.rank.level ? null : 'MEMBER_NOT_BELOW_YOU';
}

/**
 * You give only ranks strictly below your own, with permissions that you hold; LEADER never. RECRUIT is what
 * every newcomer gets, so what it carries is the guild's to decide and not a favour of whoever gives it.
 */
export function mayGrant(actor: MemberState, rank: RankState): GuildErrorCode | null {
  if (rank.kind === 'LEADER') return 'LEADERSHIP_IS_TRANSFERRED';
  if (rank.level >= actor.rank.level) return 'RANK_NOT_BELOW_YOU';
  if (rank.kind === 'RECRUIT') return null;
  const held = rank.permissions.every((permission) => lacks(actor, permission) === null);
  return held ? null : 'PERMISSION_NOT_HELD';
}

/** What becomes of a member's rank. */
export type RankChange =
  | { readonly kind: 'PROMOTED'; readonly rank: RankState }
  | { readonly kind: 'DEMOTED'; readonly rank: RankState }
  | { readonly kind: 'UNCHANGED' }
  | { readonly kind: 'DENIED'; readonly code: GuildErrorCode };

/** Which rank an act is about: the next one up or down, or one by its id (null: none can be meant). */
export type RankChoice = 'NEXT_HIGHER' | 'NEXT_LOWER' | { readonly id: string | null };

/** Promotion, demotion and setting a rank are one rule. `ranks` are the guild's, in any order. */
export function changeRank(
  actor: MemberState | null,
  target: MemberState | null,
  ranks: readonly RankState[],
  choice: RankChoice,
): RankChange {
  const refused = mayActOn(actor, target, 'PROMOTE');
  if (refused || actor === null || target === null)
    return { kind: 'DENIED', code: refused ?? 'NOT_A_MEMBER' };
  const rank = choose(target.rank, ranks, choice);
  if (rank === null)
    return { kind: 'DENIED', code: choice === 'NEXT_LOWER' ? 'LOWEST_RANK' : 'RANK_NOT_FOUND' };
  const ungranted = mayGrant(actor, rank);
  if (ungranted) return { kind: 'DENIED', code: ungranted };
  if (rank.id === target.rank.id) return { kind: 'UNCHANGED' };
  return { kind: rank.level > target.rank.level ? 'PROMOTED' : 'DEMOTED', rank };
}

function choose(current: RankState, ranks: readonly RankState[], choice: RankChoice): RankState | null {
  const rising = ranks.toSorted((a, b) => a.level - b.level);
  if (choice === 'NEXT_HIGHER') return rising.find(({ level }) => level > current.level) ?? null;
  if (choice === 'NEXT_LOWER') return rising.findLast(({ level }) => level < current.level) ?? null;
  return ranks.find(({ id }) => id === choice.id) ?? null;
}
