import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedPostgres, provisionDatabase, startEmbeddedPostgres } from './index.ts';

let server: EmbeddedPostgres;
let dataDirectory: string;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), 'embedded-postgres-'));
  const log = { info: () => {}, error: () => {} };
  server = await startEmbeddedPostgres({ dataDirectory, durable: false, log });
}, 30_000);

afterAll(async () => {
  await server.stop();
  await rm(dataDirectory, { recursive: true });
});

it('makes a database with its owner and a role that may do nothing by itself, and again with new passwords', async () => {
  for (const generation of ['first', 'sec’ond"\'']) {
    const owner = { name: 'shop_owner', password: `owner ${generation}` };
    const service = { name: 'shop_service', password: `service ${generation}` };
    await provisionDatabase(server, { database: 'shop', owner, roles: [service] });

    const asOwner = postgres(server.url('shop', owner), { onnotice: () => {} });
    const asService = postgres(server.url('shop', service));
    try {
      await asOwner`create schema if not exists stock`;
      expect(
        await asService`select rolname, rolsuper, rolbypassrls, rolcreaterole from pg_roles
          where rolname like 'shop%' order by rolname`,
      ).toEqual([
        { rolname: 'shop_owner', rolsuper: false, rolbypassrls: false, rolcreaterole: false },
        { rolname: 'shop_service', rolsuper: false, rolbypassrls: false, rolcreaterole: false },
      ]);
      await expect(asService`create schema own`).rejects.toMatchObject({ code: '42501' });
    } finally {
      await Promise.all([asOwner.end(), asService.end()]);
    }
  }
});
