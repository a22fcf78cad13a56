import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { InvalidToken } from './invalid-token.ts';

/** The one header that is written and taken: nothing in it can choose another algorithm. */
const HEADER = Buffer.from('{"alg":"HS256"}').toString('base64url');

/** A JWT (RFC 7519), signed with HMAC SHA-256. By itself because jose's way is asynchronous and ten times as long. */
export function signHs256(claims: JWTPayload, key: KeyObject): string {
  const signed = `${HEADER}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
  return `${signed}.${signatureOf(signed, key)}`;
}

/** The claims of a token that one of the keys signed, unchecked. Throws `InvalidToken`. */
export function openHs256(token: string, keys: readonly KeyObject[]): JWTPayload {
  const [header, payload, signature, ...more] = token.split('.');
  if (payload === undefined || signature === undefined || more.length > 0) {
    throw new InvalidToken('Token is malformed');
  }
  if (header !== HEADER) throw new InvalidToken('Token algorithm is not allowed');
  const signed = `${header}.${payload}`;
  if (!keys.some((key) => isSame(signatureOf(signed, key), signature))) {
    throw new InvalidToken('Token signature is not valid');
  }
  // Who has the key writes JSON objects.
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as JWTPayload;
}

function signatureOf(text: string, key: KeyObject): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** In a time that says nothing of where they differ. */
function isSame(expected: string, given: string): boolean {
  const [a, b] = [Buffer.from(expected), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
