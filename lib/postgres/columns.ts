import { type Column, type SQL, sql } from 'drizzle-orm';
import { timestamp, uuid } from 'drizzle-orm/pg-core';

/**
 * The tenant of a row, which the database fills in from the transaction: no statement names it, so none can
 * name a wrong one, and without a tenant an insert fails.
 */
export const tenantId = () =>
  uuid('tenant_id').notNull().default(sql`current_setting('app.tenant_id')::uuid`);

/** A moment in UTC. Milliseconds, as JavaScript's clock has them: a keyset cursor must compare equal again. */
export const moment = (name: string) => timestamp(name, { precision: 3, withTimezone: true, mode: 'date' });

/** The tenant of what a service keeps for itself, such as how far its log was passed on. Nobody's token has it. */
export const systemTenant = '00000000-0000-0000-0000-000000000000';

/** That a row is of the tenant that the connection acts for. */
export const ownTenant = (column: Column): SQL =>
  sql`${column} = (select nullif(current_setting('app.tenant_id', true), '')::uuid)`;
