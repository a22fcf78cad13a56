import { createHash } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { InvalidToken, refusalOf } from './invalid-token.ts';
import type { Viewer } from './viewer.ts';
import { claimsOf, viewerOf } from './viewer-claims.ts';

/** The HTTP header in which the gateway tells a subgraph who asks. */
export const IDENTITY_HEADER = 'fellowship-identity';

const ISSUER = 'fellowship-gateway';
const ALGORITHM = 'HS256';
/** Seconds between signing and the last moment of use. */
const LIFETIME = 60;
/** Seconds that the clocks of gateway and subgraph may differ. A token so lives 120 s at the very most. */
const CLOCK_TOLERANCE = 60;

/**
 * Says to one subgraph, about one request, who asks: a JWT (HS256) that holds for 60 s, this audience and this
 * body alone, so that who reads one can't ask anything else with it. (The same request again, within that
 * time, it does allow; mutations have idempotency keys for that.) Costs some 100 us.
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
  return new SignJWT({
    ...claimsOf(viewer),
    viewerExp: viewer.expiresAt.getTime() / 1000,
    body: hashOf(body),
  })
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuer(ISSUER)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME)
    .sign(keyOf(secret));
}

export interface IdentityVerifierOptions {
  readonly secret: string;
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
  const { secret, audience, clock = () => new Date() } = options;
  const key = keyOf(secret);
  const pinned = {
    algorithms: [ALGORITHM],
    issuer: ISSUER,
    audience,
    requiredClaims: ['exp', 'iat', 'sub', 'tenant', 'viewerExp', 'body'],
    maxTokenAge: LIFETIME,
    clockTolerance: CLOCK_TOLERANCE,
  };
  return {
    async verify(token, body) {
      try {
        const { payload } = await jwtVerify(token, key, { ...pinned, currentDate: clock() });
        if (payload['body'] !== hashOf(body)) throw new InvalidToken('Token is for another request');
        return viewerOf({ ...payload, exp: payload['viewerExp'] as number });
      } catch (error) {
        throw refusalOf(error);
      }
    },
  };
}

/** What stands for the body of an operation over a WebSocket, where the token is in `extensions.identity`. */
export function subscriptionBody(
  query: string,
  variables: Readonly<Record<string, unknown>> | null | undefined,
): string {
  return JSON.stringify({ query, variables: variables ?? {} });
}

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('base64url');
}

function keyOf(secret: string): Uint8Array {
  if (secret.length < 32) throw new TypeError('The identity secret must have 32 characters or more');
  return new TextEncoder().encode(secret);
}
