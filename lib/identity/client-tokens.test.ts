import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { type ClientTokens, createClientTokens } from './client-tokens.ts';
import { InvalidToken } from './invalid-token.ts';

const NOW = new Date('2030-01-01T00:00:00Z');
const seconds = NOW.getTime() / 1000;
const issuer = 'https://issuer.test';
const audience = 'game';
const PLAYER = 'a3c1bd11-7e0b-4f57-9a39-1f1f2d9a4e01';
const TENANT = 'b3c1bd11-7e0b-4f57-9a39-1f1f2d9a4e02';
const COMMUNITY = 'c3c1bd11-7e0b-4f57-9a39-1f1f2d9a4e03';

const ours = generateKeyPairSync('ed25519');
const theirs = generateKeyPairSync('ed25519');
const pem = (key: KeyObject) => key.export({ type: 'spki', format: 'pem' }).toString();

const good: JWTPayload = {
  iss: issuer,
  aud: audience,
  sub: PLAYER,
  tenant: TENANT,
  communities: [COMMUNITY],
  scope: 'service:combat  service:quest',
  iat: seconds,
  exp: seconds + 600,
};

function sign(claims: JWTPayload = good, key: KeyObject = ours.privateKey, header = { alg: 'EdDSA' }) {
  return new SignJWT(claims).setProtectedHeader(header).sign(key);
}

function without(claim: string): JWTPayload {
  return Object.fromEntries(Object.entries(good).filter(([name]) => name !== claim));
}

function verifier(clock = () => NOW, key = ours.publicKey): ClientTokens {
  return createClientTokens({ keys: { publicKey: pem(key) }, issuer, audience, clock });
}

async function refusal(token: string, tokens = verifier()): Promise<string> {
  const error = await tokens.verify(token).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidToken);
  return (error as InvalidToken).message;
}

describe('a good token', () => {
  it('says who asks', async () => {
    expect(await verifier().verify(await sign())).toEqual({
      playerId: PLAYER,
      tenantId: TENANT,
      communities: [COMMUNITY],
      scopes: ['service:combat', 'service:quest'],
      expiresAt: new Date('2030-01-01T00:10:00Z'),
    });
  });

  it('needs no communities and no scope', async () => {
    const { communities: _c, scope: _s, ...claims } = good;
    expect(await verifier().verify(await sign(claims))).toMatchObject({ communities: [], scopes: [] });
  });

  it('reads ids in lower case, as the database prints them', async () => {
    const viewer = await verifier().verify(await sign({ ...good, sub: PLAYER.toUpperCase() }));
    expect(viewer.playerId).toBe(PLAYER);
  });

  it('may be for several audiences', async () => {
    await expect(verifier().verify(await sign({ ...good, aud: ['shop', audience] }))).resolves.toBeDefined();
  });

  it.each([
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['RS256', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ])('may be signed with %s', async (alg, pair) => {
    const token = await sign(good, pair.privateKey, { alg });
    await expect(verifier(() => NOW, pair.publicKey).verify(token)).resolves.toBeDefined();
  });

  it('holds until a minute after its exp, and no longer, cached or not', async () => {
    let now = NOW;
    const tokens = verifier(() => now);
    const token = await sign();
    await tokens.verify(token);
    now = new Date((seconds + 659) * 1000);
    await expect(tokens.verify(token)).resolves.toBeDefined();
    now = new Date((seconds + 660) * 1000);
    expect(await refusal(token, tokens)).toBe('Token expired');
  });

  it('is verified once, then looked up', async () => {
    const tokens = verifier();
    const token = await sign();
    expect(await tokens.verify(token)).toBe(await tokens.verify(token));
  });
});

describe('a token is refused', () => {
  it('expired', async () => {
    expect(await refusal(await sign({ ...good, exp: seconds - 60 }))).toBe('Token expired');
  });

  it('not valid yet', async () => {
    expect(await refusal(await sign({ ...good, nbf: seconds + 61 }))).toBe('Token is not valid yet');
  });

  it.each(['exp', 'iat', 'sub', 'tenant', 'iss', 'aud'])('without %s', async (claim) => {
    expect(await refusal(await sign(without(claim)))).toBe(`Token claim "${claim}" is missing`);
  });

  it.each([
    ['iss', 'https://elsewhere.test'],
    ['iss', [issuer]],
    ['aud', 'shop'],
    ['aud', []],
    ['exp', String(seconds + 600)],
    ['iat', 'now'],
    ['sub', 'Ada'],
    ['sub', `${PLAYER}\n`],
    ['sub', 7],
    ['tenant', ''],
    ['tenant', null],
    ['communities', COMMUNITY],
    ['communities', ['Realm']],
    ['scope', ['service:combat']],
  ])('with %s = %j', async (claim, value) => {
    expect(await refusal(await sign({ ...good, [claim]: value }))).toBe(
      `Token claim "${claim}" is not valid`,
    );
  });

  it('signed by another key', async () => {
    expect(await refusal(await sign(good, theirs.privateKey))).toBe('Token signature is not valid');
  });

  it('altered', async () => {
    const [header, , signature] = (await sign()).split('.');
    const claims = Buffer.from(JSON.stringify({ ...good, scope: 'service:access' })).toString('base64url');
    expect(await refusal(`${header}.${claims}.${signature}`)).toBe('Token signature is not valid');
  });

  it('unsigned (alg none)', async () => {
    await refusal(new UnsecuredJWT(good).encode());
    const [header, claims] = (await sign()).split('.');
    await refusal(`${header}.${claims}.`);
  });

  it('signed with HS256 and the public key as the secret', async () => {
    const secret = new TextEncoder().encode(pem(ours.publicKey));
    const token = await new SignJWT(good).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    expect(await refusal(token)).toBe('Token algorithm is not allowed');
  });

  it('signed with an algorithm that the key is not for', async () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(await refusal(await sign(good, ec.privateKey, { alg: 'ES256' }))).toBe(
      'Token algorithm is not allowed',
    );
  });

  it.each(['', 'x', '..', 'a.b.c', '\u0000', '\ud800', '{}', 'Bearer a.b.c'])(
    'malformed: %j',
    async (token) => {
      await refusal(token);
    },
  );

  it('for the tenant of visitors, who have no token', async () => {
    const tenant = '00000000-0000-0000-0000-000000000000';
    expect(await refusal(await sign({ ...good, tenant }))).toBe('Token claim "tenant" is not valid');
  });

  it('too long', async () => {
    expect(await refusal('x'.repeat(8_193))).toBe('Token is too long');
  });
});

describe('keys', () => {
  it('refuses a public key of another kind at once', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    expect(() => verifier(() => NOW, publicKey)).toThrow('must be Ed25519, RSA or EC P-256');
  });
});

describe('keys from a JWKS', () => {
  const cleanups: (() => void)[] = [];
  afterEach(() => cleanups.splice(0).forEach((cleanup) => void cleanup()));

  async function jwks(status = 200) {
    const keys = [
      { ...(await exportJWK(ours.publicKey)), kid: 'ours', alg: 'EdDSA' },
      { kty: 'oct', kid: 'shared', k: Buffer.from('not a public key at all, is it?!').toString('base64url') },
    ];
    const calls = { count: 0 };
    const server = createServer((_, response) => {
      calls.count += 1;
      response.writeHead(status).end(JSON.stringify({ keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => server.close());
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
    return { calls, tokens: createClientTokens({ keys: { jwksUrl }, issuer, audience, clock: () => NOW }) };
  }
  const header = { alg: 'EdDSA', kid: 'ours' };

  it('are fetched once', async () => {
    const { calls, tokens } = await jwks();
    await tokens.verify(await sign(good, ours.privateKey, header));
    await tokens.verify(await sign({ ...good, jti: '2' }, ours.privateKey, header));
    expect(calls.count).toBe(1);
  });

  it('refuse an unknown key, without a fetch for each try', async () => {
    const { calls, tokens } = await jwks();
    for (const kid of ['a', 'b', 'c']) {
      const token = await sign(good, theirs.privateKey, { alg: 'EdDSA', kid } as typeof header);
      expect(await refusal(token, tokens)).toBe('Token is not signed by a known key');
    }
    expect(calls.count).toBe(1);
  });

  it('refuse a forgery under a known key id', async () => {
    const { tokens } = await jwks();
    const forged = await sign(good, theirs.privateKey, header);
    expect(await refusal(forged, tokens)).toBe('Token signature is not valid');
  });

  it('refuse HS256, even where the set holds a symmetric key', async () => {
    const { tokens } = await jwks();
    const secret = new TextEncoder().encode('not a public key at all, is it?!');
    const token = await new SignJWT(good).setProtectedHeader({ alg: 'HS256', kid: 'shared' }).sign(secret);
    expect(await refusal(token, tokens)).toBe('Token algorithm is not allowed');
  });

  it('that can not be had are an outage, not a denial', async () => {
    const { tokens } = await jwks(503);
    const error = await tokens.verify(await sign(good, ours.privateKey, header)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(InvalidToken);
  });
});
