import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  createClientTokens,
  DEMO_COMMUNITY_ID,
  DEV_AUDIENCE,
  DEV_ISSUER,
  loadOrCreateDevKeys,
  playerIdOf,
  tenantIdOf,
} from '@fellowship/identity';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { durationSeconds } from './duration.ts';

let state: string;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'token-'));
});

afterAll(async () => {
  await rm(state, { recursive: true });
});

function token(args: string[], environment: NodeJS.ProcessEnv = {}) {
  return promisify(execFile)(process.execPath, [join(import.meta.dirname, 'token.ts'), ...args], {
    env: { FELLOWSHIP_STATE: state, ...environment },
  });
}

it('prints a token that the gateway takes, and nothing else, to stdout', async () => {
  const args = ['--name', 'Dungeon 7', '--tenant', 'mine', '--expires', '2h'];
  const { stdout } = await token([...args, '--scope', 'service:combat', '--scope', 'service:quest']);
  const { publicKey } = await loadOrCreateDevKeys(state, undefined);
  const tokens = createClientTokens({ keys: { publicKey }, issuer: DEV_ISSUER, audience: DEV_AUDIENCE });
  const viewer = await tokens.verify(stdout.trim());
  expect(viewer).toMatchObject({
    playerId: playerIdOf('Dungeon 7'),
    tenantId: tenantIdOf('mine'),
    communities: [DEMO_COMMUNITY_ID],
    scopes: ['service:combat', 'service:quest'],
  });
  const minutes = (viewer.expiresAt.getTime() - Date.now()) / 60_000;
  expect(minutes).toBeGreaterThan(118);
  expect(minutes).toBeLessThanOrEqual(120);
});

it('refuses in production, and what it does not understand, with an empty stdout', async () => {
  const refused = (stderr: string) => ({ code: 1, stdout: '', stderr: expect.stringContaining(stderr) });
  await expect(token(['--name', 'Ada'], { NODE_ENV: 'production' })).rejects.toMatchObject(
    refused('NODE_ENV=production'),
  );
  await expect(token([])).rejects.toMatchObject(refused('Whose token?'));
  await expect(token(['--name', 'Ada', '--expires', 'soon'])).rejects.toMatchObject(refused('is not a time'));
  await expect(token(['--nmae', 'Ada'])).rejects.toMatchObject(refused('Usage: pnpm -s run token'));
});

it('reads durations', () => {
  expect(['90s', '30m', '12h', '7d'].map(durationSeconds)).toEqual([90, 1_800, 43_200, 604_800]);
  for (const wrong of ['', '0h', '-1h', '12', '1.5h', 'h'])
    expect(() => durationSeconds(wrong)).toThrow(wrong);
});
