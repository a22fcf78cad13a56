import type { Viewer } from '@fellowship/identity';

/**
 * Whose rights a viewer has: those of one player in one tenant with the same communities and scopes. Only when the
 * token ends may differ.
 */
export function rightsOf({ tenantId, playerId, communities, scopes }: Viewer): string {
  return JSON.stringify([tenantId, playerId, [...communities].sort(), [...scopes].sort()]);
}
