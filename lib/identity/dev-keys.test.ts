import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClientTokens } from './client-tokens.ts';
import { type DevKeys, loadOrCreateDevKeys } from './dev-keys.ts';
import {
  DEMO_COMMUNITY_ID,
  DEMO_TENANT_ID,
  DEV_AUDIENCE,
  DEV_ISSUER,
  issueDevToken,
  playerIdOf,
  tenantIdOf,
} from './dev-token.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fellowship-keys-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('development keys', () => {
  it('are made once and then read', async () => {
    const keys = await loadOrCreateDevKeys(directory, undefined);
    expect(await loadOrCreateDevKeys(directory, 'development')).toEqual(keys);
    expect(keys.identitySecret.length).toBeGreaterThanOrEqual(32);
  });

  it('are nobody else’s to read', async () => {
    await loadOrCreateDevKeys(directory, undefined);
    const home = join(directory, 'dev-keys');
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    for (const file of await readdir(home)) expect((await stat(join(home, file))).mode & 0o777).toBe(0o600);
  });

  it('are the same for all who start at once, and leave no drafts', async () => {
    const many = await Promise.all(
      Array.from({ length: 16 }, () => loadOrCreateDevKeys(join(directory, 'state'), undefined)),
    );
    expect(new Set(many.map((keys) => JSON.stringify(keys))).size).toBe(1);
    expect(await readdir(join(directory, 'state'))).toEqual(['dev-keys']);
  });

  it('are refused in production, made before or not', async () => {
    await expect(loadOrCreateDevKeys(directory, 'production')).rejects.toThrow('NODE_ENV=production');
    expect(await readdir(directory)).toEqual([]);
    await loadOrCreateDevKeys(directory, 'test');
    await expect(loadOrCreateDevKeys(directory, 'production')).rejects.toThrow('NODE_ENV=production');
  });

  it('say so when one of the files is gone, rather than become others', async () => {
    await loadOrCreateDevKeys(directory, undefined);
    await rm(join(directory, 'dev-keys', 'identity-secret'));
    await expect(loadOrCreateDevKeys(directory, undefined)).rejects.toThrow('identity-secret');
  });

  it.each(['private-key.pem', 'public-key.pem', 'identity-secret'])(
    'say that %s is damaged',
    async (name) => {
      await loadOrCreateDevKeys(directory, undefined);
      const file = join(directory, 'dev-keys', name);
      await writeFile(file, 'garbage');
      await expect(loadOrCreateDevKeys(directory, undefined)).rejects.toThrow(`${file} is damaged: remove`);
    },
  );

  it('say so when the directory is none', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    await expect(loadOrCreateDevKeys(file, undefined)).rejects.toThrow('ENOTDIR');
  });
});

describe('a development token', () => {
  const now = new Date();
  let keys: DevKeys;
  beforeEach(async () => {
    keys = await loadOrCreateDevKeys(directory, undefined);
  });
  const verify = (token: string) =>
    createClientTokens({
      keys: { publicKey: keys.publicKey },
      issuer: DEV_ISSUER,
      audience: DEV_AUDIENCE,
    }).verify(token);

  it('is a client token of the demo', async () => {
    expect(await verify(await issueDevToken(keys, { name: 'Ada' }, now))).toEqual({
      playerId: playerIdOf('Ada'),
      tenantId: DEMO_TENANT_ID,
      communities: [DEMO_COMMUNITY_ID],
      scopes: [],
      expiresAt: new Date((Math.floor(now.getTime() / 1000) + 86_400) * 1000),
    });
  });

  it('takes names and UUIDs', async () => {
    const own = 'A3C1BD11-7E0B-4F57-9A39-1F1F2D9A4E01';
    const claims = { name: own, tenant: 'other', communities: ['demo', own], scopes: ['service:combat'] };
    expect(await verify(await issueDevToken(keys, { ...claims, expiresIn: 60 }, now))).toMatchObject({
      playerId: own.toLowerCase(),
      tenantId: tenantIdOf('other'),
      communities: [DEMO_COMMUNITY_ID, own.toLowerCase()],
      scopes: ['service:combat'],
    });
  });

  it('of other keys is refused', async () => {
    const others = await loadOrCreateDevKeys(join(directory, 'other'), undefined);
    await expect(verify(await issueDevToken(others, { name: 'Ada' }, now))).rejects.toThrow('signature');
  });
});

describe('names', () => {
  it('stand for the same ids for ever', () => {
    expect(tenantIdOf('demo')).toBe(DEMO_TENANT_ID);
    expect(playerIdOf('Ada')).toMatchInlineSnapshot(`"cdaa5276-1922-5a9d-9da2-cd28aa00c04c"`);
  });

  it('of a player and of a tenant are different ids', () => {
    expect(playerIdOf('Ada')).not.toBe(tenantIdOf('Ada'));
    expect(playerIdOf('Ada')).not.toBe(playerIdOf('ada'));
  });
});
