import type { InferSelectModel } from 'drizzle-orm';
import type { OrganizationRole } from './schema.generated.ts';
import type {
  groupMembers,
  groups,
  organizationEvents,
  organizationMembers,
  organizations,
  registrations,
} from './tables/index.ts';

/** What the viewer is in a row's organization; who sees a row is a member. */
interface Seen {
  readonly viewerRole: OrganizationRole;
}

/** Rows as queries give them; the tenant is the database's business. */
export type OrganizationRow = Omit<InferSelectModel<typeof organizations>, 'tenantId'> & Seen;
export type OrganizationMemberRow = Omit<InferSelectModel<typeof organizationMembers>, 'tenantId'>;
export type GroupRow = Omit<InferSelectModel<typeof groups>, 'tenantId'> & Seen;
export type GroupMemberRow = Omit<InferSelectModel<typeof groupMembers>, 'tenantId'>;

export type EventRow = Omit<InferSelectModel<typeof organizationEvents>, 'tenantId' | 'nextPlace'> & Seen;
export type RegistrationRow = Omit<InferSelectModel<typeof registrations>, 'tenantId'>;

/** What whoever holds a code may know. */
export interface InviteRow {
  readonly code: string;
  readonly groupName: string;
  readonly organizationName: string;
}

/** A player is an id: profiles are not kept here. */
export interface PlayerRow {
  readonly id: string;
}
