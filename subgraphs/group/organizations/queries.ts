import type { Page } from '@fellowship/pagination';
import { query, type Reads } from '@fellowship/postgres';
import { asc, eq, sql } from 'drizzle-orm';
import { afterId, byId, limit } from '../paging.ts';
import type { OrganizationRow } from '../rows.ts';
import { organizations } from '../tables/index.ts';
import { inOrganization, own } from '../visibility.ts';

const columns = {
  id: organizations.id,
  name: organizations.name,
  description: organizations.description,
  createdAt: organizations.createdAt,
  updatedAt: organizations.updatedAt,
  viewerRole: own.role,
};

const visible = query('organizations_visible', (db) =>
  db
    .select(columns)
    .from(organizations)
    .innerJoin(own, inOrganization(organizations.id))
    .where(sql`${organizations.id} = any(${sql.placeholder('ids')}::uuid[])`),
);

/** Those of the organizations that the viewer may see. */
export const visibleOrganizations = (
  reads: Reads,
  by: { ids: readonly string[]; viewerId: string },
): Promise<OrganizationRow[]> => reads.run(visible, by);

const ofViewer = query('organizations_of_viewer', (db) =>
  db
    .select(columns)
    .from(organizations)
    .innerJoin(own, inOrganization(organizations.id))
    .where(afterId(own.organizationId))
    .orderBy(asc(own.organizationId))
    .limit(limit),
);

/** A page of the viewer's organizations, the oldest first, and one more row when there is a next page. */
export const organizationsOfViewer = (
  reads: Reads,
  { viewerId, page }: { viewerId: string; page: Page },
): Promise<OrganizationRow[]> => reads.run(ofViewer, { viewerId, ...byId(page) });

const lock = query('organization_lock', (db) =>
  db
    .select({ id: organizations.id })
    .from(organizations)
    .where(eq(organizations.id, sql.placeholder('id')))
    .for('update'),
);

/** Lets nobody else change the organization, its members and its groups until the transaction ends. */
export async function lockOrganization(tx: Reads, id: string): Promise<void> {
  await tx.run(lock, { id });
}
