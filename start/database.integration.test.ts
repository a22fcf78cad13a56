import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DatabaseEnvironment } from './configuration.ts';
import { openDatabases } from './database.ts';
import { type Directories, openDirectories } from './directories.ts';

let directories: Directories;

beforeEach(async () => {
  // Open to all, because root's PostgreSQL runs as another user.
  const home = await mkdtemp(join(tmpdir(), 'fellowship-start-'));
  directories = { ...(await openDirectories(home)), data: await mkdtemp(join(tmpdir(), 'fellowship-data-')) };
});

afterEach(async () => {
  await rm(directories.state, { recursive: true });
  await rm(directories.data, { recursive: true });
});

const log = { info: () => {}, error: () => {} };
const open = (environment: DatabaseEnvironment) =>
  openDatabases({ environment, production: false, directories, durable: false, log });

it('makes a database of its own for whom none is named, the same one every time', async () => {
  const first = await open({ GUILD_DATABASE_URL: 'postgres://elsewhere/guild' });
  await first.embedded?.stop();
  const second = await open({});
  await second.embedded?.stop();

  expect(first.of.guild).toEqual({
    url: 'postgres://elsewhere/guild',
    migrationUrl: 'postgres://elsewhere/guild',
  });
  expect(second.of.guild).toEqual(first.of.party);
  expect(new URL(first.of.party.url)).toMatchObject({
    username: 'fellowship_service',
    pathname: '/fellowship',
  });
  expect(new URL(first.of.party.migrationUrl).username).toBe('fellowship_owner');
  expect((await stat(join(directories.state, 'secrets.json'))).mode & 0o777).toBe(0o600);
}, 30_000);

it('takes what the environment names, a subgraph’s own before the common one', async () => {
  const { of, embedded } = await open({
    DATABASE_URL: 'postgres://common',
    MIGRATION_DATABASE_URL: 'postgres://common-owner',
    PARTY_DATABASE_URL: 'postgres://party',
    GROUP_MIGRATION_DATABASE_URL: 'postgres://group-owner',
  });
  expect(embedded).toBeUndefined();
  expect(of).toEqual({
    party: { url: 'postgres://party', migrationUrl: 'postgres://party' },
    guild: { url: 'postgres://common', migrationUrl: 'postgres://common-owner' },
    group: { url: 'postgres://common', migrationUrl: 'postgres://group-owner' },
  });
});

it('makes none in production', async () => {
  const environment = { PARTY_DATABASE_URL: 'postgres://party', GUILD_DATABASE_URL: 'postgres://guild' };
  const opening = openDatabases({ environment, production: true, directories, durable: false, log });
  await expect(opening).rejects.toThrow('In production DATABASE_URL must be set');
});
