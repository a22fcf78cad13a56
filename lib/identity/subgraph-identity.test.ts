import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { InvalidToken } from './invalid-token.ts';
import { createIdentityVerifier, signIdentity, subscriptionBody } from './subgraph-identity.ts';
import type { Viewer } from './viewer.ts';

const NOW = new Date('2030-01-01T00:00:00Z');
const secret = 'a secret that gateway and subgraph share';
const body = '{"query":"{ me { id } }"}';
const viewer: Viewer = {
  playerId: 'a3c1bd11-7e0b-4f57-9a39-1f1f2d9a4e01',
  tenantId: 'b3c1bd11-7e0b-4f57-9a39-1f1f2d9a4e02',
  communities: ['c3c1bd11-7e0b-4f57-9a39-1f1f2d9a4e03'],
  scopes: ['service:combat', 'service:quest'],
  expiresAt: new Date('2030-01-01T08:00:00.500Z'),
};
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
const verifierAt = (now: Date, audience = 'party') =>
  createIdentityVerifier({ secret, audience, clock: () => now });

async function refusal(token: string, sent = body, verifier = verifierAt(NOW)): Promise<string> {
  const error = await verifier.verify(token, sent).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidToken);
  return (error as InvalidToken).message;
}

const signed = () => signIdentity(secret, viewer, 'party', body, NOW);

/** Our own token, signed again with some claims changed (undefined: taken away). */
async function resigned(changes: Record<string, unknown>, key = secret): Promise<string> {
  const claims = { ...decodeJwt(await signed()), ...changes } as JWTPayload;
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(key));
}

describe('an identity', () => {
  it('carries the viewer whole', async () => {
    expect(await verifierAt(NOW).verify(await signed(), body)).toEqual(viewer);
  });

  it('carries a viewer with nothing but ids', async () => {
    const bare = { ...viewer, communities: [], scopes: [] };
    const token = await signIdentity(secret, bare, 'party', body, NOW);
    expect(await verifierAt(NOW).verify(token, body)).toEqual(bare);
  });

  it('holds for a minute, give or take a minute of clock', async () => {
    const token = await signed();
    await expect(verifierAt(later(-60)).verify(token, body)).resolves.toBeDefined();
    await expect(verifierAt(later(119)).verify(token, body)).resolves.toBeDefined();
    expect(await refusal(token, body, verifierAt(later(120)))).toBe('Token expired');
    expect(await refusal(token, body, verifierAt(later(-61)))).toBe('Token claim "iat" is not valid');
  });

  it('is signed with the secret of now or, where that is told, the one before; with no other', async () => {
    const [old, next] = [secret, 'the secret that comes after the first one'];
    const verifier = (of: { secret: string; previousSecret?: string }) =>
      createIdentityVerifier({ ...of, audience: 'party', clock: () => NOW });
    const both = verifier({ secret: next, previousSecret: old });
    expect(await both.verify(await signIdentity(old, viewer, 'party', body, NOW), body)).toEqual(viewer);
    expect(await both.verify(await signIdentity(next, viewer, 'party', body, NOW), body)).toEqual(viewer);
    const refused = 'Token signature is not valid';
    expect(await refusal(await signed(), body, verifier({ secret: next }))).toBe(refused);
    expect(await refusal(await resigned({}, 'a third one that nobody has ever told'), body, both)).toBe(
      refused,
    );
    expect(await refusal(await resigned({ aud: 'guild' }, old), body, both)).toBe(
      'Token claim "aud" is not valid',
    );
    expect(() => verifier({ secret: next, previousSecret: 'short' })).toThrow('32 characters');
  });

  it('holds for bodies of any text, lone surrogates and U+0000 too', async () => {
    const odd = '\u0000 \ud800 \udc00 é 🎲';
    const token = await signIdentity(secret, viewer, 'party', odd, NOW);
    await expect(verifierAt(NOW).verify(token, odd)).resolves.toBeDefined();
  });
});

describe('an identity is refused', () => {
  it.each([`${body} `, '', body.replace('me', 'he')])('for another body: %j', async (other) => {
    expect(await refusal(await signed(), other)).toBe('Token is for another request');
  });

  it('by another subgraph', async () => {
    expect(await refusal(await signed(), body, verifierAt(NOW, 'guild'))).toBe(
      'Token claim "aud" is not valid',
    );
  });

  it('signed with another secret', async () => {
    expect(await refusal(await resigned({}, `${secret}!`))).toBe('Token signature is not valid');
  });

  it('altered', async () => {
    const [header, , signature] = (await signed()).split('.');
    const claims = { ...decodeJwt(await signed()), tenant: viewer.playerId };
    const forged = Buffer.from(JSON.stringify(claims)).toString('base64url');
    expect(await refusal(`${header}.${forged}.${signature}`)).toBe('Token signature is not valid');
  });

  it('unsigned, or signed with an algorithm of another kind', async () => {
    await refusal(new UnsecuredJWT(decodeJwt(await signed())).encode());
    const { privateKey } = generateKeyPairSync('ed25519');
    const token = await new SignJWT(decodeJwt(await signed()))
      .setProtectedHeader({ alg: 'EdDSA' })
      .sign(privateKey);
    expect(await refusal(token)).toBe('Token algorithm is not allowed');
  });

  it.each(['exp', 'iat', 'sub', 'tenant', 'viewerExp', 'body', 'aud', 'iss'])('without %s', async (claim) => {
    expect(await refusal(await resigned({ [claim]: undefined }))).toBe(`Token claim "${claim}" is missing`);
  });

  it('when it claims a longer life', async () => {
    const token = await resigned({ exp: NOW.getTime() / 1000 + 3600 });
    expect(await refusal(token, body, verifierAt(later(121)))).toBe('Token expired');
  });

  it('when it is a client token', async () => {
    expect(await refusal(await resigned({ iss: 'fellowship-dev' }))).toBe('Token claim "iss" is not valid');
  });

  it.each(['', 'x', 'a.b.c', '\u0000'])('malformed: %j', async (token) => {
    await refusal(token);
  });
});

describe('the secret', () => {
  it('has 32 characters or more', async () => {
    const short = 'x'.repeat(31);
    expect(() => createIdentityVerifier({ secret: short, audience: 'party' })).toThrow('32 characters');
    await expect(signIdentity(short, viewer, 'party', body, NOW)).rejects.toThrow('32 characters');
  });
});

describe('subscriptionBody', () => {
  it('is the same for no variables, null and none', () => {
    expect(subscriptionBody('{ a }', undefined)).toBe('{"query":"{ a }","variables":{}}');
    expect(subscriptionBody('{ a }', null)).toBe(subscriptionBody('{ a }', {}));
  });

  it('survives the way over the wire', () => {
    const variables = { b: [1e21, -0, null], 2: 'x', 1: '\ud800\u0000', when: NOW, gone: undefined };
    const received = JSON.parse(JSON.stringify(variables)) as Record<string, unknown>;
    expect(subscriptionBody('{ a }', received)).toBe(subscriptionBody('{ a }', variables));
  });
});
