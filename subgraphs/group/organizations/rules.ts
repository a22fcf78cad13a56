import type { GroupErrorCode, OrganizationRole } from '../schema.generated.ts';

export function mayModerate(role: OrganizationRole): GroupErrorCode | null {
  return role === 'MEMBER' ? 'NOT_MODERATOR' : null;
}

/** Only the owner deletes, groups as well as the organization. */
export function mayDelete(role: OrganizationRole): GroupErrorCode | null {
  return role === 'OWNER' ? null : 'NOT_OWNER';
}
