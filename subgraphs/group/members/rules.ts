import { mayModerate } from '../organizations/rules.ts';
import type { GroupErrorCode, OrganizationRole } from '../schema.generated.ts';

/** Whom a command is about: themself or another, and what they are; null: no member. */
export interface Target {
  readonly isActor: boolean;
  readonly role: OrganizationRole | null;
}

// Permission comes first: who may not see the members does not learn from a refusal who is one.

export function mayAdd(actorRole: OrganizationRole, target: Target): GroupErrorCode | null {
  return mayModerate(actorRole) ?? (target.role === null ? null : 'ALREADY_A_MEMBER');
}

/** Exactly one owner: theirs is the only role that can't be lowered, only handed over. */
export function maySetRole(
  actorRole: OrganizationRole,
  target: Target,
  role: OrganizationRole,
): GroupErrorCode | null {
  if (actorRole !== 'OWNER') return 'NOT_OWNER';
  if (target.role === null) return 'NOT_A_MEMBER';
  return target.role === 'OWNER' && role !== 'OWNER' ? 'OWNER_MUST_TRANSFER' : null;
}

/** The owner removes anyone else; a moderator removes who is neither. */
export function mayRemove(actorRole: OrganizationRole, target: Target): GroupErrorCode | null {
  const denied = mayModerate(actorRole);
  if (denied) return denied;
  if (target.isActor) return 'CANNOT_REMOVE_SELF';
  if (target.role === null) return 'NOT_A_MEMBER';
  return actorRole === 'OWNER' || target.role === 'MEMBER' ? null : 'NOT_OWNER';
}

export function mayLeave(role: OrganizationRole): GroupErrorCode | null {
  return role === 'OWNER' ? 'OWNER_MUST_TRANSFER' : null;
}

/** Whether a change of role, or to none, takes away the sight of groups that a player is not in. */
export function losesSight(before: OrganizationRole, after: OrganizationRole | null): boolean {
  return before !== 'MEMBER' && (after === 'MEMBER' || after === null);
}
