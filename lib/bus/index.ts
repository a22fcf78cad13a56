export type { Hints } from './hints.ts';
export { postgresHints } from './postgres-hints.ts';
