import { idOf } from '@fellowship/graphql';
import type { Tx } from '../context.ts';
import { deny } from '../denials.ts';
import type { OrganizationRow } from '../rows.ts';
import { lockOrganization, visibleOrganizations } from './queries.ts';

/**
 * Locks an organization that the actor is in. Every command on an organization or on one of its groups locks the
 * organization's row first, so they take turns, and what the rules see is what will be changed.
 * ORGANIZATION_NOT_FOUND to all who are not in it, whether it exists or not.
 */
export async function enterOrganization(
  tx: Tx,
  organizationId: string,
  actorId: string,
): Promise<OrganizationRow> {
  const id = idOf(organizationId) ?? deny('ORGANIZATION_NOT_FOUND');
  const visible = { ids: [id], viewerId: actorId };
  const [, [organization]] = await Promise.all([lockOrganization(tx, id), visibleOrganizations(tx, visible)]);
  return organization ?? deny('ORGANIZATION_NOT_FOUND');
}
