import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueDevToken, playerIdOf } from '@fellowship/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadTrust, readGatewayConfig } from './config.ts';

describe('the configuration', () => {
  it('has defaults for a laptop', () => {
    expect(readGatewayConfig({})).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 4000,
      introspection: true,
      explorer: true,
      limits: { depth: 15 },
      executor: 'compiled',
    });
  });

  it('hides the schema and the explorer in production, unless told', () => {
    expect(readGatewayConfig({ NODE_ENV: 'production' })).toMatchObject({
      introspection: false,
      explorer: false,
    });
    expect(readGatewayConfig({ NODE_ENV: 'production', INTROSPECTION: 'true' }).introspection).toBe(true);
  });

  it('takes an empty variable as not set', () => {
    expect(readGatewayConfig({ PARTY_URL: '', GATEWAY_PORT: '' })).toMatchObject({
      port: 4000,
      urls: { party: undefined },
    });
  });

  it('names each variable with a fault', () => {
    const faults = {
      GATEWAY_PORT: 'http',
      PARTY_URL: 'party:8084',
      LIMIT_DEPTH: '0',
      UPSTREAM_TIMEOUT_MS: '-1',
      EXECUTOR: 'other',
      IDENTITY_SECRET: 'short',
    };
    for (const name of Object.keys(faults)) expect(() => readGatewayConfig(faults)).toThrow(name);
  });
});

describe('trust', () => {
  let state: string;
  beforeAll(async () => {
    state = await mkdtemp(join(tmpdir(), 'fellowship-gateway-'));
  });
  afterAll(() => rm(state, { recursive: true }));
  const secret = 'a secret of more than thirty-two characters';

  it('falls back to the development keys', async () => {
    const { clientTokens, identitySecret, devKeys } = await loadTrust(readGatewayConfig({}), state);
    if (!devKeys) throw new Error('There are no development keys');
    const token = await issueDevToken(devKeys, { name: 'Ada' }, new Date());
    expect((await clientTokens.verify(token)).playerId).toBe(playerIdOf('Ada'));
    expect(identitySecret).toBe(devKeys.identitySecret);
  });

  it('uses configured keys and secret, and then no development keys', async () => {
    const dev = await loadTrust(readGatewayConfig({}), state);
    const publicKey = dev.devKeys?.publicKey;
    const env = {
      JWT_PUBLIC_KEY: publicKey,
      JWT_ISSUER: 'us',
      JWT_AUDIENCE: 'them',
      IDENTITY_SECRET: secret,
    };
    const trust = await loadTrust(readGatewayConfig(env), state);
    expect(trust.identitySecret).toBe(secret);
    expect(trust.devKeys).toBeUndefined();
  });

  it.each([
    [{}, 'In production JWKS_URL or JWT_PUBLIC_KEY and IDENTITY_SECRET must be set'],
    [{ JWKS_URL: 'https://id.example/jwks' }, 'In production IDENTITY_SECRET must be set'],
    [{ IDENTITY_SECRET: secret }, 'In production JWKS_URL or JWT_PUBLIC_KEY must be set'],
    [
      { IDENTITY_SECRET: secret, JWKS_URL: 'https://id.example/jwks' },
      'With JWKS_URL or JWT_PUBLIC_KEY, set JWT_ISSUER and JWT_AUDIENCE',
    ],
    [
      { JWKS_URL: 'https://id.example/jwks', JWT_PUBLIC_KEY: 'x' },
      'Set JWKS_URL or JWT_PUBLIC_KEY, not both',
    ],
  ])('is refused in production with %j', async (env, message) => {
    const config = readGatewayConfig({ NODE_ENV: 'production', ...env });
    await expect(loadTrust(config, state)).rejects.toThrow(message);
  });
});
