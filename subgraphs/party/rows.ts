import type { InferSelectModel } from 'drizzle-orm';
import type { invites, members, parties } from './tables.ts';

/** Rows as queries give them; the tenant is the database's business. */
export type PartyRow = Omit<InferSelectModel<typeof parties>, 'tenantId'>;
export type MemberRow = Omit<InferSelectModel<typeof members>, 'tenantId' | 'standing'>;
export type InviteRow = Omit<InferSelectModel<typeof invites>, 'tenantId'>;

/** A player is an id: profiles are not kept here. */
export interface PlayerRow {
  readonly id: string;
}
