export { moment, ownTenant, systemTenant, tenantId } from './columns.ts';
export { type Database, type DatabaseOptions, openDatabase } from './database.ts';
export { violatedConstraint } from './errors.ts';
export { runExclusively } from './exclusive.ts';
export { type Expiry, onlyOne, removeExpired, startExpiry } from './expiry.ts';
export { type Migration, migrate } from './migrate.ts';
export { type Builder, type Query, query, type Reads } from './query.ts';
export type { Transaction } from './session.ts';
