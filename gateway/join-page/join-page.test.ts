import { memoryRates } from '@fellowship/rate-limit';
import Fastify, { type FastifyInstance } from 'fastify';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { joinPage } from './join-page.ts';

const invitation = {
  code: 'ABCD2345',
  groupName: 'Inner Circle',
  organizationName: 'Northern League',
  appUrl: 'fellowship://groups/join/ABCD2345',
  telegramUrl: 'https://t.me/FellowshipBot?start=ABCD2345',
};

let app: FastifyInstance;
let answer: () => ExecutionResult;
let asked: unknown[];
beforeEach(async () => {
  answer = () => ({ data: { groupInvite: invitation } });
  asked = [];
  app = Fastify();
  await app.register(
    joinPage(
      async (_query, variables) => {
        asked.push(variables['code']);
        return answer();
      },
      memoryRates(),
      { guesses: 60, seconds: 600 },
    ),
  );
});
afterEach(() => app.close());

const get = (code: string, remoteAddress = '192.0.2.1') =>
  app.inject({ url: `/groups/join/${code}`, remoteAddress });

describe('the page of an invitation', () => {
  test('names group and organization, and links to the app and to Telegram', async () => {
    const { statusCode, headers, body } = await get('ABCD2345');
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(body).toContain('<title>Join Inner Circle</title>');
    expect(body).toContain('Northern League');
    expect(body).toContain('href="fellowship://groups/join/ABCD2345"');
    expect(body).toContain('href="https://t.me/FellowshipBot?start=ABCD2345"');
    expect(body).toContain('ABCD 2345');
    expect(body).not.toContain('<script');
  });

  test('has no link to Telegram where no bot is configured', async () => {
    answer = () => ({ data: { groupInvite: { ...invitation, telegramUrl: null } } });
    expect((await get('ABCD2345')).body).not.toContain('Telegram');
  });

  test('shows names as text, whatever is in them', async () => {
    const nasty = `<script>alert("1")</script>' & </title>`;
    answer = () => ({ data: { groupInvite: { ...invitation, groupName: nasty, organizationName: nasty } } });
    const { body } = await get('ABCD2345');
    expect(body).not.toContain('<script');
    expect(body).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; &amp; &lt;/title&gt;');
  });

  test('is kept by nobody, runs nothing, loads nothing and is framed by nobody', async () => {
    const { headers, body } = await get('ABCD2345');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(body).not.toMatch(/ style=| src=|<link/);
  });

  test('answers HEAD like GET, without the page', async () => {
    const { statusCode, headers, body } = await app.inject({
      method: 'HEAD',
      url: '/groups/join/ABCD2345',
    });
    const full = await get('ABCD2345');
    expect([statusCode, body]).toEqual([200, '']);
    expect(headers['content-length']).toBe(full.headers['content-length']);
    expect(headers['content-security-policy']).toBe(full.headers['content-security-policy']);
  });
});

describe('no invitation', () => {
  test('whatever is wrong with the code, it is the same page', async () => {
    answer = () => ({ data: { groupInvite: null } });
    const pages = [];
    for (const code of ['ZZZZ2345', 'x', '', 'a/b', '%00', '%F0%9F%98%80', 'X'.repeat(3_000)])
      pages.push(await get(code));
    for (const { statusCode, body, headers } of pages) {
      expect(statusCode).toBe(404);
      expect(body).toBe(pages[0]?.body);
      expect(headers['cache-control']).toBe('no-store');
    }
    expect(asked).toEqual(['ZZZZ2345', 'x']);
  });

  test('who asks for 60 wrong codes is told to wait; who comes from elsewhere is not', async () => {
    answer = () => ({ data: { groupInvite: null } });
    for (const _ of Array.from({ length: 60 })) expect((await get('ZZZZ2345')).statusCode).toBe(404);
    answer = () => ({ data: { groupInvite: invitation } });
    const { statusCode, headers, body } = await get('ABCD2345');
    expect(statusCode).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(500);
    expect(body).toContain('Too many tries');
    expect((await get('ABCD2345', '192.0.2.2')).statusCode).toBe(200);
  });

  test('right codes are never too many', async () => {
    for (const _ of Array.from({ length: 100 })) expect((await get('ABCD2345')).statusCode).toBe(200);
  });

  test('while the graph can’t say, the page says so and nothing else', async () => {
    answer = () => ({ errors: [new GraphQLError('The group service is not available: try again')] });
    const { statusCode, headers, body } = await get('ABCD2345');
    expect([statusCode, headers['retry-after']]).toEqual([503, '60']);
    expect(body).toContain('Not available right now');
    expect(body).not.toContain('service');
  });
});
