import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explorer } from './explorer.ts';

const tabs = [{ title: 'Closes </script> early', query: 'query Me { me { id } }' }];
const players = {
  names: ['Ada', 'Bea'],
  issueToken: async (name: string) => ({ token: `token of ${name}`, playerId: `id of ${name}` }),
};

async function appWith(options: Parameters<typeof explorer>[0]): Promise<FastifyInstance> {
  const app = Fastify();
  await app.register(explorer(options));
  return app;
}

/** What the page loads first: scripts, styles, preloads. */
const linksIn = (html: string) =>
  [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');

describe('the explorer', () => {
  let app: FastifyInstance;
  beforeAll(async () => {
    app = await appWith({ tabs, standIns: {}, players });
  });
  afterAll(() => app.close());

  test('serves a page that may load from its own origin only, and be framed by nobody', async () => {
    const response = await app.inject('/');
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.headers['x-content-type-options']).toBe('nosniff');
    expect(response.headers['referrer-policy']).toBe('no-referrer');
    const policy = String(response.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|\*/);
    expect(response.body).toContain('<title>Fellowship</title>');
    for (const name of players.names) expect(response.body).toContain(`value="${name}"`);
  });

  test('gives the page its tabs as data that cannot end the script element', async () => {
    const { body } = await app.inject('/');
    const json = /<script type="application\/json" id="config">(.*?)<\/script>/s.exec(body)?.[1] ?? '';
    expect(JSON.parse(json).tabs).toEqual(tabs);
  });

  test('serves every file that the page names, never to be asked for again', async () => {
    const { body } = await app.inject('/');
    const links = linksIn(body);
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      const response = await app.inject(link);
      expect(response.statusCode, link).toBe(200);
      expect(response.headers['content-type']).toMatch(
        link.endsWith('.css') ? /^text\/css/ : /^text\/javascript/,
      );
      expect(response.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(response.headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('compresses GraphiQL for browsers that take it so', async () => {
    const script = linksIn((await app.inject('/')).body).find((link) => link.endsWith('/ruru.js')) ?? '';
    const compressed = await app.inject({ url: script, headers: { 'accept-encoding': 'gzip, br' } });
    expect(compressed.headers['content-encoding']).toBe('br');
    expect(compressed.headers.vary).toBe('accept-encoding');
    const plain = await app.inject(script);
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(plain.rawPayload.length).toBeGreaterThan(compressed.rawPayload.length);
  });

  test.each([
    '/explorer/',
    '/explorer/page/main.js',
    '/explorer/../../package.json',
    '/explorer/%2e%2e/explorer.ts',
  ])('%s is not there', async (url) => {
    expect((await app.inject(url)).statusCode).toBe(404);
  });

  test('issues a token to a player it offers, for no cache to keep', async () => {
    const response = await app.inject('/explorer/token?name=Bea');
    expect(response.json()).toEqual({ token: 'token of Bea', playerId: 'id of Bea' });
    expect(response.headers['cache-control']).toBe('no-store');
  });

  test.each(['', '?name=', '?name=Zed', '?name=Ada&name=Bea'])('refuses a token for "%s"', async (query) => {
    expect((await app.inject(`/explorer/token${query}`)).statusCode).toBe(400);
  });
});

test('without players there are neither tokens nor a control that asks for them', async () => {
  const app = await appWith({ tabs, standIns: {} });
  expect((await app.inject('/explorer/token?name=Ada')).statusCode).toBe(404);
  expect((await app.inject('/')).body).not.toContain('copy-token');
  await app.close();
});
