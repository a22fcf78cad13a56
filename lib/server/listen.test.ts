import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { mountSockets } from './graphql-sockets.ts';
import { listen } from './listen.ts';
import { recordingLog } from './test-subgraph.ts';

const host = '127.0.0.1';
const variable = 'GATEWAY_PORT';

const apps: FastifyInstance[] = [];
const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
  for (const server of servers.splice(0)) server.close();
});

function create(): FastifyInstance {
  const app = Fastify();
  app.get('/', async () => ({ ok: true }));
  mountSockets(app, recordingLog().log, {});
  apps.push(app);
  return app;
}

/** Takes `count` ports in a row and says the first. */
async function take(count: number): Promise<number> {
  for (;;) {
    const first = await bind(0);
    try {
      for (let n = 1; n < count; n++) await bind(first + n);
      return first;
    } catch {
      // One of them belongs to somebody else: elsewhere, then.
    }
  }
}

async function bind(port: number): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

describe('listen', () => {
  it('says where', async () => {
    const { url, port } = await listen(create(), { host, port: 0, fallback: false, variable });
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect(await (await fetch(url)).json()).toEqual({ ok: true });
  });

  it.each(['0.0.0.0', '::'])('gives a URL to open for %s', async (everywhere) => {
    const { url, port } = await listen(create(), { host: everywhere, port: 0, fallback: false, variable });
    expect(url).toBe(`http://localhost:${port}`);
  });

  it('moves on to the next free port, sockets and all', async () => {
    const first = await take(3);
    const { url, port } = await listen(create(), { host, port: first, fallback: true, variable });
    expect(port).toBeGreaterThanOrEqual(first + 3);
    expect(await (await fetch(url)).json()).toEqual({ ok: true });
  });

  it('says which port is taken and what to set', async () => {
    const port = await take(1);
    await expect(listen(create(), { host, port, fallback: false, variable })).rejects.toThrow(
      `Port ${port} is taken on 127.0.0.1: set GATEWAY_PORT to a free one`,
    );
  });

  it('takes any free one where the next 19 are taken too', async () => {
    const first = await take(20);
    const { url, port } = await listen(create(), { host, port: first, fallback: true, variable });
    expect(port < first || port >= first + 20).toBe(true);
    expect(await (await fetch(url)).json()).toEqual({ ok: true });
  });

  it('does not look further for another error', async () => {
    const options = { host: '203.0.113.1', port: 0, fallback: true, variable };
    await expect(listen(create(), options)).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});
