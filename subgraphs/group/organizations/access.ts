import type { Context } from '../context.ts';
import type { OrganizationRole } from '../schema.generated.ts';
import { visibleOrganizations } from './queries.ts';

/** Whether a member with this role sees all of the organization. */
export const moderates = (role: OrganizationRole): boolean => role !== 'MEMBER';

/** Whether the viewer moderates the organization, as this request sees it. */
export async function isModerator({ loaders }: Context, organizationId: string): Promise<boolean> {
  const organization = await loaders.organization.load(organizationId);
  return organization !== null && moderates(organization.viewerRole);
}

/** The viewer's role, read anew: for a subscription, which outlives what its request has loaded. */
export async function roleNow(
  { reads, viewer }: Context,
  organizationId: string,
): Promise<OrganizationRole | null> {
  const [organization] = await visibleOrganizations(reads, {
    ids: [organizationId],
    viewerId: viewer.playerId,
  });
  return organization?.viewerRole ?? null;
}
