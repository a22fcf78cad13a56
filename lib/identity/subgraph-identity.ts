import { createSecretKey, hash, type KeyObject } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { openHs256, signHs256 } from './hs256.ts';
import { InvalidToken } from './invalid-token.ts';
import type { Viewer } from './viewer.ts';
import { claimsOf, viewerOf } from './viewer-claims.ts';

/** The HTTP header in which the gateway tells a subgraph who asks. */
export const IDENTITY_HEADER = 'fellowship-identity';

const ISSUER = 'fellowship-gateway';
/** Seconds between signing and the last moment of use. */
const LIFETIME = 60;
/** Seconds that the clocks of gateway and subgraph may differ. A token so lives 120 s at the very most. */
const CLOCK_TOLERANCE = 60;

/**
 * Says to one subgraph, about one request, who asks: a JWT (HS256) that holds for 60 s, this audience and this
 * body alone, so that who reads one can't ask anything else with it. (The same request again, within that
 * time, it does allow; mutations have idempotency keys for that.)
 *
 * @param secret shared by gateway and subgraphs, 32 characters or more.
 * @param audience the subgraph's name.
 * @param body the exact text sent; for an operation over a WebSocket see `subscriptionBody`.
 */
export async function signIdentity(
  secret: string,
  viewer: Viewer,
  audience: string,
  body: string,
  now: Date,
): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  const claims = {
    ...claimsOf(viewer),
    viewerExp: viewer.expiresAt.getTime() / 1000,
    body: hashOf(body),
    iss: ISSUER,
    aud: audience,
    iat: issuedAt,
    exp: issuedAt + LIFETIME,
  };
  return signHs256(claims, keyOf(secret));
}

export interface IdentityVerifierOptions {
  readonly secret: string;
  /** The one before it, while gateways may still sign with that: so secrets are changed without an outage. */
  readonly previousSecret?: string | undefined;
  /** The subgraph's name. */
  readonly audience: string;
  readonly clock?: () => Date;
}

export interface IdentityVerifier {
  /** Who asks; `expiresAt` is that of the client's token. Throws `InvalidToken` for anything else than ours. */
  verify(token: string, body: string): Promise<Viewer>;
}

/** The subgraph's side of `signIdentity`. Throws at once on a secret that is too short. */
export function createIdentityVerifier(options: IdentityVerifierOptions): IdentityVerifier {
  const { secret, previousSecret, audience, clock = () => new Date() } = options;
  const keys = [secret, ...(previousSecret === undefined ? [] : [previousSecret])].map(keyOf);
  return {
    async verify(token, body) {
      const claims = openHs256(token, keys);
      checkClaims(claims, audience, clock().getTime() / 1000);
      if (claims['body'] !== hashOf(body)) throw new InvalidToken('Token is for another request');
      return viewerOf({ ...claims, exp: claims['viewerExp'] as number });
    },
  };
}

const REQUIRED = ['exp', 'iat', 'sub', 'tenant', 'viewerExp', 'body', 'iss', 'aud'];

/** @param now in seconds */
function checkClaims(claims: JWTPayload, audience: string, now: number): void {
  const missing = REQUIRED.find((claim) => claims[claim] === undefined);
  if (missing !== undefined) throw new InvalidToken(`Token claim "${missing}" is missing`);
  const { iss, aud, iat, exp } = claims;
  if (iss !== ISSUER) throw notValid('iss');
  if (aud !== audience) throw notValid('aud');
  if (typeof iat !== 'number' || iat > now + CLOCK_TOLERANCE) throw notValid('iat');
  if (typeof exp !== 'number') throw notValid('exp');
  const isOver = Math.min(exp, iat + LIFETIME) <= now - CLOCK_TOLERANCE;
  if (isOver) throw new InvalidToken('Token expired');
}

const notValid = (claim: string) => new InvalidToken(`Token claim "${claim}" is not valid`);

/**
 * What stands for the body of an operation over a WebSocket, where the token is in `extensions.identity`.
 *
 * @param mode how it subscribes: JSON, `extensions.mode`
 */
export function subscriptionBody(
  query: string,
  variables: Readonly<Record<string, unknown>> | null | undefined,
  mode?: object | undefined,
): string {
  return JSON.stringify({ query, variables: variables ?? {}, mode });
}

function hashOf(body: string): string {
  return hash('sha256', body, 'base64url');
}

let lastKey: { readonly secret: string; readonly key: KeyObject } | undefined;

/** Remembers the last, since a process signs with one. */
function keyOf(secret: string): KeyObject {
  if (lastKey?.secret === secret) return lastKey.key;
  if (secret.length < 32) throw new TypeError('The identity secret must have 32 characters or more');
  const key = createSecretKey(secret, 'utf8');
  lastKey = { secret, key };
  return key;
}
