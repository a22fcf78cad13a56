import { createPublicKey, type KeyObject } from 'node:crypto';
import { type JWTVerifyOptions, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import { InvalidToken, refusalOf } from './invalid-token.ts';
import { remoteKeys } from './remote-keys.ts';
import { isVisitor, type Viewer } from './viewer.ts';
import { viewerOf } from './viewer-claims.ts';

/** Where the issuer's public keys come from: a JWKS it serves, or one PEM (SPKI). */
export type ClientKeys = { readonly jwksUrl: string } | { readonly publicKey: string };

export interface ClientTokensOptions {
  readonly keys: ClientKeys;
  /** The `iss` to demand. */
  readonly issuer: string;
  /** The `aud` to demand (one of them, where the token has several). */
  readonly audience: string;
  readonly clock?: () => Date;
}

export interface ClientTokens {
  /**
   * Who the token speaks for. Throws `InvalidToken` for whatever is wrong with the token, and any other error
   * when the issuer's keys can't be had.
   */
  verify(token: string): Promise<Viewer>;
}

/** Seconds that clocks may differ. */
const CLOCK_TOLERANCE = 60;
/** Longer than any token of an issuer we know, shorter than what is worth hashing for a stranger. */
const MAX_TOKEN_LENGTH = 8_192;
/** Verified tokens remembered. At 1 to 2 KB each: some 20 MB at most. */
const CACHE_SIZE = 10_000;

/**
 * Verifies the tokens that clients send. Algorithm, issuer, audience and required claims are all pinned: jose
 * takes any issuer or audience, and a token without `exp`, unless told otherwise.
 *
 * Verified tokens are cached, since a signature costs some 100 us and a lookup nothing. Refused ones are not:
 * anyone can make new ones, and they would push out the good. When the issuer's keys change all are verified anew,
 * so that a key it withdraws stops working as soon as that is known (see `remoteKeys`).
 */
export function createClientTokens(options: ClientTokensOptions): ClientTokens {
  const { issuer, audience, clock = () => new Date() } = options;
  const cache = new LRUCache<string, Viewer>({ max: CACHE_SIZE });
  const { verifySignature, keysHold } = verifierFor(options.keys, clock, () => cache.clear());

  async function verifyAnew(token: string): Promise<Viewer> {
    if (token.length > MAX_TOKEN_LENGTH) throw new InvalidToken('Token is too long');
    const now = clock();
    try {
      const { payload } = await verifySignature(token, {
        issuer,
        audience,
        requiredClaims: ['exp', 'iat', 'sub', 'tenant'],
        clockTolerance: CLOCK_TOLERANCE,
        currentDate: now,
      });
      const viewer = viewerOf(payload);
      if (isVisitor(viewer)) throw new InvalidToken('Token claim "tenant" is not valid');
      cache.set(token, viewer);
      return viewer;
    } catch (error) {
      throw refusalOf(error);
    }
  }

  return {
    async verify(token) {
      const known = keysHold() ? cache.get(token) : undefined;
      return known && !isOver(known, clock()) ? known : verifyAnew(token);
    },
  };
}

const isOver = ({ expiresAt }: Viewer, now: Date): boolean =>
  expiresAt.getTime() + CLOCK_TOLERANCE * 1000 <= now.getTime();

function verifierFor(keys: ClientKeys, clock: () => Date, onChange: () => void) {
  if ('jwksUrl' in keys) {
    const { key, hold } = remoteKeys({ url: keys.jwksUrl, clock, onChange });
    const algorithms = ['EdDSA', 'ES256', 'RS256'];
    const verifySignature = (token: string, options: JWTVerifyOptions) =>
      jwtVerify(token, key, { ...options, algorithms });
    return { verifySignature, keysHold: hold };
  }
  const key = createPublicKey(keys.publicKey);
  const algorithms = [algorithmOf(key)];
  const verifySignature = (token: string, options: JWTVerifyOptions) =>
    jwtVerify(token, key, { ...options, algorithms });
  return { verifySignature, keysHold: () => true };
}

function algorithmOf(key: KeyObject): string {
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (key.asymmetricKeyType === 'rsa') return 'RS256';
  if (key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return 'ES256';
  throw new TypeError('The public key must be Ed25519, RSA or EC P-256');
}
