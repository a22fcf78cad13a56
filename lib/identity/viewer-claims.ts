import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { InvalidToken } from './invalid-token.ts';
import type { Viewer } from './viewer.ts';

/**
 * Any UUID that Postgres takes, whatever its version bits. Lower case, as Postgres prints it: ids are compared
 * as strings, and `ABC...` must be the player `abc...`.
 */
const id = z.guid().toLowerCase();

const viewerClaims = z.object({
  sub: id,
  tenant: id,
  communities: z.array(id).default([]),
  scope: z.string().default(''),
  exp: z.number(),
  iat: z.number(),
});

/** The viewer that a verified payload describes. Throws `InvalidToken`, naming the first claim that is wrong. */
export function viewerOf(payload: JWTPayload): Viewer {
  const { success, data, error } = viewerClaims.safeParse(payload);
  if (!success) throw new InvalidToken(`Token claim "${String(error.issues[0]?.path[0])}" is not valid`);
  return {
    playerId: data.sub,
    tenantId: data.tenant,
    communities: data.communities,
    scopes: data.scope.split(' ').filter((scope) => scope !== ''),
    expiresAt: new Date(data.exp * 1000),
  };
}

/** The same claims the other way round, without the times. */
export function claimsOf(viewer: Viewer): JWTPayload {
  return {
    sub: viewer.playerId,
    tenant: viewer.tenantId,
    communities: viewer.communities,
    scope: viewer.scopes.join(' '),
  };
}
