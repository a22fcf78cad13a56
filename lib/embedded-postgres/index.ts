export { anyFreePort, freePort } from './port.ts';
export { findProcess, isRunning, type ProcessEntry } from './processes.ts';
export { type LoginRole, provisionDatabase } from './provision.ts';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './start.ts';
