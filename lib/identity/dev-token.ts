import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { validate as isUuid, v5 as uuidV5 } from 'uuid';
import type { DevKeys } from './dev-keys.ts';

export const DEV_ISSUER = 'fellowship-dev';
export const DEV_AUDIENCE = 'fellowship';
/** `tenantIdOf('demo')`. */
export const DEMO_TENANT_ID = '627c11e2-20b6-5e7c-9eec-854b24b8f44e';
/** The community `demo`. */
export const DEMO_COMMUNITY_ID = '541af417-fea5-5471-90ed-991e82332dd8';

/** Made once at random. Another one would turn every named player into somebody else. */
const NAMESPACE = '8a0f6c52-41f5-4e0b-9d5e-6a3c1f0c7be4';
/** Seconds. */
const DEFAULT_LIFETIME = 24 * 60 * 60;

/** Names stand for UUIDs, the same ones every time; a UUID stands for itself. */
export interface DevTokenClaims {
  readonly name: string;
  /** The demo tenant unless told. */
  readonly tenant?: string | undefined;
  /** The demo community alone unless told. */
  readonly communities?: readonly string[] | undefined;
  /** Such as `service:combat`; none unless told. */
  readonly scopes?: readonly string[] | undefined;
  /** Seconds; a day unless told. */
  readonly expiresIn?: number | undefined;
}

/**
 * A client token signed with the development keys. Those can't be had in production (`loadOrCreateDevKeys`
 * refuses), so neither can such tokens.
 */
export async function issueDevToken(keys: DevKeys, claims: DevTokenClaims, now: Date): Promise<string> {
  const { name, tenant = DEMO_TENANT_ID, communities = [DEMO_COMMUNITY_ID], scopes = [] } = claims;
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT({
    tenant: tenantIdOf(tenant),
    communities: communities.map((community) => idOf('community', community)),
    scope: scopes.join(' '),
  })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setSubject(playerIdOf(name))
    .setIssuer(DEV_ISSUER)
    .setAudience(DEV_AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + (claims.expiresIn ?? DEFAULT_LIFETIME))
    .sign(createPrivateKey(keys.privateKey));
}

/** The player that a name stands for in development, in every tenant. */
export function playerIdOf(nameOrUuid: string): string {
  return idOf('player', nameOrUuid);
}

/** The tenant that a name stands for in development. */
export function tenantIdOf(nameOrUuid: string): string {
  return idOf('tenant', nameOrUuid);
}

function idOf(kind: 'player' | 'tenant' | 'community', nameOrUuid: string): string {
  return isUuid(nameOrUuid) ? nameOrUuid.toLowerCase() : uuidV5(`${kind}:${nameOrUuid}`, NAMESPACE);
}
