import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, SignJWT } from 'jose';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ClientTokens, createClientTokens } from './client-tokens.ts';

const MINUTE = 60_000;
const claims = {
  iss: 'issuer',
  aud: 'game',
  sub: 'a3c1bd11-7e0b-4f57-9a39-1f1f2d9a4e01',
  tenant: 'b3c1bd11-7e0b-4f57-9a39-1f1f2d9a4e02',
  iat: Date.parse('2030-01-01T00:00:00Z') / 1000,
  exp: Date.parse('2030-02-01T00:00:00Z') / 1000,
};
const pairs = { first: generateKeyPairSync('ed25519'), second: generateKeyPairSync('ed25519') };
type Kid = keyof typeof pairs;

let now: Date;
/** What the issuer serves; none: it fails. */
let served: readonly Kid[];
let requests: number;
let server: Server;
let tokens: ClientTokens;
beforeEach(async () => {
  now = new Date('2030-01-01T00:00:00Z');
  served = ['first'];
  requests = 0;
  server = createServer(async (_, response) => {
    requests += 1;
    const jwk = async (kid: Kid) => ({ ...(await exportJWK(pairs[kid].publicKey)), kid, alg: 'EdDSA' });
    const keys = await Promise.all(served.map(jwk));
    response.writeHead(keys.length > 0 ? 200 : 503).end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  tokens = createClientTokens({ keys: { jwksUrl }, issuer: 'issuer', audience: 'game', clock: () => now });
});
afterEach(() => void server.close());

const pass = (milliseconds: number) => {
  now = new Date(now.getTime() + milliseconds);
};
let made = 0;
/** A token that was never seen before. */
const token = (kid: string, key = pairs[kid as Kid] ?? pairs.second) =>
  new SignJWT({ ...claims, jti: `${++made}` }).setProtectedHeader({ alg: 'EdDSA', kid }).sign(key.privateKey);
const outcome = async (given: string | Promise<string>) =>
  tokens.verify(await given).then(
    () => 'holds',
    (error: Error) => error.message,
  );
const unknown = 'Token is not signed by a known key';

it('a new key is fetched when it is first named', async () => {
  expect(await outcome(token('first'))).toBe('holds');
  served = ['first', 'second'];
  pass(MINUTE);
  expect(await outcome(token('second'))).toBe('holds');
  expect(await outcome(token('first'))).toBe('holds');
  expect(requests).toBe(2);
});

it('unknown keys, one after the other or at once, do not have the issuer asked more than twice a minute', async () => {
  expect(await outcome(token('first'))).toBe('holds');
  pass(MINUTE);
  for (let time = 0; time < 20; time++) expect(await outcome(token(`no ${time}`))).toBe(unknown);
  await Promise.all(Array.from({ length: 20 }, (_, time) => outcome(token(`none ${time}`))));
  expect(requests).toBe(2);
  pass(MINUTE / 2);
  expect(await outcome(token('no'))).toBe(unknown);
  expect(requests).toBe(3);
});

it('nor while the issuer is away, and known keys hold meanwhile, for a day', async () => {
  const known = await token('first');
  expect(await outcome(known)).toBe('holds');
  served = [];
  pass(6 * MINUTE);
  for (let time = 0; time < 10; time++) {
    expect(await outcome(token('first'))).toBe('holds');
    expect(await outcome(token('no'))).toBe(unknown);
  }
  expect(requests).toBe(2);
  pass(24 * 60 * MINUTE);
  expect(await outcome(known)).not.toBe('holds');
  served = ['first'];
  pass(MINUTE);
  expect(await outcome(known)).toBe('holds');
});

it('an issuer that is away at the start is asked once a second', async () => {
  served = [];
  for (let time = 0; time < 10; time++) expect(await outcome(token('first'))).not.toBe('holds');
  expect(requests).toBe(1);
  served = ['first'];
  pass(1_000);
  expect(await outcome(token('first'))).toBe('holds');
});

it('a token whose key is withdrawn holds for as long as the issuer is not asked, and not a token longer', async () => {
  const old = await token('first');
  expect(await outcome(old)).toBe('holds');
  served = ['second'];
  pass(4 * MINUTE);
  expect(await outcome(old)).toBe('holds');
  pass(MINUTE);
  await expect.poll(() => outcome(old)).toBe(unknown);
  expect(requests).toBe(2);
});
